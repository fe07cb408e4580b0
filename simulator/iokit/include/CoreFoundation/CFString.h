// Strings: immutable, UTF-8 inside; lengths and ranges count UTF-16 units as on macOS.
#ifndef __COREFOUNDATION_CFSTRING__
#define __COREFOUNDATION_CFSTRING__

#include <CoreFoundation/CFBase.h>

CF_EXTERN_C_BEGIN

typedef UInt32 CFStringEncoding;
typedef CFOptionFlags CFStringCompareFlags;

#define kCFStringEncodingMacRoman 0u
#define kCFStringEncodingASCII 0x0600u
#define kCFStringEncodingUTF8 0x08000100u
#define kCFStringEncodingInvalidId 0xffffffffu

CF_EXPORT CFStringRef __CFStringMakeConstantString(const char * text);
#define CFSTR(text) __CFStringMakeConstantString("" text "")

CF_EXPORT CFTypeID CFStringGetTypeID(void);
CF_EXPORT CFStringRef CFStringCreateWithCString(CFAllocatorRef allocator, const char * text,
                                                CFStringEncoding encoding);
CF_EXPORT CFStringRef CFStringCreateWithBytes(CFAllocatorRef allocator, const UInt8 * bytes,
                                              CFIndex count, CFStringEncoding encoding,
                                              Boolean isExternal);
CF_EXPORT CFStringRef CFStringCreateCopy(CFAllocatorRef allocator, CFStringRef string);
CF_EXPORT CFIndex CFStringGetLength(CFStringRef string);
CF_EXPORT CFIndex CFStringGetMaximumSizeForEncoding(CFIndex length, CFStringEncoding encoding);
CF_EXPORT Boolean CFStringGetCString(CFStringRef string, char * buffer, CFIndex size,
                                     CFStringEncoding encoding);
CF_EXPORT const char * CFStringGetCStringPtr(CFStringRef string, CFStringEncoding encoding);
CF_EXPORT CFComparisonResult CFStringCompare(CFStringRef one, CFStringRef other,
                                             CFStringCompareFlags options);
CF_EXPORT Boolean CFStringHasPrefix(CFStringRef string, CFStringRef prefix);

CF_EXTERN_C_END

#endif
