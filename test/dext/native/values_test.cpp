// Words and structs against rules: both sides of every bound, every scalar, and where a fault is
// said to be.
#include "check.h"
#include "narrowing.h"
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

void TestRangesAndReserved() {
    const uint64_t values[] = {0, 1};
    const ValueRange ranges[] = {{ToWord(int8_t{-9}), ToWord(int8_t{-5})}, {100, 127}};
    const ValueRange never[] = {{ToWord(int8_t{-1}), ToWord(int8_t{-1})}, {16, 31}};
    const Narrowing more = {.never = never, .neverCount = 2, .ranges = ranges, .rangeCount = 2};
    const ValueRule rule = {.scalar = Scalar::I8, .values = values, .valueCount = 2, .more = &more};
    for (int value = -128; value < 128; value++) {
        const bool good = value == 0 || value == 1 || (value >= -9 && value <= -5) || value >= 100;
        CHECK(Passes(rule, ToWord(static_cast<int8_t>(value))) == good);
    }
    CHECK(Refuses(rule, 20, kDextgenRuleReserved, 0, 20));
    CHECK(Refuses(rule, ToWord(int8_t{-1}), kDextgenRuleReserved, 0, UINT64_MAX));
    CHECK(Refuses(rule, 50, kDextgenRuleEnum, 2, 50));
    // An open enum refuses its reserved numbers only.
    const Narrowing open = {.never = never, .neverCount = 2};
    const ValueRule free = {.scalar = Scalar::I8, .more = &open};
    CHECK(Passes(free, 50) && !Passes(free, 31) && !Passes(free, ToWord(int8_t{-1})));
}

void TestMasksAndMultiples() {
    const Narrowing flags = {.reserved = 0x80, .mask = 0x07};
    const ValueRule set = {.scalar = Scalar::U8, .more = &flags};
    CHECK(Passes(set, 0) && Passes(set, 7));
    CHECK(Refuses(set, 8, kDextgenRuleMask, 0x07, 8));
    CHECK(Refuses(set, 0x81, kDextgenRuleReserved, 0x80, 0x81));
    const Narrowing three = {.multipleOf = 3};
    const ValueRule multiple = {.scalar = Scalar::I64, .more = &three};
    CHECK(Passes(multiple, 9) && Passes(multiple, ToWord(int64_t{-9})) && Passes(multiple, 0));
    CHECK(Refuses(multiple, 10, kDextgenRuleMultipleOf, 3, 10));
    CHECK(!Passes(multiple, ToWord(INT64_MIN)) && Passes(multiple, ToWord(INT64_MIN + 2)));
    const Narrowing huge = {.multipleOf = UINT64_C(1) << 63};
    const ValueRule wide = {.scalar = Scalar::U64, .more = &huge};
    CHECK(Passes(wide, UINT64_C(1) << 63) && !Passes(wide, (UINT64_C(1) << 63) + 1));
}

void TestBitFields() {
    const uint64_t modes[] = {0, 5};
    const BitRule bits[] = {
        {.at = 0, .width = 3, .value = {.scalar = Scalar::U8, .values = modes, .valueCount = 2}},
        {.at = 8, .width = 4, .value = {.scalar = Scalar::I8, .bounds = kHasMin, .min = {.i = -5}}},
        {.at = 63, .width = 1, .value = {.scalar = Scalar::Bool}},
    };
    const Narrowing more = {.mask = UINT64_C(0x8000000000000F0F), .bits = bits, .bitCount = 3};
    const ValueRule rule = {.scalar = Scalar::U64, .more = &more};
    CHECK(Passes(rule, 0) && Passes(rule, 5) && Passes(rule, UINT64_C(1) << 63 | 0xB05));
    CHECK(Refuses(rule, 1, kDextgenRuleEnum, 2, 1));
    CHECK(Refuses(rule, 0xA00, kDextgenRuleMin, ToWord(int8_t{-5}), ToWord(int8_t{-6})));
    CHECK(Refuses(rule, 0x10, kDextgenRuleMask, more.mask, 0x10));
    const BitRule whole[] = {
        {.at = 0,
         .width = 64,
         .value = {.scalar = Scalar::I64, .bounds = kHasMax, .max = {.i = -1}}}};
    const Narrowing all = {.bits = whole, .bitCount = 1};
    const ValueRule word = {.scalar = Scalar::U64, .more = &all};
    CHECK(Passes(word, UINT64_MAX) && !Passes(word, 0));
}

bool PassesText(const StringRule & rule, const char * text, uint32_t reason = 0) {
    Fault fault = {};
    const bool passed = CheckString(rule, reinterpret_cast<const uint8_t *>(text), &fault);
    return reason == 0 ? passed : !passed && fault.rule == reason;
}

void TestTexts() {
    const StringRule required = {.size = 4};
    CHECK(PassesText(required, "abc\0") && PassesText(required, "\0xyz"));
    CHECK(PassesText(required, "abcd", kDextgenRuleStringTerminator));
    CHECK(PassesText(required, "\xC3\xA9\0\0") && PassesText(required, "a\0\xFF\xFF"));
    CHECK(PassesText(required, "\xC3\0\0\0", kDextgenRuleUtf8));
    const StringRule optional = {.size = 4, .ending = Ending::Optional, .ascii = true};
    CHECK(PassesText(optional, "abcd") && PassesText(optional, "ab\0\xFF"));
    CHECK(PassesText(optional, "ab\xC3\xA9", kDextgenRuleUtf8));
    const StringRule none = {.size = 4, .ending = Ending::None};
    CHECK(PassesText(none, "ab\0c") && PassesText(none, "ab\0\xFF", kDextgenRuleUtf8));
    const StringRule magic = {.size = 4, .ending = Ending::None, .constant = "ABC"};
    CHECK(PassesText(magic, "ABC\0") && PassesText(magic, "ABCD", kDextgenRuleEnum));
    CHECK(PassesText(magic, "AB\0\0", kDextgenRuleEnum));
}

struct Network {
    uint8_t tag;
    uint8_t length[4];
};

/// Network order at odd addresses, in elements of an array.
void TestByteOrder() {
    const FieldRule fields[] = {
        {.offset = 1,
         .count = 2,
         .stride = sizeof(Network),
         .value = {.scalar = Scalar::I32, .bounds = kHasMax, .max = {.i = 256}},
         .bigEndian = true}};
    const StructRule rule = {.size = 2 * sizeof(Network),
                             .fields = fields,
                             .fieldCount = 1,
                             .padding = nullptr,
                             .paddingCount = 0};
    Network frames[2] = {{1, {0, 0, 1, 0}}, {2, {0xFF, 0xFF, 0xFF, 0xFF}}};
    Fault fault = {};
    CHECK(CheckStruct(rule, frames, &fault)); // 256 and -1
    frames[1].length[0] = 0;
    CHECK(!CheckStruct(rule, frames, &fault) && fault.actual == 0x00FFFFFF);
    CHECK(fault.argument == kDextgenArgumentStruct + 1 + 1 + sizeof(Network));
}

} // namespace

int main() {
    TestRangesAndReserved();
    TestMasksAndMultiples();
    TestBitFields();
    TestTexts();
    TestByteOrder();
    TestUnsigned();
    TestSigned();
    TestFloats();
    TestEnums();
    TestStructs();
    TestPadding();
    return Finish();
}
