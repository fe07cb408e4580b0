// The driver's own log: the newest lines, for an app to read.
#ifndef SCOPE_LOG_H
#define SCOPE_LOG_H

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

namespace scope {

constexpr uint32_t kLogBytes = 8192;

/// Zeroed, it is empty.
struct Log {
    char text[kLogBytes];
    uint64_t written; // bytes ever
};

/// Adds a line; one of over 158 bytes is cut.
__attribute__((format(printf, 2, 3))) inline void Note(Log * log, const char * format, ...) {
    char line[160] = {};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    const size_t length = strlen(line);
    line[length] = '\n';
    for (size_t i = 0; i <= length; i++) {
        log->text[log->written++ % kLogBytes] = line[i];
    }
}

/// Copies the newest bytes, at most `maximum`; returns how many.
inline uint64_t ReadNewest(const Log & log, uint8_t * target, uint64_t maximum) {
    uint64_t length = log.written < kLogBytes ? log.written : kLogBytes;
    length = length < maximum ? length : maximum;
    for (uint64_t i = 0; i < length; i++) {
        target[i] = static_cast<uint8_t>(log.text[(log.written - length + i) % kLogBytes]);
    }
    return length;
}

} // namespace scope

#endif
