// Packet queues that call functions of the driver: on a queue of the framework's own, one call
// after the other.
#include "network_packets.h"

#include <algorithm>
#include <array>

namespace {

constexpr uint32_t kMost = 32; // packets of one call

IOUserNetworkPacketQueue_IVars & stateOf(IOUserNetworkPacketQueue * queue) {
    return *queue->IOUserNetworkPacketQueue::ivars;
}

// What the driver does not take stays in front.
uint32_t offer(IOUserNetworkPacketQueue * queue, IOUserNetworkPacketQueue_IVars & state) {
    uint32_t room = kMost;
    if (state.freeSpace != nullptr) {
        uint32_t bytes = 0;
        room = std::min(kMost, state.freeSpace(state.target, queue, &bytes));
    }
    std::array<IOUserNetworkPacket *, kMost> packets{};
    const uint32_t count = queue->DequeuePackets(packets.data(), room);
    if (count == 0) {
        return 0;
    }
    const uint32_t taken =
        std::min(count, state.dequeue(state.target, queue, packets.data(), count, state.refCon));
    std::lock_guard lock(state.lock);
    for (uint32_t i = count; i > taken; --i) {
        state.packets.insert(state.packets.begin(),
                             packets[i - 1]->IOUserNetworkPacket::ivars->index);
    }
    return taken;
}

bool isEnabled(IOUserNetworkPacketQueue_IVars & state) {
    std::lock_guard lock(state.lock);
    return state.enabled;
}

void dequeueAll(void * context) {
    auto * const queue = static_cast<IOUserNetworkPacketQueue *>(context);
    IOUserNetworkPacketQueue_IVars & state = stateOf(queue);
    while (isEnabled(state) && offer(queue, state) > 0) {
    }
    state.target->release();
    queue->release();
}

void enqueueAll(void * context) {
    auto * const queue = static_cast<IOUserNetworkPacketQueue *>(context);
    IOUserNetworkPacketQueue_IVars & state = stateOf(queue);
    uint32_t count = kMost;
    while (count == kMost && isEnabled(state)) {
        std::array<IOUserNetworkPacket *, kMost> packets{};
        count = std::min(kMost,
                         state.enqueue(state.target, queue, packets.data(), kMost, state.refCon));
        for (uint32_t i = 0; i < count; ++i) {
            if (queue->EnqueuePacket(packets[i]) != kIOReturnSuccess) {
                packets[i]->getPacketBufferPool()->DeallocatePacket(packets[i]);
            }
        }
    }
    state.target->release();
    queue->release();
}

// The driver may let go of both while it runs.
kern_return_t later(IOUserNetworkPacketQueue * queue, IODispatchFunction work) {
    IOUserNetworkPacketQueue_IVars & state = stateOf(queue);
    if (!isEnabled(state)) {
        return kIOReturnNotReady;
    }
    queue->retain();
    state.target->retain();
    state.worker->DispatchAsync_f(queue, work);
    return kIOReturnSuccess;
}

struct Actions {
    OSObject * target;
    void * refCon;
    DequeueAction dequeue;
    QueryFreeSpaceAction freeSpace;
    EnqueueAction enqueue;
};

template <typename Queue> Queue * make(Queue * made, QueuePlan plan, const Actions & actions) {
    made->init();
    IOUserNetworkPacketQueue_IVars & state = stateOf(made);
    state.target = actions.target;
    state.refCon = actions.refCon;
    state.dequeue = actions.dequeue;
    state.freeSpace = actions.freeSpace;
    state.enqueue = actions.enqueue;
    const bool complete =
        actions.target != nullptr && (actions.dequeue != nullptr || actions.enqueue != nullptr) &&
        IODispatchQueue::Create("NetworkingDriverKit", 0, 0, &state.worker) == kIOReturnSuccess;
    plan.dispatchQueue = state.worker;
    if (complete && setUpQueue(made, plan) == kIOReturnSuccess) {
        return made;
    }
    made->release();
    return nullptr;
}

} // namespace

