// Bytes as text: whether they are what an encoding allows. Depends on nothing.
#ifndef DEXTGEN_TEXT_H
#define DEXTGEN_TEXT_H

#include <stdint.h>

namespace dextgen {

/// Well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(const uint8_t * bytes, uint64_t size);

bool IsAscii(const uint8_t * bytes, uint64_t size);

/// Bytes before the first NUL, at most `size`.
uint64_t LengthOfText(const uint8_t * bytes, uint64_t size);

bool IsZero(const uint8_t * bytes, uint64_t size);

} // namespace dextgen

#endif
