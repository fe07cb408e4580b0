// Structs whose size varies, as data: the walk that checks one and finds its parts, and what reads
// and writes them. Depends on nothing of DriverKit; generated readers and writers are its thin
// skin.
#ifndef DEXTGEN_RECORDS_H
#define DEXTGEN_RECORDS_H

#include "values.h"

#include <string.h>

namespace dextgen {

enum class PartKind : uint8_t { Fixed, Array, Text, Record };

/// A field that counts what follows: `value * times + plus`.
struct CountRule {
    uint32_t part;   // number of the fixed part it lies in, among the fixed ones
    uint32_t offset; // in that part
    Scalar scalar;
    bool bigEndian = false;
    uint32_t times = 1;
    int32_t plus = 0;
};

enum : uint8_t {
    kTextAscii = 1,        // else UTF-8
    kTextTerminated = 2,   // a NUL ends it, and counts
    kTextUnterminated = 4, // a NUL is refused; with neither flag it may have one
};

/// One part of a record, at the next multiple of its alignment. An empty one takes no room at all.
struct PartRule {
    PartKind kind;
    uint8_t text = 0; // kText…
    uint32_t align = 1;
    uint32_t size = 0;                   // of a fixed part, or of an element of fixed size
    const StructRule * check = nullptr;  // of the fixed part or of each element; null: anything
    const RecordRule * record = nullptr; // the part, or each element, where their size varies
    const CountRule * count = nullptr;   // null: it goes on to the end
    uint64_t min = 0;                    // elements; bytes of a text
    uint64_t max = 0;
};

/// Either parts behind each other, or one case of a variant.
struct RecordRule {
    uint64_t max; // bytes
    const PartRule * parts = nullptr;
    uint32_t partCount = 0;
    const VariantRule * variant = nullptr; // then there are no parts
};

enum : uint32_t {
    kMaxFixedParts = 16, // of one record
};

/// Where a part lies in its record.
struct PartPlace {
    uint64_t offset = 0;
    uint64_t size = 0;  // bytes
    uint64_t count = 0; // elements
};

/// On what terms bytes are a record.
struct RecordTerms {
    const HandleLookup * handles = nullptr; // null where a record has none
    bool longer = false;                    // bytes may follow, which nobody looks at
};

/// Everything the schema says of a record, in `size` bytes that came from outside. `text` parts are
/// checked, padding between parts is not. The record must take all of the bytes, unless there may
/// be more, which nobody looks at.
bool CheckRecord(const RecordRule & rule, const void * bytes, uint64_t size, Fault * fault,
                 const RecordTerms & terms = {});

/// Where the parts of a record lie that CheckRecord has passed: `places` has one for each part.
/// Gives the bytes that the record takes, of the `size` there are.
uint64_t MapRecord(const RecordRule & rule, const void * bytes, uint64_t size, PartPlace * places);

/// Bytes that the case of a variant with cases of fixed size takes; 0 when its number stands for
/// none.
uint64_t VariantSize(const VariantRule & rule, const void * bytes);

/// A copy of a value that may lie at any address.
template <typename Value> Value LoadAs(const uint8_t * bytes, uint64_t size) {
    Value value = {};
    memcpy(&value, bytes, size < sizeof(Value) ? static_cast<size_t>(size) : sizeof(Value));
    return value;
}

/// An element of an array; zero past its end.
template <typename Value>
Value ElementAs(const uint8_t * bytes, const PartPlace & place, uint64_t index) {
    const uint64_t left = index < place.count ? sizeof(Value) : 0;
    return LoadAs<Value>(left == 0 ? bytes : bytes + place.offset + index * sizeof(Value), left);
}

/// The same for what C++ cannot return: arrays.
inline void CopyElement(void * target, uint64_t size, const uint8_t * bytes,
                        const PartPlace & place, uint64_t index) {
    memset(target, 0, static_cast<size_t>(size));
    if (index < place.count) {
        memcpy(target, bytes + place.offset + index * size, static_cast<size_t>(size));
    }
}

/// Elements of varying size behind each other, for `for (const Reader & item : list)`.
template <typename Reader> class RecordList {
  public:
    class Iterator {
      public:
        Iterator(const uint8_t * base, const PartPlace & place, uint32_t align, uint64_t left)
            : base_(base), end_(place.offset + place.size), align_(align), left_(left),
              item_(base + place.offset, place.size) {
            at_ = place.offset;
        }
        const Reader & operator*() const { return item_; }
        bool operator!=(const Iterator & other) const { return left_ != other.left_; }
        Iterator & operator++() {
            left_--;
            at_ = (at_ + item_.Size() + align_ - 1) / align_ * align_;
            item_ = left_ > 0 && at_ < end_ ? Reader(base_ + at_, end_ - at_) : Reader(base_, 0);
            return *this;
        }

      private:
        const uint8_t * base_;
        uint64_t end_;
        uint64_t at_;
        uint64_t align_;
        uint64_t left_;
        Reader item_;
    };

    RecordList(const uint8_t * base, const PartPlace & place, uint32_t align)
        : base_(base), place_(place), align_(align) {}
    Iterator begin() const { return Iterator(base_, place_, align_, place_.count); }
    Iterator end() const { return Iterator(base_, PartPlace(), align_, 0); }
    uint64_t Count() const { return place_.count; }

  private:
    const uint8_t * base_;
    PartPlace place_;
    uint32_t align_;
};

/// Writes one record, part by part in their order, into memory that is zero. What does not fit, is
/// out of order or too much is refused, and then the record as a whole: Finish gives 0. Counts are
/// filled in. A part that is left out is zero, or has no elements.
class RecordWriter {
  public:
    RecordWriter(const RecordRule & rule, uint8_t * bytes, uint64_t capacity)
        : rule_(rule), bytes_(bytes), capacity_(capacity) {}

