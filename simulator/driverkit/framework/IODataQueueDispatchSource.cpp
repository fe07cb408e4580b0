// Data queues: one producer and one consumer over shared memory, in the layout and by the algorithm
// of contract §3.1. Every index that the other side may have written is checked before it is used.
#include <DriverKit/IODataQueueDispatchSource.h>

#include <DriverKit/IOBufferMemoryDescriptor.h>

#include "../runtime/block.h"
#include "../runtime/queues.h"

#include <atomic>
#include <cstring>
#include <functional>
#include <mutex>

using namespace dextsim;

namespace {

struct QueueHeader {
    std::atomic<uint32_t> head;
    std::atomic<uint32_t> tail;
    std::atomic<uint8_t> needServicedCallback;
    uint8_t reserved[119];
};
static_assert(sizeof(QueueHeader) == 128);

constexpr uint32_t kEntryHeader = sizeof(uint32_t);

uint64_t rounded(uint64_t size) {
    return (size + 3) & ~uint64_t{3};
}

// A callback of either direction; the block of the driver is behind it.
using Visit = std::function<void(uint8_t * data, size_t size)>;

#if __BLOCKS__
template <typename Block> Visit visitOf(Block block) {
    return [block](uint8_t * data, size_t size) {
        if (block != nullptr) {
            block(data, size);
        }
    };
}
#else
template <typename Unavailable> Visit visitOf(Unavailable *) {
    return [](uint8_t *, size_t) {};
}
#endif

} // namespace

struct IODataQueueDispatchSource_IVars {
    IOBufferMemoryDescriptor * memory = nullptr;
    QueueHeader * header = nullptr;
    uint8_t * entries = nullptr;
    uint32_t size = 0; // of the entries
    std::mutex lock;   // of the handlers
    OSAction * available = nullptr;
    OSAction * serviced = nullptr;

    uint32_t sizeAt(uint32_t offset) const {
        uint32_t value;
        memcpy(&value, entries + offset, sizeof value);
        return value;
    }
    void setSizeAt(uint32_t offset, uint32_t value) {
        memcpy(entries + offset, &value, sizeof value);
    }
};

namespace {

using Queue = IODataQueueDispatchSource_IVars;

// Where the next entry begins, and where the one behind it; an IOReturn.
struct Found {
    uint32_t at = 0;
    uint32_t size = 0; // of the data
    uint32_t next = 0;
    bool emptied = false;
};

kern_return_t findEntry(const Queue & queue, Found & found) {
    const uint32_t head = queue.header->head.load(std::memory_order_relaxed);
    const uint32_t tail = queue.header->tail.load(std::memory_order_acquire);
    if (head == tail) {
        return kIOReturnUnderrun;
    }
    if (head > queue.size || tail > queue.size) {
        return kIOReturnError;
    }
    found.at = head;
    const bool fits = head <= queue.size - kEntryHeader &&
                      rounded(queue.sizeAt(head)) <= queue.size - head - kEntryHeader;
    if (!fits) {
        found.at = 0;
    }
    found.size = queue.sizeAt(found.at);
    const uint64_t next = found.at + kEntryHeader + rounded(found.size);
    if (next > queue.size) {
        return kIOReturnError;
    }
    found.next = static_cast<uint32_t>(next);
    found.emptied = found.next == tail;
    return kIOReturnSuccess;
}

kern_return_t dequeue(Queue & queue, bool * due, const Visit & visit) {
    Found found;
    const kern_return_t status = findEntry(queue, found);
    if (status == kIOReturnSuccess) {
        visit(queue.entries + found.at + kEntryHeader, found.size);
        queue.header->head.store(found.next, std::memory_order_release);
        if (found.emptied) {
            std::atomic_thread_fence(std::memory_order_seq_cst);
        }
    }
    if (status != kIOReturnError && queue.header->needServicedCallback.exchange(0) != 0) {
        *due = true;
    }
    return status;
}

// Where an entry of this size can go, if anywhere.
kern_return_t findRoom(const Queue & queue, uint64_t entry, uint32_t & at) {
    const uint32_t tail = queue.header->tail.load(std::memory_order_relaxed);
    const uint32_t head = queue.header->head.load(std::memory_order_acquire);
    if (tail > queue.size || head > queue.size) {
        return kIOReturnUnderrun;
    }
    if (tail >= head) {
        at = tail + entry <= queue.size ? tail : 0;
        return at != 0 || tail + entry <= queue.size || head > entry ? kIOReturnSuccess
                                                                     : kIOReturnOverrun;
    }
    at = tail;
    return head - tail > entry ? kIOReturnSuccess : kIOReturnOverrun;
}

kern_return_t enqueue(Queue & queue, uint32_t dataSize, bool * due, const Visit & visit) {
    const uint64_t entry = kEntryHeader + rounded(dataSize);
    uint32_t at = 0;
    const kern_return_t status = findRoom(queue, entry, at);
    if (status != kIOReturnSuccess) {
        if (status == kIOReturnOverrun) {
            queue.header->needServicedCallback.store(1);
            *due = true;
        }
        return status;
    }
    const uint32_t tail = queue.header->tail.load(std::memory_order_relaxed);
    uint32_t head = queue.header->head.load(std::memory_order_acquire);
    if (at != tail && queue.size - tail >= kEntryHeader) {
        // Tells the consumer that it does not fit here.
        queue.setSizeAt(tail, static_cast<uint32_t>(rounded(dataSize)));
    }
    queue.setSizeAt(at, dataSize);
    visit(queue.entries + at + kEntryHeader, dataSize);
    queue.header->tail.store(at + static_cast<uint32_t>(entry), std::memory_order_release);
    if (tail != head) {
        std::atomic_thread_fence(std::memory_order_seq_cst);
        head = queue.header->head.load(std::memory_order_acquire);
    }
    if (tail == head) {
        *due = true;
    }
    return kIOReturnSuccess;
}

OSAction * copyHandler(Queue & queue, OSAction * Queue::*which) {
    std::lock_guard lock(queue.lock);
    OSAction * const action = queue.*which;
    if (action != nullptr) {
        action->retain();
    }
    return action;
}

void setHandler(Queue & queue, OSAction * Queue::*which, OSAction * action) {
    OSAction * old;
    {
        std::lock_guard lock(queue.lock);
        if (action != nullptr) {
            action->retain();
        }
        old = queue.*which;
        queue.*which = action;
    }
    OSSafeRelease(old);
}

} // namespace

