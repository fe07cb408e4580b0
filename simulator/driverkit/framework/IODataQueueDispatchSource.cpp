// Data queues (contract §3.1): the memory, the handlers and who is told. The entries are
// data_queue.cpp's.
#include <DriverKit/IODataQueueDispatchSource.h>

#include <DriverKit/IOBufferMemoryDescriptor.h>

#include "../runtime/block.h"
#include "../runtime/queues.h"
#include "data_queue.h"

#include <functional>
#include <mutex>

using namespace dextsim;

namespace {

using Visit = DataQueue::Visit; // the block of the driver is behind it

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
    DataQueue queue;
    std::mutex lock; // of the handlers
    OSAction * available = nullptr;
    OSAction * serviced = nullptr;
};

namespace {

using Ivars = IODataQueueDispatchSource_IVars;

OSAction * copyHandler(Ivars & ivars, OSAction * Ivars::*which) {
    std::lock_guard lock(ivars.lock);
    OSAction * const action = ivars.*which;
    if (action != nullptr) {
        action->retain();
    }
    return action;
}

void setHandler(Ivars & ivars, OSAction * Ivars::*which, OSAction * action) {
    OSAction * old;
    {
        std::lock_guard lock(ivars.lock);
        if (action != nullptr) {
            action->retain();
        }
        old = ivars.*which;
        ivars.*which = action;
    }
    OSSafeRelease(old);
}

} // namespace

kern_return_t IODataQueueDispatchSource::Create_Impl(IODataQueueDispatchSource_Create_Args) {
    if (queue == nullptr || queueByteCount == 0 || queueByteCount % 4 != 0 ||
        queueByteCount > UINT32_MAX - sizeof(DataQueueHeader)) {
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
                                         queueByteCount + sizeof(DataQueueHeader), 0,
                                         &created->ivars->memory) != kIOReturnSuccess ||
        created->ivars->memory->GetAddressRange(&range) != kIOReturnSuccess) {
        created->release();
        return kIOReturnNoMemory;
    }
    created->ivars->queue = DataQueue(reinterpret_cast<void *>(range.address), // zeroed
                                      static_cast<uint32_t>(queueByteCount));
    *source = created;
    return kIOReturnSuccess;
}

size_t IODataQueueDispatchSource::GetDataQueueEntryHeaderSize() {
    return kDataQueueEntryHeader;
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
    setHandler(*ivars, &Ivars::available, action);
    if (IsDataAvailable()) {
        SendDataAvailable();
    }
    return kIOReturnSuccess;
}

kern_return_t IODataQueueDispatchSource::SetDataServicedHandler_Impl(
    IODataQueueDispatchSource_SetDataServicedHandler_Args) {
    setHandler(*ivars, &Ivars::serviced, action);
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
    setHandler(*ivars, &Ivars::available, nullptr);
    setHandler(*ivars, &Ivars::serviced, nullptr);
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
    return !ivars->queue.isEmpty();
}

kern_return_t IODataQueueDispatchSource::Peek(IODataQueueClientDequeueEntryBlock callback) {
    return ivars->queue.peek(visitOf(callback));
}

kern_return_t IODataQueueDispatchSource::Dequeue(IODataQueueClientDequeueEntryBlock callback) {
    bool due = false;
    const kern_return_t status = ivars->queue.dequeue(&due, visitOf(callback));
    if (due) {
        SendDataServiced();
    }
    return status;
}

kern_return_t
IODataQueueDispatchSource::DequeueWithCoalesce(bool * sendDataServiced,
                                               IODataQueueClientDequeueEntryBlock callback) {
    return ivars->queue.dequeue(sendDataServiced, visitOf(callback));
}

void IODataQueueDispatchSource::SendDataServiced() {
    if (OSAction * const action = copyHandler(*ivars, &Ivars::serviced)) {
        DataServiced(action);
        action->release();
    }
}

// ── the producer's ──

kern_return_t IODataQueueDispatchSource::Enqueue(uint32_t dataSize,
                                                 IODataQueueClientEnqueueEntryBlock callback) {
    bool due = false;
    const kern_return_t status = ivars->queue.enqueue(dataSize, &due, visitOf(callback));
    if (due) {
        SendDataAvailable();
    }
    return status;
}

kern_return_t
IODataQueueDispatchSource::EnqueueWithCoalesce(uint32_t dataSize, bool * sendDataAvailable,
                                               IODataQueueClientEnqueueEntryBlock callback) {
    return ivars->queue.enqueue(dataSize, sendDataAvailable, visitOf(callback));
}

void IODataQueueDispatchSource::SendDataAvailable() {
    if (OSAction * const action = copyHandler(*ivars, &Ivars::available)) {
        DataAvailable(action);
        action->release();
    }
}

kern_return_t IODataQueueDispatchSource::CanEnqueueData(uint32_t dataSize) {
    return CanEnqueueData(dataSize, 1);
}

kern_return_t IODataQueueDispatchSource::CanEnqueueData(uint32_t dataSize, uint32_t entryCount) {
    return ivars->queue.canEnqueue(dataSize, entryCount);
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
    *action = copyHandler(*ivars, &Ivars::available);
    return *action != nullptr ? kIOReturnSuccess : kIOReturnNotReady;
}

kern_return_t IODataQueueDispatchSource::CopyDataServicedHandler_Impl(
    IODataQueueDispatchSource_CopyDataServicedHandler_Args) {
    *action = copyHandler(*ivars, &Ivars::serviced);
    return *action != nullptr ? kIOReturnSuccess : kIOReturnNotReady;
}