    /// A fixed part.
    bool Put(uint32_t part, const void * value, uint64_t size);
    /// The next elements of an array of elements of fixed size.
    bool Add(uint32_t part, const void * elements, uint64_t count);
    /// Room for so many of them, to be written in place; null when there is none.
    uint8_t * Reserve(uint32_t part, uint64_t count);
    /// A text without its NUL, which is added where there has to be one.
    bool PutText(uint32_t part, const char * text, uint64_t length);
    /// Where the next element of varying size, or the nested record, begins; null when there is no
    /// room. `Added` follows, with the size that a writer of its own gave.
    uint8_t * Begin(uint32_t part, uint64_t * capacity);
    bool Added(uint32_t part, uint64_t size);
    bool Added(uint32_t part, RecordWriter * inner);

    /// Case number `index` of a variant; the one for every other number comes last. `tag` is the
    /// number that is written before the cases, or into a case that has but one.
    bool PutCase(uint32_t index, uint64_t tag, const void * value);
    uint8_t * BeginCase(uint64_t * capacity);
    bool AddedCase(uint32_t index, uint64_t tag, uint64_t size);
    bool AddedCase(uint32_t index, uint64_t tag, RecordWriter * inner);

    /// Bytes of the whole; 0 when something was refused.
    uint64_t Finish();
    bool Failed() const { return failed_; }
    /// It failed because there was no more room.
    bool IsFull() const { return full_; }
    /// Bytes behind what was written so far.
    uint64_t Room() const { return capacity_ - end_; }

  private:
    bool Refuse();
    bool Enter(uint32_t part);
    bool Leave(const PartRule & part);
    bool Align(uint64_t align, uint64_t needed);
    bool Mark(const PartRule & part);
    void ClearElements(const PartRule & part);

    const RecordRule & rule_;
    uint8_t * bytes_;
    uint64_t capacity_;
    uint64_t end_ = 0;     // written so far
    uint32_t part_ = 0;    // the part that is being written
    uint64_t count_ = 0;   // its elements so far
    uint64_t first_ = 0;   // where its elements begin
    bool entered_ = false; // it was written to
    bool failed_ = false;
    bool full_ = false;
    uint32_t fixed_ = 0; // fixed parts so far
    uint64_t starts_[kMaxFixedParts] = {};
};

} // namespace dextgen

#endif
