// The entries of a data queue, byte by byte (contract §3.1).
#include "support.h"

#include "driverkit/framework/data_queue.h"

#include <cstring>
#include <vector>

using namespace dextsim;

namespace {

// A queue of `bytes` for entries, and what its two sides are told.
struct Bench {
    explicit Bench(uint32_t bytes)
        : memory((sizeof(DataQueueHeader) + bytes) / 8 + 1), queue(memory.data(), bytes),
          header(reinterpret_cast<DataQueueHeader *>(memory.data())) {}

    kern_return_t put(uint32_t size, uint8_t value) {
        available = false;
        return queue.enqueue(size, &available, [value](uint8_t * data, size_t length) {
            memset(data, value, length);
        });
    }
    // The first byte of the entry, or -1.
    int take() {
        served = false;
        int found = -1;
        queue.dequeue(&served, [&](uint8_t * data, size_t length) {
            found = length > 0 ? data[0] : 0;
            headInside = header->head.load();
        });
        return found;
    }

    std::vector<uint64_t> memory;
    DataQueue queue;
    DataQueueHeader * header;
    bool available = false;
    bool served = false;
    uint32_t headInside = 0;
};

void testBounds() {
    Bench b(16); // two entries of 4 + 4 bytes
    CHECK(b.take() == -1 && !b.served);
    CHECK(b.put(4, 1) == kIOReturnSuccess && b.available);  // empty no more
    CHECK(b.put(3, 2) == kIOReturnSuccess && !b.available); // rounded up to 4
    CHECK(b.header->tail == 16);
    CHECK(b.put(4, 3) == kIOReturnOverrun && b.available); // nothing is overwritten
    CHECK(b.header->needServicedCallback == 1);
    CHECK(b.take() == 1 && b.served && b.headInside == 0); // the head moves behind the visit
    CHECK(b.header->head == 8 && b.header->needServicedCallback == 0);
    // As many bytes as the head leaves are too few: head and tail would meet.
    CHECK(b.put(4, 3) == kIOReturnOverrun);
    CHECK(b.queue.canEnqueue(4, 1) == kIOReturnOverrun);
    CHECK(b.take() == 2 && b.served);
    CHECK(b.queue.canEnqueue(4, 1) == kIOReturnSuccess);
    CHECK(b.put(4, 4) == kIOReturnSuccess && b.available); // wraps
    CHECK(b.header->tail == 8);
    CHECK(b.put(4, 5) == kIOReturnOverrun); // tail < head, exactly as many as are left
    CHECK(b.take() == 4 && b.take() == -1);
}

void testWrap() {
    Bench b(20);
    CHECK(b.put(4, 1) == kIOReturnSuccess && b.put(4, 2) == kIOReturnSuccess);
    CHECK(b.take() == 1 && b.take() == 2);
    CHECK(b.put(8, 3) == kIOReturnSuccess); // four bytes are left at the end: they say so
    uint32_t mark = 0;
    memcpy(&mark, reinterpret_cast<uint8_t *>(b.header + 1) + 16, sizeof mark);
    CHECK(mark == 8);
    CHECK(b.take() == 3 && b.header->head == 12);
}

void testCorruption() {
    Bench b(16);
    CHECK(b.put(4, 1) == kIOReturnSuccess);
    b.header->head = 20;
    CHECK(b.take() == -1);
    CHECK(b.queue.peek([](uint8_t *, size_t) {}) == kIOReturnError);
    CHECK(b.put(4, 1) == kIOReturnUnderrun);
    b.header->head = 0;
    b.header->tail = 20;
    CHECK(b.put(4, 1) == kIOReturnUnderrun);
}

} // namespace

void testDataQueue() {
    testBounds();
    testWrap();
    testCorruption();
}
