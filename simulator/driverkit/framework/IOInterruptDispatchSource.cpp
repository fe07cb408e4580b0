// Interrupts: the kernel says how many have fired, the source tells its action.
#include <DriverKit/IOInterruptDispatchSource.h>

#include "../runtime/block.h"
#include "../runtime/families.h"
#include "../runtime/interrupts.h"
#include "../runtime/queues.h"

#include <map>
#include <mutex>

using namespace dextsim;

struct IOInterruptDispatchSource_IVars {
    std::mutex lock;
    uint64_t number = 0;               // in the kernel
    IODispatchQueue * queue = nullptr; // retained
    OSAction * handler = nullptr;      // retained
    bool cancelled = false;
};

namespace {

// By number; a source takes itself out before it is freed.
struct Sources {
    std::mutex lock;
    std::map<uint64_t, IOInterruptDispatchSource *> byNumber;
};

Sources & sources() {
    static Sources & instance = *new Sources;
    return instance;
}

void forget(uint64_t number) {
    {
        Sources & shared = sources();
        std::lock_guard lock(shared.lock);
        shared.byNumber.erase(number);
    }
    tellFamily(familyBody(FamilyOp::InterruptForget, number));
}

} // namespace

kern_return_t IOInterruptDispatchSource::Create_Impl(IOInterruptDispatchSource_Create_Args) {
    if (provider == nullptr || queue == nullptr) {
        return kIOReturnBadArgument;
    }
    const Reply reply = askFamily(familyBody(FamilyOp::InterruptWatch, provider).u32(index));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    const uint64_t number = reply.reader().u64();
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(IOInterruptDispatchSource), &object) != kIOReturnSuccess) {
        forget(number);
        return kIOReturnNoMemory;
    }
    auto * const created = static_cast<IOInterruptDispatchSource *>(object);
    if (!created->init()) {
        created->release();
        forget(number);
        return kIOReturnNoMemory;
    }
    queue->retain();
    created->ivars->queue = queue;
    created->ivars->number = number;
    Sources & shared = sources();
    std::lock_guard lock(shared.lock);
    shared.byNumber[number] = created;
    *source = created;
    return kIOReturnSuccess;
}

kern_return_t
IOInterruptDispatchSource::GetInterruptType_Impl(IOInterruptDispatchSource_GetInterruptType_Args) {
    if (provider == nullptr) {
        return kIOReturnBadArgument;
    }
    const Reply reply = askFamily(familyBody(FamilyOp::InterruptType, provider).u32(index));
    if (reply.status == kIOReturnSuccess) {
        *interruptType = reply.reader().u64();
    }
    return reply.status;
}

bool IOInterruptDispatchSource::init() {
    if (!IODispatchSource::init()) {
        return false;
    }
    ivars = new IOInterruptDispatchSource_IVars;
    return true;
}

void IOInterruptDispatchSource::free() {
    if (ivars != nullptr) {
        if (ivars->number != 0 && !ivars->cancelled) {
            forget(ivars->number);
        }
        OSSafeReleaseNULL(ivars->handler);
        OSSafeReleaseNULL(ivars->queue);
        delete ivars;
        ivars = nullptr;
    }
    IODispatchSource::free();
}

kern_return_t
IOInterruptDispatchSource::SetHandler_Impl(IOInterruptDispatchSource_SetHandler_Args) {
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
    OSSafeRelease(old);
    return kIOReturnSuccess;
}

kern_return_t IOInterruptDispatchSource::SetEnableWithCompletion_Impl(
    IODispatchSource_SetEnableWithCompletion_Args) {
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->cancelled) {
            return kIOReturnNotReady;
        }
    }
    const kern_return_t status =
        tellFamily(familyBody(FamilyOp::InterruptEnable, ivars->number).u8(enable ? 1 : 0));
    // Behind the callbacks that were sent before.
    if (const std::function<void()> done = keepBlock(handler)) {
        ivars->queue->ivars->queue->async(done);
    }
    return status;
}

kern_return_t IOInterruptDispatchSource::Cancel_Impl(IODispatchSource_Cancel_Args) {
    OSAction * action;
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->cancelled) {
            return kIOReturnSuccess;
        }
        ivars->cancelled = true;
        action = ivars->handler;
        ivars->handler = nullptr;
    }
    forget(ivars->number);
    const std::function<void()> done = keepBlock(handler);
    ivars->queue->ivars->queue->async([done, action] {
        if (done) {
            done();
        }
        OSSafeRelease(action);
    });
    return kIOReturnSuccess;
}

kern_return_t IOInterruptDispatchSource::CheckForWork_Impl(IODispatchSource_CheckForWork_Args) {
    static_cast<void>(rpc);
    static_cast<void>(synchronous);
    return kIOReturnNotReady;
}

void IOInterruptDispatchSource::InterruptOccurred_Impl(
    IOInterruptDispatchSource_InterruptOccurred_Args) {
    static_cast<void>(action);
    static_cast<void>(count);
    static_cast<void>(time);
}

void dextsim::interruptFired(uint64_t number, Reader & body) {
    Sources & shared = sources();
    IOInterruptDispatchSource * source = nullptr;
    OSAction * handler = nullptr;
    {
        // The source cannot be freed meanwhile: it would have to take itself out first.
        std::lock_guard lock(shared.lock);
        auto found = shared.byNumber.find(number);
        if (found == shared.byNumber.end()) {
            return;
        }
        source = found->second;
        std::lock_guard own(source->ivars->lock);
        handler = source->ivars->handler;
        if (handler != nullptr) {
            handler->retain();
        }
        if (handler != nullptr) {
            const uint64_t count = body.u64();
            source->InterruptOccurred(IORPC{}, handler, count, body.u64());
        }
    }
    OSSafeRelease(handler);
}
