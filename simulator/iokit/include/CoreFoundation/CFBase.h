// CoreFoundation's base: types, reference counting, equality.
#ifndef __COREFOUNDATION_CFBASE__
#define __COREFOUNDATION_CFBASE__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CF_EXTERN_C_BEGIN extern "C" {
#define CF_EXTERN_C_END }
#else
#define CF_EXTERN_C_BEGIN
#define CF_EXTERN_C_END
#endif
#define CF_EXPORT extern

CF_EXTERN_C_BEGIN

#ifndef __MACTYPES__
typedef uint8_t UInt8;
typedef uint16_t UInt16;
typedef uint32_t UInt32;
typedef uint64_t UInt64;
typedef int8_t SInt8;
typedef int16_t SInt16;
typedef int32_t SInt32;
typedef int64_t SInt64;
typedef unsigned char Boolean;
#define __MACTYPES__
#endif
#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif

typedef uint16_t UniChar;
typedef long CFIndex;
typedef unsigned long CFTypeID;
typedef unsigned long CFOptionFlags;
typedef unsigned long CFHashCode;
typedef const void * CFTypeRef;
typedef CFTypeRef CFPropertyListRef;
typedef double CFTimeInterval;
typedef double CFAbsoluteTime;
typedef struct {
    CFIndex location;
    CFIndex length;
} CFRange;

typedef const struct __CFString * CFStringRef;
typedef struct __CFString * CFMutableStringRef;
typedef const struct __CFNumber * CFNumberRef;
typedef const struct __CFBoolean * CFBooleanRef;
typedef const struct __CFData * CFDataRef;
typedef struct __CFData * CFMutableDataRef;
typedef const struct __CFArray * CFArrayRef;
typedef struct __CFArray * CFMutableArrayRef;
typedef const struct __CFSet * CFSetRef; // laid out as an array
typedef const struct __CFDictionary * CFDictionaryRef;
typedef struct __CFDictionary * CFMutableDictionaryRef;
typedef const struct __CFAllocator * CFAllocatorRef;
typedef struct __CFRunLoop * CFRunLoopRef;
typedef struct __CFRunLoopSource * CFRunLoopSourceRef;

// There is one allocator; which one an object is made with is ignored. Who frees bytes that are
// handed over (…NoCopy) is not.
CF_EXPORT const CFAllocatorRef kCFAllocatorDefault;
CF_EXPORT const CFAllocatorRef kCFAllocatorSystemDefault;
CF_EXPORT const CFAllocatorRef kCFAllocatorMalloc;
CF_EXPORT const CFAllocatorRef kCFAllocatorNull; // nobody

typedef enum {
    kCFCompareLessThan = -1L,
    kCFCompareEqualTo = 0,
    kCFCompareGreaterThan = 1,
} CFComparisonResult;

static inline CFRange CFRangeMake(CFIndex location, CFIndex length) {
    CFRange range = {location, length};
    return range;
}

CF_EXPORT CFTypeRef CFRetain(CFTypeRef object);
CF_EXPORT void CFRelease(CFTypeRef object);
CF_EXPORT CFIndex CFGetRetainCount(CFTypeRef object);
CF_EXPORT CFTypeID CFGetTypeID(CFTypeRef object);
CF_EXPORT Boolean CFEqual(CFTypeRef one, CFTypeRef other);
CF_EXPORT CFHashCode CFHash(CFTypeRef object);
CF_EXPORT CFAllocatorRef CFGetAllocator(CFTypeRef object);
CF_EXPORT CFStringRef CFCopyDescription(CFTypeRef object);
// On standard error.
CF_EXPORT void CFShow(CFTypeRef object);
CF_EXPORT void CFShowStr(CFStringRef string);

CF_EXTERN_C_END

#endif
