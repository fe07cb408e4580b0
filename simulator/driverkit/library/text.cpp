// strlcpy and strlcat for C libraries without them.
#include <string.h>

#if DRIVERKIT_NEEDS_STRLCPY

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
    if (used == size)
        return size + strlen(source);
    return used + strlcpy(destination + used, source, size - used);
}

#endif
