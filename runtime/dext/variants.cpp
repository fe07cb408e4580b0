// Variants: which case a number stands for. Numbers are compared as words; a range is a distance,
// so that it holds for signed numbers too.
#include "values.h"

#include <string.h>

namespace dextgen {

uint32_t SizeOfScalar(Scalar scalar) {
    constexpr uint8_t sizes[] = {1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 1};
    return sizes[static_cast<uint8_t>(scalar)];
}

uint64_t LoadWord(Scalar scalar, bool bigEndian, const void * bytes) {
    const uint8_t * source = static_cast<const uint8_t *>(bytes);
    const uint32_t size = SizeOfScalar(scalar);
    uint64_t word = 0;
    for (uint32_t i = 0; i < size; i++) {
        word = word << 8 | source[bigEndian ? i : size - 1 - i];
    }
    const uint32_t unused = 64 - size * 8;
    const bool isSigned = scalar >= Scalar::I8 && scalar <= Scalar::I64;
    if (isSigned && unused > 0) {
        word = static_cast<uint64_t>(static_cast<int64_t>(word << unused) >> unused);
    }
    return word;
}

uint64_t TagOf(const VariantRule & rule, const void * bytes) {
    return LoadWord(rule.scalar, rule.bigEndian, static_cast<const uint8_t *>(bytes) + rule.offset);
}

const CaseRule * CaseOf(const VariantRule & rule, uint64_t tag) {
    for (uint32_t i = 0; i < rule.caseCount; i++) {
        const CaseRule & one = rule.cases[i];
        if (tag - one.first <= one.last - one.first) {
            return &one;
        }
    }
    return rule.other;
}

} // namespace dextgen
