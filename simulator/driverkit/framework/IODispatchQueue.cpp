// Dispatch queues over SerialQueue.
#include "../runtime/queues.h"

#include "../runtime/block.h"
#include "../runtime/classes.h"
#include "../runtime/timers.h"

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
        std::make_shared<SerialQueue>(name != nullptr ? name : "",
                                      (options & kIODispatchQueueReentrant) != 0),
        options};
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

// Nothing could ever run the work (contract §9.6).
void runAndWait(SerialQueue & queue, const std::function<void()> & work) {
    if (!queue.isReentrant()) {
        refuseToWaitFor(queue, "DispatchSync");
    }
    const Doing doing("DispatchSync");
    queue.sync(work);
}

} // namespace

void IODispatchQueue::DispatchSync(IODispatchBlock block) {
    if (const std::function<void()> work = keepBlock(block)) {
        runAndWait(*ivars->queue, work);
    }
}

void IODispatchQueue::DispatchSync_f(void * context, IODispatchFunction function) {
    runAndWait(*ivars->queue, [context, function] { function(context); });
}

kern_return_t IODispatchQueue::RunAction(IODispatchAction action) {
    kern_return_t status = kIOReturnBadArgument;
#if __BLOCKS__
    if (action != nullptr) {
        runAndWait(*ivars->queue, [&] { status = action(); });
    }
#else
    static_cast<void>(action);
#endif
    return status;
}

// ── one after the other here, which nobody can tell who does not wait for another one ──

void IODispatchQueue::DispatchConcurrent(IODispatchBlock block) {
    DispatchAsync(block);
}

void IODispatchQueue::DispatchConcurrent_f(void * context, IODispatchFunction function) {
    DispatchAsync_f(context, function);
}

// ── sleeping ──

namespace {

// 0, or why a thread may not sleep or wake others here.
kern_return_t checkSleep(const IODispatchQueue_IVars & ivars) {
    if ((ivars.options & kIODispatchQueueReentrant) == 0) {
        return kIOReturnUnsupported;
    }
    return ivars.queue->onQueue() ? kIOReturnSuccess : kIOReturnNotPermitted;
}

kern_return_t sleepUntilWoken(IODispatchQueue_IVars & ivars, void * event, uint64_t deadline) {
    const kern_return_t refused = checkSleep(ivars);
    if (refused != kIOReturnSuccess) {
        return refused;
    }
    return ivars.queue->sleep(event, deadline) ? kIOReturnSuccess : kIOReturnTimeout;
}

} // namespace

kern_return_t IODispatchQueue::SleepWithDeadline(void * event, uint64_t options,
                                                 uint64_t deadline) {
    const uint64_t end =
        options == 0 ? SerialQueue::kForEver : monotonicDeadline(options, deadline);
    return sleepUntilWoken(*ivars, event, end);
}

kern_return_t IODispatchQueue::SleepWithTimeout(void * event, uint64_t timeout) {
    return sleepUntilWoken(*ivars, event,
                           timeout == 0 ? SerialQueue::kForEver : monotonicNanoseconds() + timeout);
}

kern_return_t IODispatchQueue::Sleep(void * event, uint64_t timeout) {
    return SleepWithTimeout(event, timeout);
}

kern_return_t IODispatchQueue::Wakeup(void * event) {
    return WakeupWithOptions(event, 0);
}

kern_return_t IODispatchQueue::WakeupWithOptions(void * event, uint64_t options) {
    if ((options & ~uint64_t{kIODispatchQueueWakeupAll}) != 0) {
        return kIOReturnBadArgument;
    }
    const kern_return_t refused = checkSleep(*ivars);
    if (refused == kIOReturnSuccess) {
        ivars->queue->wakeUp(event, (options & kIODispatchQueueWakeupAll) != 0);
    }
    return refused;
}

void IODispatchQueue::Log(const char * message, IODispatchLogFunction output) {
    const std::string names = SerialQueue::heldByThisThread();
    output("%s: on queues [%s]\n", message, names.c_str());
}