kern_return_t IOUserNetworkPacketQueue::setEnable(bool enable) {
    {
        std::lock_guard lock(ivars->lock);
        ivars->enabled = enable;
    }
    if (enable && ivars->dequeue != nullptr) {
        requestDequeue();
    }
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketQueue::enqueuePackets(IOUserNetworkPacket ** packets,
                                                       uint32_t count) {
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->packets.size() + count > ivars->capacity) {
            return kIOReturnOverrun;
        }
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (const kern_return_t status = EnqueuePacket(packets[i]); status != kIOReturnSuccess) {
            return status;
        }
    }
    return kIOReturnSuccess;
}

kern_return_t IOUserNetworkPacketQueue::requestDequeue() {
    return ivars->dequeue == nullptr ? kIOReturnUnsupported : later(this, dequeueAll);
}

kern_return_t IOUserNetworkPacketQueue::requestEnqueue() {
    return ivars->enqueue == nullptr ? kIOReturnUnsupported : later(this, enqueueAll);
}

void IOUserNetworkPacketQueue::purgePackets() {
    IOUserNetworkPacket * packet = nullptr;
    while (DequeuePacket(&packet) == kIOReturnSuccess) {
        ivars->pool->DeallocatePacket(packet);
    }
}

IOUserNetworkTxSubmissionQueue *
IOUserNetworkTxSubmissionQueue::withPool(IOUserNetworkPacketBufferPool * pool, uint32_t capacity,
                                         IOUserNetworkPacketQueueId, OSObject * target,
                                         QueryFreeSpaceAction freeSpaceAction,
                                         DequeueAction dequeueAction, void * refCon, IOOptionBits) {
    return make(OSTypeAlloc(IOUserNetworkTxSubmissionQueue),
                {pool, capacity, nullptr, kIOUserNetworkPacketDirectionTx},
                {target, refCon, dequeueAction, freeSpaceAction, nullptr});
}

IOUserNetworkTxSubmissionQueue * IOUserNetworkTxSubmissionQueue::withPoolAndServiceClass(
    IOUserNetworkPacketBufferPool * pool, IOUserNetworkServiceClass, uint32_t capacity,
    IOUserNetworkPacketQueueId queueId, OSObject * target, QueryFreeSpaceAction freeSpaceAction,
    DequeueAction dequeueAction, void * refCon, IOOptionBits options) {
    return withPool(pool, capacity, queueId, target, freeSpaceAction, dequeueAction, refCon,
                    options);
}

IOUserNetworkTxCompletionQueue *
IOUserNetworkTxCompletionQueue::withPool(IOUserNetworkPacketBufferPool * pool, uint32_t capacity,
                                         IOUserNetworkPacketQueueId, OSObject * target,
                                         EnqueueAction enqueueAction, void * refCon, IOOptionBits) {
    return make(OSTypeAlloc(IOUserNetworkTxCompletionQueue),
                {pool, capacity, nullptr, kIOUserNetworkPacketDirectionTx},
                {target, refCon, nullptr, nullptr, enqueueAction});
}

IOUserNetworkRxSubmissionQueue *
IOUserNetworkRxSubmissionQueue::withPool(IOUserNetworkPacketBufferPool * pool, uint32_t capacity,
                                         uint32_t, IOUserNetworkPacketQueueId, OSObject * target,
                                         DequeueAction dequeueAction, void * refCon, IOOptionBits) {
    return make(OSTypeAlloc(IOUserNetworkRxSubmissionQueue),
                {pool, capacity, nullptr, kIOUserNetworkPacketDirectionRx},
                {target, refCon, dequeueAction, nullptr, nullptr});
}

IOUserNetworkRxCompletionQueue *
IOUserNetworkRxCompletionQueue::withPool(IOUserNetworkPacketBufferPool * pool, uint32_t capacity,
                                         IOUserNetworkPacketQueueId, OSObject * target,
                                         EnqueueAction enqueueAction, void * refCon, IOOptionBits) {
    return make(OSTypeAlloc(IOUserNetworkRxCompletionQueue),
                {pool, capacity, nullptr, kIOUserNetworkPacketDirectionRx},
                {target, refCon, nullptr, nullptr, enqueueAction});
}
