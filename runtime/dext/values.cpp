// Checks of words and structs. Bytes are read with memcpy: a struct may lie anywhere.
#include "values.h"

#include "narrowing.h"

#include <string.h>

namespace dextgen {

namespace {

bool Refuse(Fault * fault, uint32_t rule, uint64_t limit, uint64_t actual) {
    fault->rule = rule;
    fault->limit = limit;
    fault->actual = actual;
    return false;
}

bool IsSigned(Scalar scalar) {
    return scalar >= Scalar::I8 && scalar <= Scalar::I64;
}

bool IsFloat(Scalar scalar) {
    return scalar == Scalar::F32 || scalar == Scalar::F64;
}

/// The largest word of an unsigned type; the largest value of a signed one.
uint64_t LargestOf(Scalar scalar) {
    if (scalar == Scalar::Bool) {
        return 1;
    }
    const uint32_t bits = SizeOfScalar(scalar) * 8 - (IsSigned(scalar) ? 1 : 0);
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

bool CheckUnsigned(const ValueRule & rule, uint64_t value, Fault * fault) {
    const uint64_t largest = LargestOf(rule.scalar);
    if (value > largest) {
        return Refuse(fault, kDextgenRuleMax, (rule.bounds & kHasMax) ? rule.max.u : largest,
                      value);
    }
    if ((rule.bounds & kHasMin) && value < rule.min.u) {
        return Refuse(fault, kDextgenRuleMin, rule.min.u, value);
    }
    if ((rule.bounds & kHasMax) && value > rule.max.u) {
        return Refuse(fault, kDextgenRuleMax, rule.max.u, value);
    }
    return true;
}

bool CheckSigned(const ValueRule & rule, int64_t value, Fault * fault) {
    const int64_t largest = static_cast<int64_t>(LargestOf(rule.scalar));
    const int64_t low = (rule.bounds & kHasMin) ? rule.min.i : -largest - 1;
    const int64_t high = (rule.bounds & kHasMax) ? rule.max.i : largest;
    if (value < low) {
        return Refuse(fault, kDextgenRuleMin, ToWord(low), ToWord(value));
    }
    if (value > high) {
        return Refuse(fault, kDextgenRuleMax, ToWord(high), ToWord(value));
    }
    return true;
}

bool CheckFloat(const ValueRule & rule, uint64_t word, Fault * fault) {
    if (rule.scalar == Scalar::F32 && word > UINT32_MAX) {
        return Refuse(fault, kDextgenRuleMax, UINT32_MAX, word);
    }
    const double value =
        rule.scalar == Scalar::F32 ? static_cast<double>(WordToFloat(word)) : WordToDouble(word);
    // Negated, so that NaN fails where there is a bound.
    if ((rule.bounds & kHasMin) && !(value >= rule.min.f)) {
        return Refuse(fault, kDextgenRuleMin, ToWord(rule.min.f), ToWord(value));
    }
    if ((rule.bounds & kHasMax) && !(value <= rule.max.f)) {
        return Refuse(fault, kDextgenRuleMax, ToWord(rule.max.f), ToWord(value));
    }
    return true;
}

/// What a walk through a struct takes along.
struct Walk {
    Fault * fault;
    const HandleLookup * handles; // null: no number is a handle
};

/// A scalar or a text.
bool CheckField(const FieldRule & field, const uint8_t * bytes, const Walk & walk) {
    if (field.text != nullptr) {
        return CheckString(*field.text, bytes, walk.fault);
    }
    const uint64_t word = LoadWord(field.value.scalar, field.bigEndian, bytes);
    if (!CheckWord(field.value, word, walk.fault)) {
        return false;
    }
    if (field.handle < 0) {
        return true;
    }
    const HandleLookup * handles = walk.handles;
    const uint32_t type = static_cast<uint32_t>(field.handle);
    return (handles != nullptr && handles->isHandle(handles->owner, type, word)) ||
           Refuse(walk.fault, kDextgenRuleHandle, 0, word);
}

bool CheckAt(const StructRule & rule, const uint8_t * bytes, uint32_t base, const Walk & walk);

/// In a struct, in the room of the largest case.
bool CheckVariant(const VariantRule & rule, const uint8_t * bytes, uint32_t base,
                  const Walk & walk) {
    const uint64_t tag = TagOf(rule, bytes);
    const CaseRule * found = CaseOf(rule, tag);
    if (found == nullptr) {
        walk.fault->argument = kDextgenArgumentStruct + 1 + base + rule.offset;
        return Refuse(walk.fault, kDextgenRuleTag, rule.caseCount, tag);
    }
    return found->check == nullptr ||
           CheckAt(*found->check, bytes + rule.body, base + rule.body, walk);
}

bool CheckAt(const StructRule & rule, const uint8_t * bytes, uint32_t base, const Walk & walk) {
    for (uint32_t f = 0; f < rule.fieldCount; f++) {
        const FieldRule & field = rule.fields[f];
        for (uint32_t i = 0; i < field.count; i++) {
            const uint32_t offset = field.offset + i * field.stride;
            if (field.variant != nullptr) {
                if (!CheckVariant(*field.variant, bytes + offset, base + offset, walk)) {
                    return false;
                }
            } else if (field.nested != nullptr) {
                if (!CheckAt(*field.nested, bytes + offset, base + offset, walk)) {
                    return false;
                }
            } else if (!CheckField(field, bytes + offset, walk)) {
                walk.fault->argument = kDextgenArgumentStruct + 1 + base + offset;
                return false;
            }
        }
    }
    return true;
}

} // namespace

bool IsListed(const ValueRule & rule, uint64_t word) {
    uint32_t low = 0;
    uint32_t high = rule.valueCount;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (rule.values[middle] == word) {
            return true;
        }
        if (rule.values[middle] < word) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool CheckWord(const ValueRule & rule, uint64_t word, Fault * fault) {
    if (IsFloat(rule.scalar)) {
        return CheckFloat(rule, word, fault);
    }
    const bool inRange = IsSigned(rule.scalar)
                             ? CheckSigned(rule, static_cast<int64_t>(word), fault)
                             : CheckUnsigned(rule, word, fault);
    if (!inRange) {
        return false;
    }
    if (rule.more != nullptr) {
        return CheckNarrowing(rule, word, fault);
    }
    return rule.values == nullptr || IsListed(rule, word) ||
           Refuse(fault, kDextgenRuleEnum, rule.valueCount, word);
}

bool CheckStruct(const StructRule & rule, const void * bytes, Fault * fault,
                 const HandleLookup * handles) {
    const Walk walk = {.fault = fault, .handles = handles};
    return CheckAt(rule, static_cast<const uint8_t *>(bytes), 0, walk);
}

void ClearVariant(const VariantRule & rule, void * bytes) {
    uint8_t * target = static_cast<uint8_t *>(bytes);
    const CaseRule * found = CaseOf(rule, TagOf(rule, bytes));
    const uint64_t used = found != nullptr ? found->size : rule.offset + SizeOfScalar(rule.scalar);
    if (found != nullptr && found->check != nullptr) {
        ClearPadding(*found->check, target + rule.body);
    }
    const uint64_t tagEnd = rule.offset + SizeOfScalar(rule.scalar);
    if (tagEnd < rule.body) {
        memset(target + tagEnd, 0, rule.body - tagEnd);
    }
    if (used < rule.size) {
        memset(target + used, 0, rule.size - used);
    }
}

void ClearPadding(const StructRule & rule, void * bytes) {
    ClearPadding(rule, bytes, rule.size);
}

void ClearPadding(const StructRule & rule, void * bytes, uint64_t size) {
    uint8_t * target = static_cast<uint8_t *>(bytes);
    for (uint32_t p = 0; p < rule.paddingCount; p++) {
        const PaddingRule & padding = rule.padding[p];
        for (uint32_t i = 0; padding.offset < size && i < padding.count; i++) {
            uint8_t * place = target + padding.offset + i * padding.stride;
            if (padding.variant != nullptr) {
                ClearVariant(*padding.variant, place);
            } else if (padding.nested != nullptr) {
                ClearPadding(*padding.nested, place);
            } else {
                memset(place, 0, padding.size);
            }
        }
    }
}

uint64_t ToWord(float value) {
    uint32_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

uint64_t ToWord(double value) {
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

float WordToFloat(uint64_t word) {
    const uint32_t bits = static_cast<uint32_t>(word);
    float value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double WordToDouble(uint64_t word) {
    double value = 0;
    memcpy(&value, &word, sizeof value);
    return value;
}

} // namespace dextgen
