// Packet queues with data sources; those with functions of the driver: network_actions.cpp. The
// packets themselves stay in this process; the data queue's handler is told of them.
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
        OSSafeRelease(ivars->worker);
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
        if (ivars->dequeue == nullptr && ivars->packets.size() > 1) {
            return kIOReturnSuccess; // the consumer has been told
        }
    }
    if (ivars->dequeue != nullptr) {
        return requestDequeue();
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

kern_return_t setUpQueue(IOUserNetworkPacketQueue * queue, const QueuePlan & plan) {
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

namespace {

// A queue that cannot be set up is released again.
template <typename Queue>
kern_return_t finish(Queue * made, const QueuePlan & plan, Queue ** queue) {
    made->init();
    const kern_return_t status = setUpQueue(made, plan);
    if (status != kIOReturnSuccess) {
        made->release();
        return status;
    }
    *queue = made;
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
    return setEnable(isEnable);
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
    return setEnable(isEnable);
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
    return setEnable(isEnable);
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
    return setEnable(isEnable);
}
