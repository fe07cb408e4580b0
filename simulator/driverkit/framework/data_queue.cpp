// See data_queue.h. Every index that the other side may have written is read once, and checked
// before it is used.
#include "data_queue.h"

#include <cstring>

namespace dextsim {

namespace {

uint64_t rounded(uint64_t size) {
    return (size + 3) & ~uint64_t{3};
}

} // namespace

DataQueue::DataQueue(void * memory, uint32_t entriesSize)
    : header(static_cast<DataQueueHeader *>(memory)),
      entries(static_cast<uint8_t *>(memory) + sizeof(DataQueueHeader)), size(entriesSize) {}

uint32_t DataQueue::sizeAt(uint32_t offset) const {
    uint32_t value;
    memcpy(&value, entries + offset, sizeof value);
    return value;
}

void DataQueue::setSizeAt(uint32_t offset, uint32_t value) {
    memcpy(entries + offset, &value, sizeof value);
}

bool DataQueue::isEmpty() const {
    return header->head.load() == header->tail.load();
}

// ── the consumer's ──

struct DataQueue::Found {
    uint32_t at = 0;
    uint32_t size = 0; // of the data
    uint32_t next = 0; // where the entry behind it begins
    bool emptied = false;
};

kern_return_t DataQueue::find(Found & found) const {
    const uint32_t head = header->head.load(std::memory_order_relaxed);
    const uint32_t tail = header->tail.load(std::memory_order_acquire);
    if (head == tail) {
        return kIOReturnUnderrun;
    }
    if (head > size || tail > size) {
        return kIOReturnError;
    }
    found.at = head;
    const bool fits = head <= size - kDataQueueEntryHeader &&
                      rounded(sizeAt(head)) <= size - head - kDataQueueEntryHeader;
    if (!fits) {
        found.at = 0;
    }
    found.size = sizeAt(found.at);
    const uint64_t next = found.at + kDataQueueEntryHeader + rounded(found.size);
    if (next > size) {
        return kIOReturnError;
    }
    found.next = static_cast<uint32_t>(next);
    found.emptied = found.next == tail;
    return kIOReturnSuccess;
}

kern_return_t DataQueue::peek(const Visit & visit) const {
    Found found;
    const kern_return_t status = find(found);
    if (status == kIOReturnSuccess) {
        visit(entries + found.at + kDataQueueEntryHeader, found.size);
    }
    return status;
}

kern_return_t DataQueue::dequeue(bool * served, const Visit & visit) {
    Found found;
    const kern_return_t status = find(found);
    if (status == kIOReturnSuccess) {
        visit(entries + found.at + kDataQueueEntryHeader, found.size);
        header->head.store(found.next, std::memory_order_release);
        if (found.emptied) {
            std::atomic_thread_fence(std::memory_order_seq_cst);
        }
    }
    if (status != kIOReturnError && header->needServicedCallback.exchange(0) != 0) {
        *served = true;
    }
    return status;
}

// ── the producer's ──

struct DataQueue::Room {
    uint32_t head = 0;
    uint32_t tail = 0;
    uint32_t at = 0; // where the entry goes: at the tail or at the beginning
};

kern_return_t DataQueue::findRoom(uint64_t entry, Room & room) const {
    room.tail = header->tail.load(std::memory_order_relaxed);
    room.head = header->head.load(std::memory_order_acquire);
    if (room.tail > size || room.head > size) {
        return kIOReturnUnderrun;
    }
    if (room.tail < room.head) {
        room.at = room.tail;
        return room.head - room.tail > entry ? kIOReturnSuccess : kIOReturnOverrun;
    }
    if (room.tail + entry <= size) {
        room.at = room.tail;
        return kIOReturnSuccess;
    }
    room.at = 0;
    return room.head > entry ? kIOReturnSuccess : kIOReturnOverrun;
}

kern_return_t DataQueue::enqueue(uint32_t dataSize, bool * available, const Visit & visit) {
    const uint64_t entry = kDataQueueEntryHeader + rounded(dataSize);
    Room room;
    const kern_return_t status = findRoom(entry, room);
    if (status != kIOReturnSuccess) {
        if (status == kIOReturnOverrun) {
            header->needServicedCallback.store(1);
            *available = true;
        }
        return status;
    }
    if (room.at != room.tail && size - room.tail >= kDataQueueEntryHeader) {
        // Tells the consumer that it does not fit here.
        setSizeAt(room.tail, static_cast<uint32_t>(rounded(dataSize)));
    }
    setSizeAt(room.at, dataSize);
    visit(entries + room.at + kDataQueueEntryHeader, dataSize);
    header->tail.store(room.at + static_cast<uint32_t>(entry), std::memory_order_release);
    if (room.tail != room.head) {
        std::atomic_thread_fence(std::memory_order_seq_cst);
        room.head = header->head.load(std::memory_order_acquire);
    }
    if (room.tail == room.head) {
        *available = true;
    }
    return kIOReturnSuccess;
}

kern_return_t DataQueue::canEnqueue(uint32_t dataSize, uint32_t entryCount) const {
    const uint32_t tail = header->tail.load(std::memory_order_relaxed);
    const uint32_t head = header->head.load(std::memory_order_acquire);
    if (tail > size || head > size) {
        return kIOReturnError;
    }
    const uint64_t entry = kDataQueueEntryHeader + rounded(dataSize);
    // As many at the end as fit, the rest at the beginning, which must not reach the head.
    const uint64_t atEnd = tail >= head ? (size - tail) / entry : 0;
    const uint64_t limit = tail >= head ? head : head - tail;
    const uint64_t behind = limit == 0 ? 0 : (limit - 1) / entry;
    return entryCount <= atEnd + behind ? kIOReturnSuccess : kIOReturnOverrun;
}

} // namespace dextsim
