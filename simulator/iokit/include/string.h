// The C library's string.h plus the bounded copies of Apple's, which old glibc versions lack.
#include_next <string.h>
#ifndef _IOKIT_SIM_STRING_H
#define _IOKIT_SIM_STRING_H

#if defined(__GLIBC__) && !(__GLIBC__ > 2 || (__GLIBC__ == 2 && __GLIBC_MINOR__ >= 38))

#ifdef __cplusplus
extern "C" {
#endif
// Both return the length they tried to make; a result of at least `size` was cut off.
size_t strlcpy(char * destination, const char * source, size_t size);
size_t strlcat(char * destination, const char * source, size_t size);
#ifdef __cplusplus
}
#endif

#endif
#endif
