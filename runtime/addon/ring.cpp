// The reader's half of the ring protocol. Pure memory: no Node-API, no IOKit.
#include "ring.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace dextgen {
namespace {

// Compiler builtins: std::atomic_ref is missing from the C++ libraries of many Xcode releases.
template <typename Word> Word LoadAcquire(const Word & word) {
    return __atomic_load_n(&word, __ATOMIC_ACQUIRE);
}

template <typename Word> Word LoadRelaxed(const Word & word) {
    return __atomic_load_n(&word, __ATOMIC_RELAXED);
}

} // namespace

const char * CheckRing(const RingShape & shape, const Mapping & ring, const Mapping & control) {
    if (shape.capacity == 0 || (shape.capacity & (shape.capacity - 1)) != 0)
        return "the capacity of the ring is not a power of two";
    if (shape.recordSize == 0)
        return "the ring has no record size";
    const uint64_t records = uint64_t{shape.capacity} * shape.recordSize;
    if (!ring.Contains(sizeof(DextgenRingHeader), records))
        return "the ring is larger than its memory";
    if (!control.Contains(0, sizeof(DextgenRingControl)) || !control.writable)
        return "the control page of the ring is too small or cannot be written";
    if (!ring.IsAligned(0, sizeof(uint64_t)) || !control.IsAligned(0, sizeof(uint64_t)))
        return "the memory of the ring begins within a word";
    const auto * header = reinterpret_cast<const DextgenRingHeader *>(ring.address);
    if (header->magic != kDextgenRingMagic)
        return "the memory does not hold a ring";
    if (header->layoutVersion != kDextgenRingLayoutVersion)
        return "the ring has another layout";
    return nullptr;
}

// A page that was used before keeps its last arming, which the driver takes for answered.
Ring::Ring(RingShape shape, std::shared_ptr<Mapping> ring, std::shared_ptr<Mapping> control)
    : shape_(shape), ring_(std::move(ring)), control_(std::move(control)),
      armed_(LoadRelaxed(Control()->armed)), answered_(armed_) {}

// Records that can be copied. Moves `read_` past what an overwriting driver has already begun to
// replace.
uint64_t Ring::Available() {
    const uint64_t written = LoadAcquire(Header()->written);
    uint64_t available = written - read_;
    if (available <= shape_.capacity)
        return available;
    // More than half the number space ahead is behind: an index never goes back.
    if (!Overwrites() || available > UINT64_MAX / 2) {
        corrupt_ = true;
        return 0;
    }
    skipped_ += available - shape_.capacity;
    read_ = written - shape_.capacity;
    return shape_.capacity;
}

// One arming is under way at a time: while it is unanswered, the doorbell that answers it is still
// to come, and it wakes this reader whatever was published meanwhile.
void Ring::Arm() {
    if (answered_ != armed_)
        return;
    __atomic_store_n(&Control()->armed, ++armed_, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

Ring::Span Ring::Next(uint32_t maximum) {
    uint64_t available = Available();
    if (available == 0 && !corrupt_) {
        Arm();
        available = Available();
    }
    const uint64_t count = std::min<uint64_t>({available, maximum, shape_.capacity});
    return {read_, static_cast<uint32_t>(count)};
}

void Ring::CopyRecords(Span span, uint8_t * target) const {
    const uint8_t * records = ring_->address + sizeof(DextgenRingHeader);
    const uint64_t start = span.first & (shape_.capacity - 1);
    const uint64_t head = std::min<uint64_t>(span.count, shape_.capacity - start);
    const size_t size = shape_.recordSize;
    std::memcpy(target, records + start * size, head * size);
    std::memcpy(target + head * size, records, (span.count - head) * size);
}

uint64_t Ring::TakeLost() {
    uint64_t refused = 0;
    if (!Overwrites()) {
        const uint64_t total = LoadRelaxed(Header()->lost);
        refused = total > refusedSeen_ ? total - refusedSeen_ : 0;
        refusedSeen_ = total;
    }
    return std::exchange(skipped_, 0) + refused;
}

Ring::Result Ring::Copy(Span span, uint8_t * target) {
    if (span.count == 0) {
        // The driver sets the state after its last record, so a closed ring is looked at once more.
        const bool closed = LoadAcquire(Header()->state) == kDextgenRingClosed;
        const bool left = closed && !corrupt_ && Available() != 0;
        const State state = corrupt_          ? State::kCorrupt
                            : closed && !left ? State::kEnded
                                              : State::kOpen;
        return {0, 0, TakeLost(), state, LoadRelaxed(Header()->reason)};
    }
    CopyRecords(span, target);
    uint32_t torn = 0;
    if (Overwrites()) {
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        const uint64_t reserved = LoadRelaxed(Header()->reserved);
        const uint64_t oldest = reserved - shape_.capacity; // modulo 2^64, as the difference below
        const auto overtaken = static_cast<int64_t>(oldest - span.first);
        if (overtaken > 0)
            torn = static_cast<uint32_t>(std::min<int64_t>(overtaken, span.count));
        skipped_ += torn;
    }
    read_ = span.first + span.count;
    if (!Overwrites())
        __atomic_store_n(&Control()->read, read_, __ATOMIC_RELEASE);
    return {torn, span.count - torn, TakeLost(), State::kOpen, 0};
}

} // namespace dextgen
