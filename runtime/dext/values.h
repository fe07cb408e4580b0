// What a value may be, as data, and the check of words and structs against it.
// Depends on nothing of DriverKit; generated code supplies the rules, call.h asks for the checks.
#ifndef DEXTGEN_VALUES_H
#define DEXTGEN_VALUES_H

#include "dextgen_wire.h"

#include <stddef.h>

namespace dextgen {

enum class Scalar : uint8_t { U8, U16, U32, U64, I8, I16, I32, I64, F32, F64, Bool };

union Bound {
    uint64_t u;
    int64_t i;
    double f;
};

enum : uint8_t { kHasMin = 1, kHasMax = 2 };

/// A scalar's type and what narrows it.
struct ValueRule {
    Scalar scalar = Scalar::U8;
    uint8_t bounds = 0; // kHasMin | kHasMax
    Bound min = {.u = 0};
    Bound max = {.u = 0};
    const uint64_t * values =
        nullptr; // of an enum, ascending as unsigned words; null for any value
    uint32_t valueCount = 0;
};

struct StructRule;

/// A field that needs a check: a scalar, or a struct that has one inside. Arrays are `count`
/// elements.
struct FieldRule {
    uint32_t offset;
    uint32_t count;
    uint32_t stride;
    ValueRule value = {};
    const StructRule * nested = nullptr; // null for a scalar
};

/// Bytes that no field covers, here or in a nested struct; they leave as zero (contract §12.51).
struct PaddingRule {
    uint32_t offset;
    uint32_t size;
    uint32_t count;
    uint32_t stride;
    const StructRule * nested = nullptr; // null for a run of `size` bytes
};

struct StructRule {
    uint32_t size;
    const FieldRule * fields;
    uint32_t fieldCount;
    const PaddingRule * padding;
    uint32_t paddingCount;
};

/// Why a value was refused, in the terms of the rejection (dextgen_wire.h).
struct Fault {
    uint32_t argument;
    uint32_t rule;
    uint64_t limit;
    uint64_t actual;
};

/// A scalar as it travels: zero- or sign-extended, a bool as 0 or 1, a float as its bits.
bool CheckWord(const ValueRule & rule, uint64_t word, Fault * fault);

/// `fault->argument` becomes kDextgenArgumentStruct + 1 + the offset of the field.
bool CheckStruct(const StructRule & rule, const void * bytes, Fault * fault);

void ClearPadding(const StructRule & rule, void * bytes);

inline uint64_t ToWord(bool value) {
    return value ? 1 : 0;
}
inline uint64_t ToWord(uint8_t value) {
    return value;
}
inline uint64_t ToWord(uint16_t value) {
    return value;
}
inline uint64_t ToWord(uint32_t value) {
    return value;
}
inline uint64_t ToWord(uint64_t value) {
    return value;
}
inline uint64_t ToWord(int8_t value) {
    return static_cast<uint64_t>(static_cast<int64_t>(value));
}
inline uint64_t ToWord(int16_t value) {
    return static_cast<uint64_t>(static_cast<int64_t>(value));
}
inline uint64_t ToWord(int32_t value) {
    return static_cast<uint64_t>(static_cast<int64_t>(value));
}
inline uint64_t ToWord(int64_t value) {
    return static_cast<uint64_t>(value);
}
uint64_t ToWord(float value);
uint64_t ToWord(double value);

float WordToFloat(uint64_t word);
double WordToDouble(uint64_t word);

} // namespace dextgen

#endif
