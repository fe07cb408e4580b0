// Packet queues. The packets themselves stay in this process; the data queue's handler is told of
// them.
#include "network_packets.h"

#include <algorithm>

bool IOUserNetworkPacketQueue::init() {
    ivars = new IOUserNetworkPacketQueue_IVars;
    return OSObject::init();
}

void IOUserNetworkPacketQueue::free() {
    if (ivars != nullptr) {
        OSSafeRelease(ivars->data);
        OSSafeRelease(ivars->pool);
        delete ivars;
        ivars = nullptr;
    }
    OSObject::free();
}

kern_return_t IOUserNetworkPacketQueue::SetPacketBufferPool(IOUserNetworkPacketBufferPool * pool) {
    if (pool != nullptr) {
        pool->retain();
    }
    OSSafeRelease(ivars->pool);
    ivars->pool = pool;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketQueue::SetPacketDirection(IOUserNetworkPacketDirection direction) {
    ivars->direction = direction;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketQueue::CopyDataQueue(IODataQueueDispatchSource ** dataQueue) {
    if (ivars->data == nullptr) {
        return kIOReturnNotReady;
    }
    ivars->data->retain();
    *dataQueue = ivars->data;
    return kIOReturnSuccess;
}

kern_return_t
IOUserNetworkPacketQueue::SetDataQueue_Impl(IOUserNetworkPacketQueue_SetDataQueue_Args) {
    if (dataQueue != nullptr) {
        dataQueue->retain();
    }
    OSSafeRelease(ivars->data);
    ivars->data = dataQueue;
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketQueue::EnqueuePacket(IOUserNetworkPacket * packet) {
    if (packet == nullptr || packet->getPacketBufferPool() != ivars->pool) {
        return kIOReturnBadArgument;
    }
    {
        std::lock_guard lock(ivars->lock);
        if (!ivars->enabled) {
            return kIOReturnNotReady;
        }
        if (ivars->packets.size() >= ivars->capacity) {
            return kIOReturnOverrun;
        }
        ivars->packets.push_back(packet->IOUserNetworkPacket::ivars->index);
        if (ivars->packets.size() > 1) {
            return kIOReturnSuccess; // the consumer has been told
        }
    }
    ivars->data->SendDataAvailable();
    return kIOReturnSuccess;
}

uint32_t IOUserNetworkPacketQueue::EnqueuePackets(IOUserNetworkPacket ** packets, uint32_t count) {
    uint32_t done = 0;
    while (done < count && EnqueuePacket(packets[done]) == kIOReturnSuccess) {
        ++done;
    }
    return done;
}

kern_return_t IOUserNetworkPacketQueue::DequeuePacket(IOUserNetworkPacket ** packet) {
    return DequeuePackets(packet, 1) == 1 ? kIOReturnSuccess : kIOReturnUnderrun;
}

uint32_t IOUserNetworkPacketQueue::DequeuePackets(IOUserNetworkPacket ** packets, uint32_t most) {
    std::lock_guard lock(ivars->lock);
    const size_t count = std::min<size_t>(most, ivars->packets.size());
    for (size_t i = 0; i < count; ++i) {
        packets[i] = ivars->pool->IOUserNetworkPacketBufferPool::ivars->packets[ivars->packets[i]];
    }
    ivars->packets.erase(ivars->packets.begin(),
                         ivars->packets.begin() + static_cast<ptrdiff_t>(count));
    return static_cast<uint32_t>(count);
}

namespace {

// What the kinds of queue have in common.
struct Plan {
    IOUserNetworkPacketBufferPool * pool;
    uint32_t capacity;
    IODispatchQueue * dispatchQueue;
    IOUserNetworkPacketDirection direction;
};

kern_return_t setUp(IOUserNetworkPacketQueue * queue, const Plan & plan) {
    constexpr uint64_t kNone = 64; // the packets do not go through it
    IODataQueueDispatchSource * data = nullptr;
    if (plan.pool == nullptr || plan.dispatchQueue == nullptr || plan.capacity == 0) {
        return kIOReturnBadArgument;
    }
    const kern_return_t status =
        IODataQueueDispatchSource::Create(kNone, plan.dispatchQueue, &data);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOUserNetworkPacketQueue_IVars & state = *queue->IOUserNetworkPacketQueue::ivars;
    state.capacity = plan.capacity;
    state.data = data;
    queue->SetPacketBufferPool(plan.pool);
    return queue->SetPacketDirection(plan.direction);
}

// A queue that cannot be set up is released again.
template <typename Queue> kern_return_t finish(Queue * made, const Plan & plan, Queue ** queue) {
    made->init();
    const kern_return_t status = setUp(made, plan);
    if (status != kIOReturnSuccess) {
        made->release();
        return status;
    }
    *queue = made;
    return kIOReturnSuccess;
}

kern_return_t enable(IOUserNetworkPacketQueue * queue, bool isEnable) {
    IOUserNetworkPacketQueue_IVars & state = *queue->IOUserNetworkPacketQueue::ivars;
    std::lock_guard lock(state.lock);
    state.enabled = isEnable;
    return kIOReturnSuccess;
}

} // namespace

kern_return_t
IOUserNetworkTxSubmissionQueue::Create_Impl(IOUserNetworkTxSubmissionQueue_Create_Args) {
    static_cast<void>(owner);
    static_cast<void>(queueId);
    return finish(OSTypeAlloc(IOUserNetworkTxSubmissionQueue),
                  {pool, capacity, dispatchQueue, kIOUserNetworkPacketDirectionTx}, queue);
}

bool IOUserNetworkTxSubmissionQueue::init() {
    return IOUserNetworkPacketQueue::init();
}

void IOUserNetworkTxSubmissionQueue::free() {
    IOUserNetworkPacketQueue::free();
}

kern_return_t
IOUserNetworkTxSubmissionQueue::SetEnable_Impl(IOUserNetworkPacketQueue_SetEnable_Args) {
    return enable(this, isEnable);
}

kern_return_t
IOUserNetworkTxCompletionQueue::Create_Impl(IOUserNetworkTxCompletionQueue_Create_Args) {
    static_cast<void>(owner);
    static_cast<void>(queueId);
    return finish(OSTypeAlloc(IOUserNetworkTxCompletionQueue),
                  {pool, capacity, dispatchQueue, kIOUserNetworkPacketDirectionTx}, queue);
}

bool IOUserNetworkTxCompletionQueue::init() {
    return IOUserNetworkPacketQueue::init();
}

void IOUserNetworkTxCompletionQueue::free() {
    IOUserNetworkPacketQueue::free();
}

kern_return_t
IOUserNetworkTxCompletionQueue::SetEnable_Impl(IOUserNetworkPacketQueue_SetEnable_Args) {
    return enable(this, isEnable);
}

kern_return_t
IOUserNetworkRxSubmissionQueue::Create_Impl(IOUserNetworkRxSubmissionQueue_Create_Args) {
    static_cast<void>(owner);
    static_cast<void>(queueId);
    return finish(OSTypeAlloc(IOUserNetworkRxSubmissionQueue),
                  {pool, capacity, dispatchQueue, kIOUserNetworkPacketDirectionRx}, queue);
}

bool IOUserNetworkRxSubmissionQueue::init() {
    return IOUserNetworkPacketQueue::init();
}

void IOUserNetworkRxSubmissionQueue::free() {
    IOUserNetworkPacketQueue::free();
}

kern_return_t
IOUserNetworkRxSubmissionQueue::SetEnable_Impl(IOUserNetworkPacketQueue_SetEnable_Args) {
    return enable(this, isEnable);
}

kern_return_t
IOUserNetworkRxCompletionQueue::Create_Impl(IOUserNetworkRxCompletionQueue_Create_Args) {
    static_cast<void>(owner);
    static_cast<void>(queueId);
    return finish(OSTypeAlloc(IOUserNetworkRxCompletionQueue),
                  {pool, capacity, dispatchQueue, kIOUserNetworkPacketDirectionRx}, queue);
}

bool IOUserNetworkRxCompletionQueue::init() {
    return IOUserNetworkPacketQueue::init();
}

void IOUserNetworkRxCompletionQueue::free() {
    IOUserNetworkPacketQueue::free();
}

kern_return_t
IOUserNetworkRxCompletionQueue::SetEnable_Impl(IOUserNetworkPacketQueue_SetEnable_Args) {
    return enable(this, isEnable);
}
