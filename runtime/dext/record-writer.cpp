// Writing a record. Nothing is written that does not fit, and nothing out of order.
#include "records.h"

#include "text.h"

namespace dextgen {

namespace {

void StoreWord(Scalar scalar, bool bigEndian, uint64_t word, uint8_t * target) {
    const uint32_t size = SizeOfScalar(scalar);
    for (uint32_t i = 0; i < size; i++) {
        target[bigEndian ? size - 1 - i : i] = static_cast<uint8_t>(word >> (8 * i));
    }
}

/// What the other side would refuse does not leave.
bool IsText(const PartRule & rule, const char * text, uint64_t length) {
    const uint8_t * bytes = reinterpret_cast<const uint8_t *>(text);
    return LengthOfText(bytes, length) == length &&
           ((rule.text & kTextAscii) ? IsAscii(bytes, length) : IsUtf8(bytes, length));
}

uint64_t LargestOf(Scalar scalar) {
    const bool isSigned = scalar >= Scalar::I8 && scalar <= Scalar::I64;
    const uint32_t bits = SizeOfScalar(scalar) * 8 - (isSigned ? 1 : 0);
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

} // namespace

bool RecordWriter::Refuse() {
    failed_ = true;
    return false;
}

/// Moves on to where `needed` bytes begin. What is skipped is zero already.
bool RecordWriter::Align(uint64_t align, uint64_t needed) {
    const uint64_t start = (end_ + align - 1) / align * align;
    if (failed_ || start > capacity_ || needed > capacity_ - start) {
        full_ = full_ || !failed_;
        return Refuse();
    }
    if (start + needed > rule_.max) {
        return Refuse();
    }
    end_ = start;
    return true;
}

/// Writes the number of elements into the field that counts them.
bool RecordWriter::Mark(const PartRule & part) {
    const CountRule * rule = part.count;
    if (rule == nullptr) {
        return true;
    }
    const int64_t rest = static_cast<int64_t>(count_) - rule->plus;
    if (rest < 0 || rest % rule->times != 0) {
        return Refuse();
    }
    const uint64_t word = static_cast<uint64_t>(rest) / rule->times;
    if (word > LargestOf(rule->scalar) || rule->part >= fixed_) {
        return Refuse();
    }
    StoreWord(rule->scalar, rule->bigEndian, word, bytes_ + starts_[rule->part] + rule->offset);
    return true;
}

/// Elements may have been written in place, with whatever their padding held.
void RecordWriter::ClearElements(const PartRule & part) {
    for (uint64_t i = 0; part.check != nullptr && part.record == nullptr && i < count_; i++) {
        ClearPadding(*part.check, bytes_ + first_ + i * part.size);
    }
}

/// Ends a part, written or not.
bool RecordWriter::Leave(const PartRule & part) {
    switch (part.kind) {
    case PartKind::Fixed:
        return entered_ || Put(part_, nullptr, 0);
    case PartKind::Array:
        ClearElements(part);
        return (count_ >= part.min || Refuse()) && Mark(part);
    case PartKind::Text:
        return (entered_ || PutText(part_, "", 0)) && Mark(part);
    case PartKind::Record:
        return entered_ || part.min == 0 || Refuse();
    }
    return Refuse();
}

bool RecordWriter::Enter(uint32_t part) {
    if (failed_ || part < part_ || part > rule_.partCount) {
        return Refuse();
    }
    while (part_ < part) {
        if (!Leave(rule_.parts[part_])) {
            return false;
        }
        part_++;
        count_ = 0;
        entered_ = false;
    }
    return true;
}

bool RecordWriter::Put(uint32_t part, const void * value, uint64_t size) {
    if (part >= rule_.partCount || (part != part_ && !Enter(part))) {
        return Refuse();
    }
    const PartRule & rule = rule_.parts[part];
    if (rule.kind != PartKind::Fixed || entered_ || fixed_ >= kMaxFixedParts ||
        !Align(rule.align, rule.size)) {
        return Refuse();
    }
    uint8_t * target = bytes_ + end_;
    if (value != nullptr) {
        memcpy(target, value, static_cast<size_t>(size < rule.size ? size : rule.size));
    }
    if (value != nullptr && rule.check != nullptr) {
        ClearPadding(*rule.check, target, rule.size);
    }
    starts_[fixed_++] = end_;
    end_ += rule.size;
    entered_ = true;
    return true;
}

uint8_t * RecordWriter::Reserve(uint32_t part, uint64_t count) {
    if (!Enter(part) || part >= rule_.partCount) {
        Refuse();
        return nullptr;
    }
    const PartRule & rule = rule_.parts[part];
    if (rule.kind != PartKind::Array || rule.record != nullptr || count > rule.max - count_) {
        Refuse();
        return nullptr;
    }
    if (count == 0) {
        return bytes_ + end_;
    }
    if (!Align(rule.align, count * rule.size)) {
        return nullptr;
    }
    uint8_t * target = bytes_ + end_;
    first_ = count_ == 0 ? end_ : first_;
    end_ += count * rule.size;
    count_ += count;
    return target;
}

bool RecordWriter::Add(uint32_t part, const void * elements, uint64_t count) {
    uint8_t * target = Reserve(part, count);
    if (target == nullptr) {
        return false;
    }
    if (count > 0) {
        memcpy(target, elements, static_cast<size_t>(count * rule_.parts[part].size));
    }
    return true;
}

bool RecordWriter::PutText(uint32_t part, const char * text, uint64_t length) {
    if (part >= rule_.partCount || (part != part_ && !Enter(part))) {
        return Refuse();
    }
    const PartRule & rule = rule_.parts[part];
    const uint64_t size = length + ((rule.text & kTextTerminated) ? 1 : 0);
    if (rule.kind != PartKind::Text || entered_ || length > rule.max || size > rule.max ||
        size < rule.min || !IsText(rule, text, length) || !Align(1, size)) {
        return Refuse();
    }
    if (length > 0 && static_cast<const void *>(text) != bytes_ + end_) {
        memcpy(bytes_ + end_, text, static_cast<size_t>(length));
    }
    end_ += size;
    count_ = size;
    entered_ = true;
    return true;
}

uint8_t * RecordWriter::Begin(uint32_t part, uint64_t * capacity) {
    *capacity = 0;
    if (!Enter(part) || part >= rule_.partCount || rule_.parts[part].record == nullptr) {
        Refuse();
        return nullptr;
    }
    const PartRule & rule = rule_.parts[part];
    const bool full = rule.kind == PartKind::Array ? count_ >= rule.max : entered_;
    if (full || !Align(rule.align, 0)) {
        Refuse();
        return nullptr;
    }
    *capacity = capacity_ - end_;
    return bytes_ + end_;
}

bool RecordWriter::Added(uint32_t part, uint64_t size) {
    if (failed_ || part != part_ || part >= rule_.partCount || size > capacity_ - end_ ||
        size > rule_.max - end_) {
        return Refuse();
    }
    // A record that varies in size and failed has none.
    if (size == 0 && rule_.parts[part].kind == PartKind::Array) {
        return Refuse();
    }
    end_ += size;
    count_++;
    entered_ = true;
    return true;
}

bool RecordWriter::Added(uint32_t part, RecordWriter * inner) {
    const uint64_t size = inner->Finish();
    full_ = full_ || inner->IsFull();
    return inner->Failed() ? Refuse() : Added(part, size);
}

bool RecordWriter::AddedCase(uint32_t index, uint64_t tag, RecordWriter * inner) {
    const uint64_t size = inner->Finish();
    full_ = full_ || inner->IsFull();
    return inner->Failed() ? Refuse() : AddedCase(index, tag, size);
}

uint8_t * RecordWriter::BeginCase(uint64_t * capacity) {
    const VariantRule * rule = rule_.variant;
    *capacity = 0;
    if (entered_ || rule == nullptr || !Align(1, rule->body)) {
        Refuse();
        return nullptr;
    }
    *capacity = capacity_ - rule->body;
    return bytes_ + rule->body;
}

bool RecordWriter::AddedCase(uint32_t index, uint64_t tag, uint64_t size) {
    const VariantRule * rule = rule_.variant;
    const uint64_t tagEnd = rule == nullptr ? 0 : rule->offset + SizeOfScalar(rule->scalar);
    if (failed_ || entered_ || rule == nullptr || size > capacity_ - rule->body ||
        rule->body + size > rule_.max || tagEnd > capacity_ || rule->body + size < tagEnd) {
        return Refuse();
    }
    const CaseRule * expected = index < rule->caseCount ? &rule->cases[index] : rule->other;
    const bool before = rule->body >= tagEnd;
    if (before || (expected != nullptr && index < rule->caseCount && expected->single)) {
        StoreWord(rule->scalar, rule->bigEndian, tag, bytes_ + rule->offset);
    }
    // A number that the driver wrote itself has to be one of the case's.
    const CaseRule * written = CaseOf(*rule, TagOf(*rule, bytes_));
    if (expected == nullptr || written == nullptr || written->shape != expected->shape) {
        return Refuse();
    }
    end_ = rule->body + size;
    entered_ = true;
    return true;
}

bool RecordWriter::PutCase(uint32_t index, uint64_t tag, const void * value) {
    const VariantRule * rule = rule_.variant;
    const CaseRule * one = rule == nullptr           ? nullptr
                           : index < rule->caseCount ? &rule->cases[index]
                                                     : rule->other;
    if (one == nullptr || one->size > capacity_) {
        return Refuse();
    }
    // A case that is nothing but its number ends before where the others begin.
    if (one->size <= rule->body && value == nullptr) {
        StoreWord(rule->scalar, rule->bigEndian, tag, bytes_ + rule->offset);
        const CaseRule * written = CaseOf(*rule, TagOf(*rule, bytes_));
        end_ = one->size;
        entered_ = true;
        return (written != nullptr && written->shape == one->shape) || Refuse();
    }
    uint64_t capacity = 0;
    uint8_t * target = BeginCase(&capacity);
    if (target == nullptr || one->size < rule->body || value == nullptr) {
        return Refuse();
    }
    const uint64_t size = one->size - rule->body;
    memcpy(target, value, static_cast<size_t>(size));
    if (one->check != nullptr) {
        ClearPadding(*one->check, target);
    }
    return AddedCase(index, tag, size);
}

uint64_t RecordWriter::Finish() {
    if (rule_.variant != nullptr) {
        return !failed_ && entered_ ? end_ : 0;
    }
    return Enter(rule_.partCount) ? end_ : 0;
}

} // namespace dextgen
