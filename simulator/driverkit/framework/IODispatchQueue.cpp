// Dispatch queues over SerialQueue.
#include "../runtime/queues.h"

#include "../runtime/block.h"
#include "../runtime/classes.h"
#include "../runtime/log.h"

using namespace dextsim;

kern_return_t IODispatchQueue::Create_Impl(IODispatchQueue_Create_Args) {
    constexpr uint64_t kKnown = kIODispatchQueueReentrant | kIODispatchQueueMethodsNotSynchronized;
    if (queue == nullptr || priority != 0 || (options & ~kKnown) != 0) {
        return kIOReturnBadArgument;
    }
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(IODispatchQueue), &object) != kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    auto * const created = static_cast<IODispatchQueue *>(object);
    created->IODispatchQueue::ivars = new IODispatchQueue_IVars{
        std::make_shared<SerialQueue>(name != nullptr ? name : ""), options};
    if (!created->init()) {
        created->release();
        return kIOReturnNoMemory;
    }
    *queue = created;
    return kIOReturnSuccess;
}

bool IODispatchQueue::init() {
    return OSObject::init();
}

void IODispatchQueue::free() {
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

bool IODispatchQueue::OnQueue() {
    return ivars->queue->onQueue();
}

const char * IODispatchQueue::GetName() {
    return ivars->queue->name().c_str();
}

kern_return_t IODispatchQueue::Cancel(IODispatchQueueCancelHandler handler) {
    ivars->queue->cancel(keepBlock(handler));
    return kIOReturnSuccess;
}

void IODispatchQueue::DispatchAsync(IODispatchBlock block) {
    if (std::function<void()> work = keepBlock(block)) {
        ivars->queue->async(std::move(work));
    }
}

void IODispatchQueue::DispatchAsync_f(void * context, IODispatchFunction function) {
    ivars->queue->async([context, function] { function(context); });
}

namespace {

// The real system traps here, too: nothing could ever run the work (contract §9.6).
void refuseDeadlock(const SerialQueue & queue) {
    if (queue.onQueue()) {
        dieOfFault("DispatchSync on queue \"" + queue.name() + "\" from work on the same queue");
    }
}

} // namespace

void IODispatchQueue::DispatchSync(IODispatchBlock block) {
    refuseDeadlock(*ivars->queue);
    if (const std::function<void()> work = keepBlock(block)) {
        ivars->queue->sync(work);
    }
}

void IODispatchQueue::DispatchSync_f(void * context, IODispatchFunction function) {
    refuseDeadlock(*ivars->queue);
    ivars->queue->sync([context, function] { function(context); });
}

void IODispatchQueue::Log(const char * message, IODispatchLogFunction output) {
    const std::string names = SerialQueue::heldByThisThread();
    output("%s: on queues [%s]\n", message, names.c_str());
}
