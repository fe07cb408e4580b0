// The walk over a record. Every length is compared with what is left before anything is touched;
// sums stay far below 64 bits, since counts are checked against maxima that fit 31 bits first.
#include "records.h"

#include "text.h"

namespace dextgen {

namespace {

/// Bytes that a record may take, and where they lie in the whole.
struct Area {
    const uint8_t * bytes;
    uint64_t size;
    uint64_t base;
};

/// A walk: checks when there is a fault to report to, else only measures.
struct Walk {
    Fault * fault;
    const HandleLookup * handles = nullptr;
};

/// No count that passes comes near this, whatever it is multiplied by.
constexpr uint64_t kLargestField = UINT64_C(1) << 33;

uint64_t AlignUp(uint64_t offset, uint64_t align) {
    return (offset + align - 1) / align * align;
}

uint32_t ArgumentAt(uint64_t offset) {
    return kDextgenArgumentStruct + 1 + static_cast<uint32_t>(offset);
}

bool Refuse(const Walk & walk, const Fault & fault) {
    if (walk.fault != nullptr) {
        *walk.fault = fault;
    }
    return false;
}

/// There are fewer or more bytes than the record takes.
bool RefuseSize(const Walk & walk, uint64_t needed, uint64_t present) {
    return Refuse(walk, {.argument = kDextgenArgumentStruct,
                         .rule = kDextgenRuleStructSize,
                         .limit = needed,
                         .actual = present});
}

bool Within(const Walk & walk, const Area & area, uint64_t end) {
    return end <= area.size || RefuseSize(walk, area.base + end, area.base + area.size);
}

bool CheckLimits(const Walk & walk, const PartRule & part, int64_t count, uint64_t place) {
    const bool below = count < static_cast<int64_t>(part.min);
    if (!below && count <= static_cast<int64_t>(part.max)) {
        return true;
    }
    return Refuse(walk, {.argument = ArgumentAt(place),
                         .rule = kDextgenRuleCount,
                         .limit = below ? part.min : part.max,
                         .actual = static_cast<uint64_t>(count)});
}

bool CheckValues(const Walk & walk, const StructRule * rule, const Area & area, uint64_t offset) {
    if (rule == nullptr || walk.fault == nullptr) {
        return true;
    }
    if (CheckStruct(*rule, area.bytes + offset, walk.fault, walk.handles)) {
        return true;
    }
    walk.fault->argument += static_cast<uint32_t>(area.base + offset);
    return false;
}

struct Scan {
    const Walk & walk;
    Area area;
    uint64_t end = 0;
    uint32_t fixed = 0;
    uint64_t starts[kMaxFixedParts] = {};
};

bool ScanRecord(const Walk & walk, const RecordRule & rule, const Area & area, PartPlace * places,
                uint64_t * end);

/// Elements by the field that counts them.
bool ReadCount(const Scan & scan, const PartRule & part, uint64_t * count) {
    const CountRule & rule = *part.count;
    const uint64_t place = scan.starts[rule.part] + rule.offset;
    const uint64_t word = LoadWord(rule.scalar, rule.bigEndian, scan.area.bytes + place);
    // A negative number is a very large one here.
    if (word > kLargestField) {
        return Refuse(scan.walk, {.argument = ArgumentAt(scan.area.base + place),
                                  .rule = kDextgenRuleCount,
                                  .limit = part.max,
                                  .actual = word});
    }
    const int64_t value = static_cast<int64_t>(word) * rule.times + rule.plus;
    *count = static_cast<uint64_t>(value);
    return CheckLimits(scan.walk, part, value, scan.area.base + place);
}

bool ScanFixed(Scan * scan, const PartRule & part) {
    const uint64_t start = AlignUp(scan->end, part.align);
    if (!Within(scan->walk, scan->area, start + part.size)) {
        return false;
    }
    if (scan->fixed < kMaxFixedParts) {
        scan->starts[scan->fixed++] = start;
    }
    scan->end = start + part.size;
    return CheckValues(scan->walk, part.check, scan->area, start);
}

/// What is left, as elements of fixed size.
bool CountRest(const Scan & scan, const PartRule & part, uint64_t start, uint64_t * count) {
    const uint64_t left = scan.area.size > start ? scan.area.size - start : 0;
    *count = left / part.size;
    if (*count > part.max || *count < part.min) {
        return CheckLimits(scan.walk, part, static_cast<int64_t>(*count), scan.area.base + start);
    }
    const uint64_t whole = start + *count * part.size;
    return left % part.size == 0 ||
           RefuseSize(scan.walk, scan.area.base + whole, scan.area.base + scan.area.size);
}

bool ScanElements(Scan * scan, const PartRule & part, PartPlace * place) {
    const uint64_t start = AlignUp(scan->end, part.align);
    uint64_t count = 0;
    if (!(part.count != nullptr ? ReadCount(*scan, part, &count)
                                : CountRest(*scan, part, start, &count))) {
        return false;
    }
    place->count = count;
    if (count == 0) {
        return true;
    }
    place->offset = start;
    place->size = count * part.size;
    if (!Within(scan->walk, scan->area, start + place->size)) {
        return false;
    }
    scan->end = start + place->size;
    for (uint64_t i = 0; part.check != nullptr && scan->walk.fault != nullptr && i < count; i++) {
        if (!CheckValues(scan->walk, part.check, scan->area, start + i * part.size)) {
            return false;
        }
    }
    return true;
}

/// One record of varying size, at the next multiple of its alignment.
bool ScanNested(Scan * scan, const PartRule & part, PartPlace * place) {
    const uint64_t aligned = AlignUp(scan->end, part.align);
    const uint64_t start = aligned < scan->area.size ? aligned : scan->area.size;
    const Area inner = {.bytes = scan->area.bytes + start,
                        .size = scan->area.size - start,
                        .base = scan->area.base + start};
    uint64_t size = 0;
    if (!ScanRecord(scan->walk, *part.record, inner, nullptr, &size)) {
        return false;
    }
    place->offset = start;
    place->size = size;
    if (size > 0) {
        scan->end = start + size;
    }
    return true;
}

bool ScanRecords(Scan * scan, const PartRule & part, PartPlace * place) {
    uint64_t count = UINT64_MAX;
    if (part.count != nullptr && !ReadCount(*scan, part, &count)) {
        return false;
    }
    uint64_t first = 0;
    uint64_t done = 0;
    while (done < count) {
        const uint64_t next = AlignUp(scan->end, part.align);
        if (part.count == nullptr && next >= scan->area.size) {
            // Padding behind the last one may be there.
            scan->end = scan->area.size;
            break;
        }
        if (part.count == nullptr && done == part.max) {
            return CheckLimits(scan->walk, part, static_cast<int64_t>(done) + 1,
                               scan->area.base + next);
        }
        PartPlace element;
        if (!ScanNested(scan, part, &element)) {
            return false;
        }
        first = done == 0 ? element.offset : first;
        done++;
    }
    *place = {.offset = first, .size = done == 0 ? 0 : scan->end - first, .count = done};
    return part.count != nullptr ||
           CheckLimits(scan->walk, part, static_cast<int64_t>(done), scan->area.base + scan->end);
}

bool CheckText(const Scan & scan, const PartRule & part, uint64_t start, uint64_t size) {
    const uint8_t * text = scan.area.bytes + start;
    const uint64_t length = LengthOfText(text, size);
    const bool wrong = (part.text & kTextTerminated)     ? length == size
                       : (part.text & kTextUnterminated) ? length < size
                                                         : false;
    // Behind the NUL there is nothing.
    if (wrong || !IsZero(text + length, size - length)) {
        return Refuse(scan.walk, {.argument = ArgumentAt(scan.area.base + start),
                                  .rule = kDextgenRuleStringTerminator,
                                  .limit = size,
                                  .actual = length});
    }
    const bool sound = (part.text & kTextAscii) ? IsAscii(text, length) : IsUtf8(text, length);
    return sound || Refuse(scan.walk, {.argument = ArgumentAt(scan.area.base + start),
                                       .rule = kDextgenRuleUtf8,
                                       .limit = size,
                                       .actual = length});
}

bool ScanText(Scan * scan, const PartRule & part, PartPlace * place) {
    const uint64_t start = scan->end;
    uint64_t size = scan->area.size - start;
    const bool counted =
        part.count != nullptr
            ? ReadCount(*scan, part, &size)
            : CheckLimits(scan->walk, part, static_cast<int64_t>(size), scan->area.base + start);
    if (!counted || !Within(scan->walk, scan->area, start + size)) {
        return false;
    }
    *place = {.offset = start, .size = size, .count = LengthOfText(scan->area.bytes + start, size)};
    scan->end = start + size;
    return scan->walk.fault == nullptr || CheckText(*scan, part, start, size);
}

bool ScanPart(Scan * scan, const PartRule & part, PartPlace * place) {
    switch (part.kind) {
    case PartKind::Fixed: {
        const bool sound = ScanFixed(scan, part);
        *place = {.offset = scan->end - part.size, .size = part.size, .count = 1};
        return sound;
    }
    case PartKind::Array:
        return part.record != nullptr ? ScanRecords(scan, part, place)
                                      : ScanElements(scan, part, place);
    case PartKind::Text:
        return ScanText(scan, part, place);
    case PartKind::Record:
        place->count = 1;
        return ScanNested(scan, part, place);
    }
    return false;
}

bool ScanVariant(const Walk & walk, const VariantRule & rule, const Area & area, uint64_t * end) {
    if (!Within(walk, area, rule.offset + SizeOfScalar(rule.scalar))) {
        return false;
    }
    const uint64_t tag = TagOf(rule, area.bytes);
    const CaseRule * found = CaseOf(rule, tag);
    if (found == nullptr) {
        return Refuse(walk, {.argument = ArgumentAt(area.base + rule.offset),
                             .rule = kDextgenRuleTag,
                             .limit = rule.caseCount,
                             .actual = tag});
    }
    *end = found->size;
    if (found->record == nullptr) {
        return Within(walk, area, found->size) && CheckValues(walk, found->check, area, rule.body);
    }
    if (!Within(walk, area, rule.body)) {
        return false;
    }
    const Area inner = {.bytes = area.bytes + rule.body,
                        .size = area.size - rule.body,
                        .base = area.base + rule.body};
    uint64_t size = 0;
    const bool sound = ScanRecord(walk, *found->record, inner, nullptr, &size);
    *end = rule.body + size;
    return sound;
}

bool ScanRecord(const Walk & walk, const RecordRule & rule, const Area & area, PartPlace * places,
                uint64_t * end) {
    bool sound = true;
    if (rule.variant != nullptr) {
        sound = ScanVariant(walk, *rule.variant, area, end);
    } else {
        Scan scan = {.walk = walk, .area = area};
        for (uint32_t i = 0; sound && i < rule.partCount; i++) {
            PartPlace place;
            sound = ScanPart(&scan, rule.parts[i], &place);
            if (places != nullptr) {
                places[i] = place;
            }
        }
        *end = scan.end;
    }
    if (!sound || *end <= rule.max) {
        return sound;
    }
    const uint32_t whole = kDextgenArgumentStruct;
    return Refuse(walk, {.argument = area.base == 0 ? whole : ArgumentAt(area.base),
                         .rule = kDextgenRuleTotal,
                         .limit = rule.max,
                         .actual = *end});
}

} // namespace

bool CheckRecord(const RecordRule & rule, const void * bytes, uint64_t size, Fault * fault,
                 const RecordTerms & terms) {
    const Walk walk = {.fault = fault, .handles = terms.handles};
    const Area area = {.bytes = static_cast<const uint8_t *>(bytes), .size = size, .base = 0};
    uint64_t end = 0;
    return ScanRecord(walk, rule, area, nullptr, &end) &&
           (terms.longer || end == size || RefuseSize(walk, end, size));
}

uint64_t MapRecord(const RecordRule & rule, const void * bytes, uint64_t size, PartPlace * places) {
    const Walk walk = {.fault = nullptr};
    const Area area = {.bytes = static_cast<const uint8_t *>(bytes), .size = size, .base = 0};
    uint64_t end = 0;
    return ScanRecord(walk, rule, area, places, &end) ? end : 0;
}

uint64_t VariantSize(const VariantRule & rule, const void * bytes) {
    const CaseRule * found = CaseOf(rule, TagOf(rule, bytes));
    return found == nullptr ? 0 : found->size;
}

} // namespace dextgen
