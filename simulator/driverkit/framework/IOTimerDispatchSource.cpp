// Event sources' common part, and timers over the timer thread.
#include <DriverKit/IOTimerDispatchSource.h>

#include "../runtime/block.h"
#include "../runtime/queues.h"
#include "../runtime/timers.h"

using namespace dextsim;

bool IODispatchSource::init() {
    return OSObject::init();
}

void IODispatchSource::free() {
    OSObject::free();
}

kern_return_t IODispatchSource::SetEnable_Impl(IODispatchSource_SetEnable_Args) {
    return SetEnableWithCompletion(enable, NULL);
}

struct IOTimerDispatchSource_IVars {
    std::mutex lock;
    IODispatchQueue * queue = nullptr; // retained
    OSAction * handler = nullptr;      // retained
    uint64_t timer = 0;                // 0: none is running
    uint64_t generation = 0;           // of the deadline; an expiry of an older one does not count
    bool enabled = true;
    bool expired = false; // while disabled
    bool cancelled = false;
};

kern_return_t IOTimerDispatchSource::Create_Impl(IOTimerDispatchSource_Create_Args) {
    if (queue == nullptr || source == nullptr) {
        return kIOReturnBadArgument;
    }
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(IOTimerDispatchSource), &object) != kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    auto * const created = static_cast<IOTimerDispatchSource *>(object);
    if (!created->init()) {
        created->release();
        return kIOReturnNoMemory;
    }
    queue->retain();
    created->ivars->queue = queue;
    *source = created;
    return kIOReturnSuccess;
}

bool IOTimerDispatchSource::init() {
    if (!IODispatchSource::init()) {
        return false;
    }
    ivars = new IOTimerDispatchSource_IVars;
    return true;
}

void IOTimerDispatchSource::free() {
    if (ivars != nullptr) {
        // A running timer retains the source, so there is none.
        OSSafeReleaseNULL(ivars->handler);
        OSSafeReleaseNULL(ivars->queue);
        delete ivars;
        ivars = nullptr;
    }
    IODispatchSource::free();
}

kern_return_t IOTimerDispatchSource::SetHandler_Impl(IOTimerDispatchSource_SetHandler_Args) {
    OSAction * old;
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->cancelled) {
            return kIOReturnNotReady;
        }
        if (action != nullptr) {
            action->retain();
        }
        old = ivars->handler;
        ivars->handler = action;
    }
    if (old != nullptr) {
        old->release();
    }
    return kIOReturnSuccess;
}

namespace {

// Sends the expiry, if somebody is to get it. Uses up a reference of the source.
void fire(IOTimerDispatchSource * source, IOTimerDispatchSource_IVars & ivars,
          uint64_t generation) {
    OSAction * handler = nullptr;
    {
        std::lock_guard lock(ivars.lock);
        if (generation == ivars.generation && !ivars.cancelled) {
            ivars.timer = 0;
            ivars.expired = !ivars.enabled;
            handler = ivars.enabled ? ivars.handler : nullptr;
        }
        if (handler != nullptr) {
            handler->retain();
        }
    }
    if (handler != nullptr) {
        const InTurn turn(newTurn());
        source->TimerOccurred(IORPC{}, handler, monotonicNanoseconds());
        handler->release();
    }
    source->release();
}

// The timer's reference of the source is the caller's again when there was a timer to stop.
bool stop(IOTimerDispatchSource_IVars & ivars) {
    const bool stopped = ivars.timer != 0 && cancelTimer(ivars.timer);
    ivars.timer = 0;
    ivars.generation++;
    ivars.expired = false;
    return stopped;
}

} // namespace

kern_return_t IOTimerDispatchSource::WakeAtTime_Impl(IOTimerDispatchSource_WakeAtTime_Args) {
    static_cast<void>(leeway);
    bool stopped;
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->cancelled) {
            return kIOReturnNotReady;
        }
        stopped = stop(*ivars);
        retain();
        ivars->timer = startTimer(
            monotonicDeadline(options, deadline),
            [this, own = ivars, generation = ivars->generation] { fire(this, *own, generation); });
    }
    if (stopped) {
        release();
    }
    return kIOReturnSuccess;
}

kern_return_t
IOTimerDispatchSource::SetEnableWithCompletion_Impl(IODispatchSource_SetEnableWithCompletion_Args) {
    bool late = false;
    uint64_t generation;
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->cancelled) {
            return kIOReturnNotReady;
        }
        ivars->enabled = enable;
        late = enable && ivars->expired;
        generation = ivars->generation;
    }
    if (late) {
        retain();
        fire(this, *ivars, generation);
    }
    if (const std::function<void()> done = keepBlock(handler)) {
        ivars->queue->ivars->queue->async(done);
    }
    return kIOReturnSuccess;
}

kern_return_t IOTimerDispatchSource::Cancel_Impl(IODispatchSource_Cancel_Args) {
    OSAction * action;
    bool stopped;
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->cancelled) {
            return kIOReturnSuccess;
        }
        ivars->cancelled = true;
        action = ivars->handler;
        ivars->handler = nullptr;
        stopped = stop(*ivars);
    }
    // Behind the callbacks that were sent before.
    const std::function<void()> done = keepBlock(handler);
    ivars->queue->ivars->queue->async([done, action] {
        if (done) {
            done();
        }
        if (action != nullptr) {
            action->release();
        }
    });
    if (stopped) {
        release();
    }
    return kIOReturnSuccess;
}

kern_return_t IOTimerDispatchSource::CheckForWork_Impl(IODispatchSource_CheckForWork_Args) {
    static_cast<void>(rpc);
    static_cast<void>(synchronous);
    return kIOReturnNotReady;
}

// Only the kernel's half would receive the expiry itself; drivers get it through their action.
void IOTimerDispatchSource::TimerOccurred_Impl(IOTimerDispatchSource_TimerOccurred_Args) {
    static_cast<void>(action);
    static_cast<void>(time);
}
