// UTF-8 as RFC 3629 has it, one sequence at a time.
#include "text.h"

namespace dextgen {

namespace {

/// Bytes of the sequence that begins here, or 0 when none may.
uint32_t SequenceLength(uint8_t lead) {
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/// The second byte rules out overlong forms, surrogates and what is above U+10FFFF.
bool IsSecond(uint8_t lead, uint8_t second) {
    const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= low && second <= high;
}

} // namespace

bool IsUtf8(const uint8_t * bytes, uint64_t size) {
    uint64_t i = 0;
    while (i < size) {
        const uint32_t length = SequenceLength(bytes[i]);
        if (length == 0 || length > size - i) {
            return false;
        }
        if (length > 1 && !IsSecond(bytes[i], bytes[i + 1])) {
            return false;
        }
        for (uint32_t k = 2; k < length; k++) {
            if ((bytes[i + k] & 0xC0) != 0x80) {
                return false;
            }
        }
        i += length;
    }
    return true;
}

bool IsAscii(const uint8_t * bytes, uint64_t size) {
    for (uint64_t i = 0; i < size; i++) {
        if (bytes[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

uint64_t LengthOfText(const uint8_t * bytes, uint64_t size) {
    uint64_t length = 0;
    while (length < size && bytes[length] != 0) {
        length++;
    }
    return length;
}

bool IsZero(const uint8_t * bytes, uint64_t size) {
    for (uint64_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

} // namespace dextgen
