// Arrays and, read-only, sets.
#ifndef __COREFOUNDATION_CFARRAY__
#define __COREFOUNDATION_CFARRAY__

#include <CoreFoundation/CFBase.h>

CF_EXTERN_C_BEGIN

// Only the two callback sets of the system exist: objects that are retained, or (NULL) plain
// pointers.
typedef struct {
    CFIndex version;
} CFArrayCallBacks;
CF_EXPORT const CFArrayCallBacks kCFTypeArrayCallBacks;

CF_EXPORT CFTypeID CFArrayGetTypeID(void);
CF_EXPORT CFArrayRef CFArrayCreate(CFAllocatorRef allocator, const void ** values, CFIndex count,
                                   const CFArrayCallBacks * callBacks);
CF_EXPORT CFMutableArrayRef CFArrayCreateMutable(CFAllocatorRef allocator, CFIndex capacity,
                                                 const CFArrayCallBacks * callBacks);
CF_EXPORT void CFArrayAppendValue(CFMutableArrayRef array, const void * value);
CF_EXPORT CFIndex CFArrayGetCount(CFArrayRef array);
CF_EXPORT const void * CFArrayGetValueAtIndex(CFArrayRef array, CFIndex index);
CF_EXPORT Boolean CFArrayContainsValue(CFArrayRef array, CFRange range, const void * value);

CF_EXPORT CFTypeID CFSetGetTypeID(void);
CF_EXPORT CFIndex CFSetGetCount(CFSetRef set);
CF_EXPORT void CFSetGetValues(CFSetRef set, const void ** values);

CF_EXTERN_C_END

#endif
