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

struct Narrowing;
struct StringRule;

/// A scalar's type and what narrows it.
struct ValueRule {
    Scalar scalar = Scalar::U8;
    uint8_t bounds = 0; // kHasMin | kHasMax
    Bound min = {.u = 0};
    Bound max = {.u = 0};
    const uint64_t * values =
        nullptr; // of an enum, ascending as unsigned words; null for any value
    uint32_t valueCount = 0;
    const Narrowing * more = nullptr; // narrowing.h
};

struct StructRule;
struct RecordRule;
struct VariantRule;

/// Whether a number is a handle of that kind; whose handles, only `owner` knows.
struct HandleLookup {
    const void * owner;
    bool (*isHandle)(const void * owner, uint32_t type, uint64_t handle);
};

/// A field that needs a check: a scalar, or a struct that has one inside. Arrays are `count`
/// elements.
struct FieldRule {
    uint32_t offset;
    uint32_t count;
    uint32_t stride;
    ValueRule value = {};
    const StructRule * nested = nullptr;   // null for a scalar
    const VariantRule * variant = nullptr; // of cases of fixed size, in the room of the largest
    const StringRule * text = nullptr;     // of a text
    bool bigEndian = false;                // of a scalar
    int32_t handle = -1;                   // the kind of a scalar that is a handle
};

/// Bytes that no field covers, here or in a nested struct; they leave as zero (contract §12.51).
struct PaddingRule {
    uint32_t offset;
    uint32_t size;
    uint32_t count;
    uint32_t stride;
    const StructRule * nested = nullptr;   // null for a run of `size` bytes
    const VariantRule * variant = nullptr; // what its case leaves of the room
};

struct StructRule {
    uint32_t size;
    const FieldRule * fields;
    uint32_t fieldCount;
    const PaddingRule * padding;
    uint32_t paddingCount;
};

/// One case of a variant: the numbers that stand for it, and what it is made of.
struct CaseRule {
    uint64_t first; // as the word that would carry it; both inclusive
    uint64_t last;
    uint64_t size;                       // bytes with the number before it; 0 where they vary
    uint32_t shape = 0;                  // number of the case: one may have several runs of numbers
    bool single = false;                 // this is the only number of its case
    const StructRule * check = nullptr;  // null: anything
    const RecordRule * record = nullptr; // where the size varies
};

/// One of several shapes, told apart by a number.
struct VariantRule {
    Scalar scalar;   // of the number
    uint32_t offset; // of the number
    uint32_t body;   // of what the cases check
    const CaseRule * cases;
    uint32_t caseCount;
    const CaseRule * other = nullptr; // for every other number; null: refused
    bool bigEndian = false;
    uint64_t size = 0; // the room that it takes in a struct
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

/// Whether the word is one of `values`.
bool IsListed(const ValueRule & rule, uint64_t word);

/// `fault->argument` becomes kDextgenArgumentStruct + 1 + the offset of the field. Without a lookup
/// no number is a handle.
bool CheckStruct(const StructRule & rule, const void * bytes, Fault * fault,
                 const HandleLookup * handles = nullptr);

void ClearPadding(const StructRule & rule, void * bytes);
/// The same of a struct whose tail padding is another's place: `size` bytes of it are there.
void ClearPadding(const StructRule & rule, void * bytes, uint64_t size);

/// Clears what no case's field covers, up to the room of the largest case.
void ClearVariant(const VariantRule & rule, void * bytes);

/// The number of a variant, as the word that would carry it. There are bytes up to its end.
uint64_t TagOf(const VariantRule & rule, const void * bytes);

/// The case that a number stands for; null when there is none.
const CaseRule * CaseOf(const VariantRule & rule, uint64_t tag);

/// A stored integer of that type, extended to a word.
uint64_t LoadWord(Scalar scalar, bool bigEndian, const void * bytes);
uint32_t SizeOfScalar(Scalar scalar);

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

/// A value of two halves of `bits` each.
inline uint64_t FromHalves(uint64_t low, uint64_t high, uint32_t bits) {
    return low | high << bits;
}
inline void ToHalves(uint64_t word, uint32_t bits, uint64_t * low, uint64_t * high) {
    const uint64_t mask = (UINT64_C(1) << bits) - 1;
    *low = word & mask;
    *high = word >> bits & mask;
}

float WordToFloat(uint64_t word);
double WordToDouble(uint64_t word);

} // namespace dextgen

#endif
