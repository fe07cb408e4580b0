// Strings: UTF-8 inside; lengths and ranges count UTF-16 units as on macOS.
#ifndef __COREFOUNDATION_CFSTRING__
#define __COREFOUNDATION_CFSTRING__

#include <CoreFoundation/CFBase.h>
#include <CoreFoundation/CFDictionary.h>

#include <stdarg.h>

CF_EXTERN_C_BEGIN

typedef UInt32 CFStringEncoding;
typedef CFOptionFlags CFStringCompareFlags;

#define kCFStringEncodingMacRoman 0u
#define kCFStringEncodingASCII 0x0600u
#define kCFStringEncodingUTF8 0x08000100u
#define kCFStringEncodingInvalidId 0xffffffffu

enum {
    kCFCompareCaseInsensitive = 1, // of ASCII letters
    kCFCompareBackwards = 4,       // this and the following have no effect
    kCFCompareAnchored = 8,
    kCFCompareNonliteral = 16,
    kCFCompareLocalized = 32,
    kCFCompareNumerically = 64, // runs of digits by their value
};

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
CF_EXPORT Boolean CFStringHasSuffix(CFStringRef string, CFStringRef suffix);
// The number that it begins with, 0 when it is none; held to the limits of its type.
CF_EXPORT SInt32 CFStringGetIntValue(CFStringRef string);
CF_EXPORT double CFStringGetDoubleValue(CFStringRef string);

// printf's conversions, %@ and n$. `formatOptions` is ignored.
CF_EXPORT CFStringRef CFStringCreateWithFormat(CFAllocatorRef allocator,
                                               CFDictionaryRef formatOptions, CFStringRef format,
                                               ...);
CF_EXPORT CFStringRef CFStringCreateWithFormatAndArguments(CFAllocatorRef allocator,
                                                           CFDictionaryRef formatOptions,
                                                           CFStringRef format, va_list arguments);

CF_EXPORT CFMutableStringRef CFStringCreateMutable(CFAllocatorRef allocator, CFIndex maxLength);
CF_EXPORT CFMutableStringRef CFStringCreateMutableCopy(CFAllocatorRef allocator, CFIndex maxLength,
                                                       CFStringRef string);
CF_EXPORT void CFStringAppend(CFMutableStringRef string, CFStringRef appended);
CF_EXPORT void CFStringAppendCString(CFMutableStringRef string, const char * text,
                                     CFStringEncoding encoding);
CF_EXPORT void CFStringAppendFormat(CFMutableStringRef string, CFDictionaryRef formatOptions,
                                    CFStringRef format, ...);
CF_EXPORT void CFStringAppendFormatAndArguments(CFMutableStringRef string,
                                                CFDictionaryRef formatOptions, CFStringRef format,
                                                va_list arguments);

CF_EXTERN_C_END

#endif