kern_return_t IODataQueueDispatchSource::Create_Impl(IODataQueueDispatchSource_Create_Args) {
    if (queue == nullptr || queueByteCount == 0 || queueByteCount % 4 != 0 ||
        queueByteCount > UINT32_MAX - sizeof(QueueHeader)) {
        return kIOReturnBadArgument;
    }
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(IODataQueueDispatchSource), &object) != kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    auto * const created = static_cast<IODataQueueDispatchSource *>(object);
    IOAddressSegment range{};
    if (!created->init() ||
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut,
                                         queueByteCount + sizeof(QueueHeader), 0,
                                         &created->ivars->memory) != kIOReturnSuccess ||
        created->ivars->memory->GetAddressRange(&range) != kIOReturnSuccess) {
        created->release();
        return kIOReturnNoMemory;
    }
    created->ivars->header = reinterpret_cast<QueueHeader *>(range.address); // zeroed
    created->ivars->entries = reinterpret_cast<uint8_t *>(range.address) + sizeof(QueueHeader);
    created->ivars->size = static_cast<uint32_t>(queueByteCount);
    *source = created;
    return kIOReturnSuccess;
}

size_t IODataQueueDispatchSource::GetDataQueueEntryHeaderSize() {
    return kEntryHeader;
}

bool IODataQueueDispatchSource::init() {
    if (!IODispatchSource::init()) {
        return false;
    }
    ivars = new IODataQueueDispatchSource_IVars;
    return true;
}

void IODataQueueDispatchSource::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->available);
        OSSafeReleaseNULL(ivars->serviced);
        OSSafeReleaseNULL(ivars->memory);
        delete ivars;
        ivars = nullptr;
    }
    IODispatchSource::free();
}

kern_return_t IODataQueueDispatchSource::SetDataAvailableHandler_Impl(
    IODataQueueDispatchSource_SetDataAvailableHandler_Args) {
    setHandler(*ivars, &Queue::available, action);
    if (IsDataAvailable()) {
        SendDataAvailable();
    }
    return kIOReturnSuccess;
}

kern_return_t IODataQueueDispatchSource::SetDataServicedHandler_Impl(
    IODataQueueDispatchSource_SetDataServicedHandler_Args) {
    setHandler(*ivars, &Queue::serviced, action);
    return kIOReturnSuccess;
}

kern_return_t IODataQueueDispatchSource::SetEnableWithCompletion_Impl(
    IODispatchSource_SetEnableWithCompletion_Args) {
    static_cast<void>(enable); // nothing of a data queue is ever off (contract §3.1)
    if (const std::function<void()> done = keepBlock(handler)) {
        done();
    }
    return kIOReturnSuccess;
}

