// The checks behind type and bounds. Everything is compared as words, which sign extension makes
// right for signed numbers too: a run of numbers is one run of words, even around zero.
#include "narrowing.h"

#include "text.h"

#include <string.h>

namespace dextgen {

namespace {

bool Refuse(Fault * fault, uint32_t rule, uint64_t limit, uint64_t actual) {
    fault->rule = rule;
    fault->limit = limit;
    fault->actual = actual;
    return false;
}

bool IsWithin(const ValueRange * ranges, uint32_t count, uint64_t word) {
    for (uint32_t i = 0; i < count; i++) {
        if (word - ranges[i].first <= ranges[i].last - ranges[i].first) {
            return true;
        }
    }
    return false;
}

bool IsSignedScalar(Scalar scalar) {
    return scalar >= Scalar::I8 && scalar <= Scalar::I64;
}

bool IsMultiple(Scalar scalar, uint64_t word, uint64_t of) {
    if (!IsSignedScalar(scalar)) {
        return word % of == 0;
    }
    const int64_t value = static_cast<int64_t>(word);
    // Of a negative number's magnitude: its own remainder may not fit what it is divided by.
    const uint64_t magnitude = value < 0 ? UINT64_C(0) - word : word;
    return magnitude % of == 0;
}

/// A bit-field as the word that would carry it.
uint64_t ExtractBits(const BitRule & rule, uint64_t word) {
    const uint32_t unused = 64u - rule.width;
    const uint64_t high = word << (unused - rule.at);
    return IsSignedScalar(rule.value.scalar)
               ? static_cast<uint64_t>(static_cast<int64_t>(high) >> unused)
               : high >> unused;
}

bool CheckListed(const ValueRule & rule, uint64_t word, Fault * fault) {
    const Narrowing & more = *rule.more;
    if (rule.values == nullptr && more.ranges == nullptr) {
        return true;
    }
    return IsListed(rule, word) || IsWithin(more.ranges, more.rangeCount, word) ||
           Refuse(fault, kDextgenRuleEnum, rule.valueCount, word);
}

} // namespace

bool CheckNarrowing(const ValueRule & rule, uint64_t word, Fault * fault) {
    const Narrowing & more = *rule.more;
    if ((word & more.reserved) != 0) {
        return Refuse(fault, kDextgenRuleReserved, more.reserved, word);
    }
    if (IsWithin(more.never, more.neverCount, word)) {
        return Refuse(fault, kDextgenRuleReserved, 0, word);
    }
    if (!CheckListed(rule, word, fault)) {
        return false;
    }
    if ((word & ~more.mask) != 0) {
        return Refuse(fault, kDextgenRuleMask, more.mask, word);
    }
    if (more.multipleOf != 0 && !IsMultiple(rule.scalar, word, more.multipleOf)) {
        return Refuse(fault, kDextgenRuleMultipleOf, more.multipleOf, word);
    }
    for (uint32_t i = 0; i < more.bitCount; i++) {
        if (!CheckWord(more.bits[i].value, ExtractBits(more.bits[i], word), fault)) {
            return false;
        }
    }
    return true;
}

bool CheckString(const StringRule & rule, const uint8_t * bytes, Fault * fault) {
    const uint64_t length =
        rule.ending == Ending::None ? rule.size : LengthOfText(bytes, rule.size);
    if (rule.ending == Ending::Required && length == rule.size) {
        return Refuse(fault, kDextgenRuleStringTerminator, rule.size, length);
    }
    if (rule.ascii ? !IsAscii(bytes, length) : !IsUtf8(bytes, length)) {
        return Refuse(fault, kDextgenRuleUtf8, rule.size, length);
    }
    if (rule.constant == nullptr) {
        return true;
    }
    const size_t expected = strlen(rule.constant);
    const bool same = length >= expected && memcmp(bytes, rule.constant, expected) == 0 &&
                      IsZero(bytes + expected, length - expected);
    return same || Refuse(fault, kDextgenRuleEnum, 1, 0);
}

} // namespace dextgen
