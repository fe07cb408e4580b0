// The driver's own log: the newest lines, for an app to read. Written without stdio, which
// DriverKit does not promise (contract §9.7).
#ifndef SCOPE_LOG_H
#define SCOPE_LOG_H

#include <stdint.h>

namespace scope {

constexpr uint32_t kLogBytes = 8192;

/// Zeroed, it is empty.
struct Log {
    char text[kLogBytes];
    uint64_t written; // bytes ever
};

inline void Append(Log * log, const char * text) {
    for (; *text != '\0'; text++) {
        log->text[log->written++ % kLogBytes] = *text;
    }
}

/// In base 10 or 16.
inline void Append(Log * log, uint64_t value, uint32_t base) {
    char digits[21] = {};
    char * first = digits + sizeof digits - 1;
    do {
        *--first = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    Append(log, first);
}

/// Adds a line.
inline void Note(Log * log, const char * text) {
    Append(log, text);
    Append(log, "\n");
}

/// Adds `text: value unit`.
inline void Note(Log * log, const char * text, uint64_t value, const char * unit) {
    Append(log, text);
    Append(log, ": ");
    Append(log, value, 10);
    Note(log, unit);
}

/// Adds `text: 0xcode`.
inline void NoteCode(Log * log, const char * text, uint32_t code) {
    Append(log, text);
    Append(log, ": 0x");
    Append(log, code, 16);
    Append(log, "\n");
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
