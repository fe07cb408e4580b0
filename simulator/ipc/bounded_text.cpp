// strlcpy and strlcat for dexts and their applications, for C libraries without them.
#include <cstddef>
#include <cstring>

#if defined(__GLIBC__) && !(__GLIBC__ > 2 || (__GLIBC__ == 2 && __GLIBC_MINOR__ >= 38))

extern "C" size_t strlcpy(char * destination, const char * source, size_t size);
extern "C" size_t strlcat(char * destination, const char * source, size_t size);

size_t strlcpy(char * destination, const char * source, size_t size) {
    const size_t length = strlen(source);
    if (size > 0) {
        const size_t count = length < size ? length : size - 1;
        memcpy(destination, source, count);
        destination[count] = '\0';
    }
    return length;
}

size_t strlcat(char * destination, const char * source, size_t size) {
    const size_t used = strnlen(destination, size);
    if (used == size) {
        return size + strlen(source);
    }
    return used + strlcpy(destination + used, source, size - used);
}

#endif
