// What narrows a value beyond its type and its bounds: multiples, masks, ranges of an enum,
// reserved numbers and bits, bit-fields, and texts of fixed size. Data that generated code
// supplies.
#ifndef DEXTGEN_NARROWING_H
#define DEXTGEN_NARROWING_H

#include "values.h"

namespace dextgen {

/// Words from first to last; of signed types sign-extended, the lesser number first.
struct ValueRange {
    uint64_t first;
    uint64_t last;
};

/// A bit-field of a word.
struct BitRule {
    uint8_t at;
    uint8_t width;
    ValueRule value = {};
};

/// Asked for after the type and the bounds, in the order of the members.
struct Narrowing {
    uint64_t reserved = 0; // bits that must not be set
    const ValueRange * never = nullptr;
    uint32_t neverCount = 0;
    const ValueRange * ranges = nullptr; // of an enum, besides its single values
    uint32_t rangeCount = 0;
    uint64_t mask = UINT64_MAX; // bits that may be set
    uint64_t multipleOf = 0;
    const BitRule * bits = nullptr;
    uint32_t bitCount = 0;
};

bool CheckNarrowing(const ValueRule & rule, uint64_t word, Fault * fault);

enum class Ending : uint8_t { Required, Optional, None };

/// A text in a field of `size` bytes.
struct StringRule {
    uint32_t size;
    Ending ending = Ending::Required;
    bool ascii = false;              // else UTF-8
    const char * constant = nullptr; // the only text that is allowed
};

bool CheckString(const StringRule & rule, const uint8_t * bytes, Fault * fault);

} // namespace dextgen

#endif
