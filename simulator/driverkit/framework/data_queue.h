// A queue of entries over shared memory, one producer and one consumer, in the layout and by the
// algorithm of contract §3.1. Whom to tell that there is data or room, the dispatch source knows.
#ifndef DEXTSIM_DRIVERKIT_DATA_QUEUE_H
#define DEXTSIM_DRIVERKIT_DATA_QUEUE_H

#include <DriverKit/IOReturn.h>
#include <DriverKit/IOTypes.h>

#include <atomic>
#include <functional>

namespace dextsim {

struct DataQueueHeader {
    std::atomic<uint32_t> head;
    std::atomic<uint32_t> tail;
    std::atomic<uint8_t> needServicedCallback;
    uint8_t reserved[119];
};
static_assert(sizeof(DataQueueHeader) == 128);

constexpr uint32_t kDataQueueEntryHeader = sizeof(uint32_t);

// Looks at memory that somebody else owns. Whatever the other side wrote there, nothing beyond the
// entries is read or written.
class DataQueue {
  public:
    // Fills or reads the data of an entry, in place.
    using Visit = std::function<void(uint8_t * data, size_t size)>;

    DataQueue() = default;
    // `entriesSize`: bytes behind the header, a multiple of 4. The header is zeroed.
    DataQueue(void * memory, uint32_t entriesSize);

    bool isEmpty() const;
    // kIOReturnUnderrun: empty. kIOReturnError: the memory is corrupt.
    kern_return_t peek(const Visit & visit) const;
    // `served` becomes true when the producer waits for room.
    kern_return_t dequeue(bool * served, const Visit & visit);
    // `available` becomes true when the consumer may be waiting. kIOReturnOverrun: no room;
    // kIOReturnUnderrun: the memory is corrupt.
    kern_return_t enqueue(uint32_t dataSize, bool * available, const Visit & visit);
    kern_return_t canEnqueue(uint32_t dataSize, uint32_t entryCount) const;

  private:
    struct Found;
    struct Room;

    kern_return_t find(Found & found) const;
    kern_return_t findRoom(uint64_t entry, Room & room) const;
    uint32_t sizeAt(uint32_t offset) const;
    void setSizeAt(uint32_t offset, uint32_t value);

    DataQueueHeader * header = nullptr;
    uint8_t * entries = nullptr;
    uint32_t size = 0; // of the entries
};

} // namespace dextsim

#endif