kern_return_t IODataQueueDispatchSource::Cancel_Impl(IODispatchSource_Cancel_Args) {
    setHandler(*ivars, &Queue::available, nullptr);
    setHandler(*ivars, &Queue::serviced, nullptr);
    if (const std::function<void()> done = keepBlock(handler)) {
        done();
    }
    return kIOReturnSuccess;
}

kern_return_t IODataQueueDispatchSource::CheckForWork_Impl(IODispatchSource_CheckForWork_Args) {
    static_cast<void>(rpc);
    static_cast<void>(synchronous);
    return kIOReturnNotReady;
}

// ── the consumer's ──

bool IODataQueueDispatchSource::IsDataAvailable() {
    return ivars->header->head.load() != ivars->header->tail.load();
}

kern_return_t IODataQueueDispatchSource::Peek(IODataQueueClientDequeueEntryBlock callback) {
    Found found;
    const kern_return_t status = findEntry(*ivars, found);
    if (status == kIOReturnSuccess) {
        visitOf(callback)(ivars->entries + found.at + kEntryHeader, found.size);
    }
    return status;
}

kern_return_t IODataQueueDispatchSource::Dequeue(IODataQueueClientDequeueEntryBlock callback) {
    bool due = false;
    const kern_return_t status = dequeue(*ivars, &due, visitOf(callback));
    if (due) {
        SendDataServiced();
    }
    return status;
}

kern_return_t
IODataQueueDispatchSource::DequeueWithCoalesce(bool * sendDataServiced,
                                               IODataQueueClientDequeueEntryBlock callback) {
    return dequeue(*ivars, sendDataServiced, visitOf(callback));
}

void IODataQueueDispatchSource::SendDataServiced() {
    if (OSAction * const action = copyHandler(*ivars, &Queue::serviced)) {
        DataServiced(action);
        action->release();
    }
}

// ── the producer's ──

kern_return_t IODataQueueDispatchSource::Enqueue(uint32_t dataSize,
                                                 IODataQueueClientEnqueueEntryBlock callback) {
    bool due = false;
    const kern_return_t status = enqueue(*ivars, dataSize, &due, visitOf(callback));
    if (due) {
        SendDataAvailable();
    }
    return status;
}

kern_return_t
IODataQueueDispatchSource::EnqueueWithCoalesce(uint32_t dataSize, bool * sendDataAvailable,
                                               IODataQueueClientEnqueueEntryBlock callback) {
    return enqueue(*ivars, dataSize, sendDataAvailable, visitOf(callback));
}

void IODataQueueDispatchSource::SendDataAvailable() {
    if (OSAction * const action = copyHandler(*ivars, &Queue::available)) {
        DataAvailable(action);
        action->release();
    }
}

kern_return_t IODataQueueDispatchSource::CanEnqueueData(uint32_t dataSize) {
    return CanEnqueueData(dataSize, 1);
}

kern_return_t IODataQueueDispatchSource::CanEnqueueData(uint32_t dataSize, uint32_t entryCount) {
    const uint32_t tail = ivars->header->tail.load(std::memory_order_relaxed);
    const uint32_t head = ivars->header->head.load(std::memory_order_acquire);
    if (tail > ivars->size || head > ivars->size) {
        return kIOReturnError;
    }
    const uint64_t entry = kEntryHeader + rounded(dataSize);
    // As many at the end as fit, the rest at the beginning, which must not reach the head.
    const uint64_t atEnd = tail >= head ? (ivars->size - tail) / entry : 0;
    const uint64_t limit = tail >= head ? head : head - tail;
    const uint64_t behind = limit == 0 ? 0 : (limit - 1) / entry;
    return entryCount <= atEnd + behind ? kIOReturnSuccess : kIOReturnOverrun;
}

// ── what the other end would ask for; drivers have both ends in one process here ──

kern_return_t
IODataQueueDispatchSource::CopyMemory_Impl(IODataQueueDispatchSource_CopyMemory_Args) {
    ivars->memory->retain();
    *memory = ivars->memory;
    return kIOReturnSuccess;
}

kern_return_t IODataQueueDispatchSource::CopyDataAvailableHandler_Impl(
    IODataQueueDispatchSource_CopyDataAvailableHandler_Args) {
    *action = copyHandler(*ivars, &Queue::available);
    return *action != nullptr ? kIOReturnSuccess : kIOReturnNotReady;
}

kern_return_t IODataQueueDispatchSource::CopyDataServicedHandler_Impl(
    IODataQueueDispatchSource_CopyDataServicedHandler_Args) {
    *action = copyHandler(*ivars, &Queue::serviced);
    return *action != nullptr ? kIOReturnSuccess : kIOReturnNotReady;
}
