// Words and structs against rules: both sides of every bound, every scalar, and where a fault is
// said to be.
#include "check.h"
#include "values.h"

#include <math.h>
#include <string.h>

using namespace dextgen;

namespace {

bool Passes(const ValueRule & rule, uint64_t word) {
    Fault fault = {};
    return CheckWord(rule, word, &fault);
}

/// The rule that refuses `word`, and with it the limit and the value.
bool Refuses(const ValueRule & rule, uint64_t word, uint32_t reason, uint64_t limit,
             uint64_t actual) {
    Fault fault = {};
    return !CheckWord(rule, word, &fault) && fault.rule == reason && fault.limit == limit &&
           fault.actual == actual;
}

void TestUnsigned() {
    CHECK(Passes({.scalar = Scalar::U8}, 255) && !Passes({.scalar = Scalar::U8}, 256));
    CHECK(Passes({.scalar = Scalar::U16}, 65535) && !Passes({.scalar = Scalar::U16}, 65536));
    CHECK(Passes({.scalar = Scalar::U32}, UINT32_MAX));
    CHECK(Refuses({.scalar = Scalar::U32}, UINT64_C(1) << 32, kDextgenRuleMax, UINT32_MAX,
                  UINT64_C(1) << 32));
    CHECK(Passes({.scalar = Scalar::U64}, UINT64_MAX));
    CHECK(Passes({.scalar = Scalar::Bool}, 0) && Passes({.scalar = Scalar::Bool}, 1));
    CHECK(Refuses({.scalar = Scalar::Bool}, 2, kDextgenRuleMax, 1, 2));
    const ValueRule range = {
        .scalar = Scalar::U32, .bounds = kHasMin | kHasMax, .min = {.u = 1}, .max = {.u = 2000000}};
    CHECK(Passes(range, 1) && Passes(range, 2000000));
    CHECK(Refuses(range, 0, kDextgenRuleMin, 1, 0));
    CHECK(Refuses(range, 2000001, kDextgenRuleMax, 2000000, 2000001));
    // Too large for the type: the limit named is the schema's.
    CHECK(Refuses(range, UINT64_MAX, kDextgenRuleMax, 2000000, UINT64_MAX));
}

void TestSigned() {
    CHECK(Passes({.scalar = Scalar::I8}, ToWord(int8_t{-128})));
    CHECK(Passes({.scalar = Scalar::I8}, 127) && !Passes({.scalar = Scalar::I8}, 128));
    // 0xFF is 255, not -1: words are sign-extended by the sender.
    CHECK(Refuses({.scalar = Scalar::I8}, 0xFF, kDextgenRuleMax, 127, 0xFF));
    CHECK(Refuses({.scalar = Scalar::I16}, ToWord(int64_t{-32769}), kDextgenRuleMin,
                  ToWord(int16_t{-32768}), ToWord(int64_t{-32769})));
    CHECK(Passes({.scalar = Scalar::I32}, ToWord(INT32_MIN)));
    CHECK(!Passes({.scalar = Scalar::I32}, ToWord(int64_t{INT32_MIN} - 1)));
    CHECK(Passes({.scalar = Scalar::I64}, ToWord(INT64_MIN)) &&
          Passes({.scalar = Scalar::I64}, ToWord(INT64_MAX)));
    const ValueRule low = {.scalar = Scalar::I64, .bounds = kHasMin, .min = {.i = INT64_MIN}};
    CHECK(Passes(low, ToWord(INT64_MIN)));
}

void TestFloats() {
    const ValueRule single = {
        .scalar = Scalar::F32, .bounds = kHasMin | kHasMax, .min = {.f = -1.5}, .max = {.f = 1.5}};
    CHECK(Passes(single, ToWord(1.5f)) && Passes(single, ToWord(-1.5f)));
    CHECK(Refuses(single, ToWord(1.75f), kDextgenRuleMax, ToWord(1.5), ToWord(1.75)));
    CHECK(!Passes(single, ToWord(nanf(""))) && !Passes(single, ToWord(INFINITY)));
    CHECK(!Passes(single, UINT64_C(1) << 32));                // bits that no float has
    CHECK(Passes({.scalar = Scalar::F32}, ToWord(nanf("")))); // without a bound anything goes
    const ValueRule least = {.scalar = Scalar::F64, .bounds = kHasMin, .min = {.f = 0}};
    CHECK(Passes(least, ToWord(0.0)) && Passes(least, ToWord(-0.0)) &&
          !Passes(least, ToWord(-1e-300)));
    CHECK(!Passes(least, ToWord(nan(""))));
}

void TestEnums() {
    const uint64_t sparse[] = {1, 200};
    const ValueRule rule = {.scalar = Scalar::U8, .values = sparse, .valueCount = 2};
    CHECK(Passes(rule, 1) && Passes(rule, 200));
    CHECK(Refuses(rule, 2, kDextgenRuleEnum, 2, 2) && !Passes(rule, 0) && !Passes(rule, 201));
    const uint64_t wide[] = {0, INT64_MAX, UINT64_C(1) << 63,
                             UINT64_MAX}; // -1 last, INT64_MIN before it
    const ValueRule negative = {.scalar = Scalar::I64, .values = wide, .valueCount = 4};
    CHECK(Passes(negative, ToWord(int64_t{-1})) && Passes(negative, ToWord(INT64_MIN)));
    CHECK(!Passes(negative, ToWord(int64_t{-2})));
}

struct Inner {
    uint8_t kind;
    int16_t value;
};

struct Outer {
    uint32_t free;
    Inner inner[3];
    uint8_t flag;
};

const uint64_t kKinds[] = {1, 2};
const FieldRule kInnerFields[] = {
    {.offset = 0,
     .count = 1,
     .stride = 1,
     .value = {.scalar = Scalar::U8, .values = kKinds, .valueCount = 2}},
    {.offset = 2,
     .count = 1,
     .stride = 2,
     .value = {.scalar = Scalar::I16, .bounds = kHasMin, .min = {.i = -5}}},
};
const PaddingRule kInnerPadding[] = {{.offset = 1, .size = 1, .count = 1, .stride = 0}};
const StructRule kInner = {.size = sizeof(Inner),
                           .fields = kInnerFields,
                           .fieldCount = 2,
                           .padding = kInnerPadding,
                           .paddingCount = 1};
const FieldRule kOuterFields[] = {
    {.offset = offsetof(Outer, inner), .count = 3, .stride = sizeof(Inner), .nested = &kInner},
    {.offset = offsetof(Outer, flag), .count = 1, .stride = 1, .value = {.scalar = Scalar::Bool}},
};
const PaddingRule kOuterPadding[] = {
    {.offset = offsetof(Outer, flag) + 1, .size = 3, .count = 1, .stride = 0},
    {.offset = offsetof(Outer, inner),
     .size = 0,
     .count = 3,
     .stride = sizeof(Inner),
     .nested = &kInner},
};
const StructRule kOuter = {.size = sizeof(Outer),
                           .fields = kOuterFields,
                           .fieldCount = 2,
                           .padding = kOuterPadding,
                           .paddingCount = 2};

void TestStructs() {
    Outer value = {.free = 9, .inner = {{1, 0}, {2, -5}, {1, 32767}}, .flag = 1};
    Fault fault = {};
    CHECK(CheckStruct(kOuter, &value, &fault));
    value.inner[2].value = -6;
    CHECK(!CheckStruct(kOuter, &value, &fault));
    CHECK(fault.argument ==
          kDextgenArgumentStruct + 1 + offsetof(Outer, inner) + 2 * sizeof(Inner) + 2);
    CHECK(fault.rule == kDextgenRuleMin && fault.actual == ToWord(int16_t{-6}));
    value.inner[2].value = 0;
    value.flag = 2;
    CHECK(!CheckStruct(kOuter, &value, &fault) && fault.rule == kDextgenRuleMax);
    CHECK(fault.argument == kDextgenArgumentStruct + 1 + offsetof(Outer, flag));
    // Nothing says where an app's struct lies.
    value.flag = 0;
    uint8_t shifted[sizeof value + 1];
    memcpy(shifted + 1, &value, sizeof value);
    CHECK(CheckStruct(kOuter, shifted + 1, &fault));
}

void TestPadding() {
    Outer value;
    memset(&value, 0xAA, sizeof value);
    ClearPadding(kOuter, &value);
    uint8_t bytes[sizeof value];
    memcpy(bytes, &value, sizeof value);
    uint32_t cleared = 0;
    for (const uint8_t byte : bytes) {
        cleared += byte == 0 ? 1 : 0;
    }
    CHECK(cleared == 3 + 3 && bytes[5] == 0 && bytes[9] == 0 && bytes[13] == 0 && bytes[17] == 0);
}

} // namespace

int main() {
    TestUnsigned();
    TestSigned();
    TestFloats();
    TestEnums();
    TestStructs();
    TestPadding();
    return Finish();
}
