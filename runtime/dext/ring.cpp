// The two policies of a ring and the wake-up hand-shake.
// Compiler builtins rather than std::atomic_ref, which DriverKit's C++ library lacks.
#include "ring.h"

#include <string.h>

namespace dextgen {

namespace {

void Copy(RingWriter * ring, uint64_t index, const uint8_t * records, uint32_t count) {
    const uint64_t size = ring->shape.recordSize;
    const uint32_t slot = static_cast<uint32_t>(index & (ring->shape.capacity - 1));
    const uint32_t untilEnd = ring->shape.capacity - slot;
    const uint32_t first = count < untilEnd ? count : untilEnd;
    memcpy(ring->records + slot * size, records, first * size);
    memcpy(ring->records, records + first * size, (count - first) * size);
}

void Publish(RingWriter * ring, uint64_t written) {
    ring->written = written;
    __atomic_store_n(&ring->header->written, written, __ATOMIC_RELEASE);
}

RingResult Overwrite(RingWriter * ring, const uint8_t * records, uint32_t count) {
    const uint64_t end = ring->written + count;
    // A reader that sees any byte of what follows also sees `reserved`, and discards what it may
    // have torn.
    __atomic_store_n(&ring->header->reserved, end, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    // Of a batch longer than the ring only its end can ever be read.
    const uint32_t kept = count < ring->shape.capacity ? count : ring->shape.capacity;
    const uint64_t skipped = count - kept;
    Copy(ring, ring->written + skipped, records + skipped * ring->shape.recordSize, kept);
    Publish(ring, end);
    return {.written = count, .lost = 0, .broken = false};
}

RingResult Fill(RingWriter * ring, const uint8_t * records, uint32_t count) {
    const uint64_t read = __atomic_load_n(&ring->control->read, __ATOMIC_ACQUIRE);
    const uint64_t used = ring->written - read;
    if (used > ring->shape.capacity) {
        return {.written = 0, .lost = count, .broken = true};
    }
    const uint64_t room = ring->shape.capacity - used;
    const uint32_t taken = count < room ? count : static_cast<uint32_t>(room);
    const uint64_t end = ring->written + taken;
    __atomic_store_n(&ring->header->reserved, end, __ATOMIC_RELAXED);
    Copy(ring, ring->written, records, taken);
    if (taken < count) {
        ring->lost += count - taken;
        __atomic_store_n(&ring->header->lost, ring->lost, __ATOMIC_RELAXED);
    }
    Publish(ring, end);
    return {.written = taken, .lost = count - taken, .broken = false};
}

} // namespace

uint64_t RingBytes(const RingShape & shape) {
    return sizeof(DextgenRingHeader) + static_cast<uint64_t>(shape.capacity) * shape.recordSize;
}

void RingStart(RingWriter * ring, void * memory, const void * control, const RingShape & shape) {
    *ring = {};
    ring->header = static_cast<DextgenRingHeader *>(memory);
    ring->control = static_cast<const DextgenRingControl *>(control);
    ring->records = static_cast<uint8_t *>(memory) + sizeof(DextgenRingHeader);
    ring->shape = shape;
    // A page that was used before holds an old arming; only a new value is a wait.
    ring->answered = __atomic_load_n(&ring->control->armed, __ATOMIC_ACQUIRE);

    DextgenRingHeader * header = ring->header;
    header->magic = kDextgenRingMagic;
    header->layoutVersion = kDextgenRingLayoutVersion;
    header->recordSize = shape.recordSize;
    header->capacity = shape.capacity;
    header->policy = shape.policy;
    header->eventId = shape.eventId;
    header->reason = 0;
    __atomic_store_n(&header->lost, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&header->reserved, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&header->written, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&header->state, kDextgenRingOpened, __ATOMIC_RELEASE);
}

RingResult RingWrite(RingWriter * ring, const void * records, uint32_t count) {
    const uint8_t * bytes = static_cast<const uint8_t *>(records);
    return ring->shape.policy == kDextgenPolicyDropOldest ? Overwrite(ring, bytes, count)
                                                          : Fill(ring, bytes, count);
}

bool RingIsArmed(const RingWriter * ring, uint32_t * arming) {
    // Pairs with the app's fence between arming and its last look: one of the two sees the other.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    *arming = __atomic_load_n(&ring->control->armed, __ATOMIC_RELAXED);
    return *arming != ring->answered;
}

void RingAnswer(RingWriter * ring, uint32_t arming) {
    ring->answered = arming;
}

void RingEnd(RingWriter * ring, uint32_t reason) {
    ring->header->reason = reason;
    __atomic_store_n(&ring->header->state, kDextgenRingClosed, __ATOMIC_RELEASE);
}

} // namespace dextgen
