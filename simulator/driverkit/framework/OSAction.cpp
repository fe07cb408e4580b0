// Actions: creation, cancelling, waiting. How messages travel through one: action_delivery.cpp.
#include "../runtime/action.h"

#include "../runtime/block.h"
#include "../runtime/classes.h"
#include "../runtime/kernel.h"
#include "../runtime/queues.h"
#include "../runtime/timers.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOTimerDispatchSource.h>
#include <DriverKit/OSString.h>

using namespace dextsim;

namespace {

kern_return_t create(OSMetaClass * meta, OSObject * target, uint64_t targetMessageId,
                     uint64_t messageId, size_t referenceSize, OSAction ** result) {
    if (target == nullptr || result == nullptr) {
        return kIOReturnBadArgument;
    }
    OSObject * object = nullptr;
    if (OSObjectAllocate(meta, &object) != kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    auto * const action = static_cast<OSAction *>(object);
    auto * const ivars = new OSAction_IVars;
    action->OSAction::ivars = ivars;
    target->retain();
    ivars->target = target;
    ivars->targetMessageId = targetMessageId;
    ivars->messageId = messageId;
    ivars->reference = referenceSize > 0 ? calloc(1, referenceSize) : nullptr;
    *result = action;
    return kIOReturnSuccess;
}

// What CreateAction<Method> of the target would make: a method with TYPE takes nothing else.
OSMetaClass * actionClass(const OSObject * target, uint64_t targetMessageId) {
    const std::string method = methodName(target->meta, targetMessageId);
    for (const OSMetaClass * meta = target->meta; meta != nullptr; meta = superclassOf(meta)) {
        const std::string owner = descriptionOf(meta)->name;
        OSMetaClass * const found = findClass("OSAction_" + owner + "_" + method);
        if (found != nullptr && isSubclass(found, OSTypeID(OSAction))) {
            return found;
        }
    }
    return nullptr;
}

} // namespace

kern_return_t OSAction::Create_Impl(OSAction_Create_Args) {
    OSMetaClass * const typed = target != nullptr ? actionClass(target, targetmsgid) : nullptr;
    return create(typed != nullptr ? typed : OSTypeID(OSAction), target, targetmsgid, msgid,
                  referenceSize, action);
}

kern_return_t OSAction::CreateWithTypeName_Impl(OSAction_CreateWithTypeName_Args) {
    OSMetaClass * const meta =
        typeName != nullptr ? findClass(typeName->getCStringNoCopy()) : nullptr;
    if (meta == nullptr || !isSubclass(meta, OSTypeID(OSAction))) {
        return kIOReturnBadArgument;
    }
    return create(meta, target, targetmsgid, msgid, referenceSize, action);
}

void OSAction::free() {
    if (OSAction_IVars * const own = ivars) {
        if (own->held) {
            Writer body;
            body.u64(own->route.userClient).u64(own->number);
            notifyKernel(MessageType::ActionReleased, body);
        }
        if (own->target != nullptr) {
            own->target->release();
        }
        ::free(own->reference);
        delete own->waiter;
        delete own;
        ivars = nullptr;
    }
    OSObject::free();
}

void * OSAction::GetReference() {
    return ivars->reference;
}

// Sent by whoever lets go of the last reference outside this process; the handler runs once.
void OSAction::Aborted_Impl() {
    std::function<void()> handler;
    {
        std::lock_guard lock(ivars->lock);
        handler = std::move(ivars->abortedHandler);
        ivars->abortedHandler = {};
    }
    if (handler) {
        handler();
    }
}

kern_return_t OSAction::SetAbortedHandler(OSActionAbortedHandler handler) {
    std::lock_guard lock(ivars->lock);
    ivars->abortedHandler = keepBlock(handler);
    return kIOReturnSuccess;
}

kern_return_t OSAction::Cancel(OSActionCancelHandler handler) {
    OSObject * target;
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->cancelled) {
            return kIOReturnNotReady;
        }
        ivars->cancelled = true;
        target = ivars->target;
        ivars->target = nullptr;
        if (ivars->waiter != nullptr) {
            ivars->waiter->ended = true;
            ivars->waiter->arrived.notify_all();
        }
    }
    // Callbacks that were sent before are on the same queue, ahead of this.
    const std::function<void()> done = keepBlock(handler);
    const std::shared_ptr<SerialQueue> queue =
        target != nullptr ? queueForMessage(target, ivars->targetMessageId) : nullptr;
    auto finish = [done, target] {
        if (done) {
            done();
        }
        if (target != nullptr) {
            target->release();
        }
    };
    if (queue != nullptr) {
        queue->async(finish);
    } else {
        finish();
    }
    return kIOReturnSuccess;
}

kern_return_t OSAction::WillWait(OSActionWaitToken ** token) {
    std::lock_guard lock(ivars->lock);
    if (token == nullptr) {
        return kIOReturnBadArgument;
    }
    if (ivars->waiter != nullptr) {
        return kIOReturnExclusiveAccess; // one waiter (contract §9.5)
    }
    ivars->waiter = new OSActionWaitToken;
    ivars->waiter->ended = ivars->cancelled;
    *token = ivars->waiter;
    return kIOReturnSuccess;
}

kern_return_t OSAction::EndWait(OSActionWaitToken * token) {
    std::lock_guard lock(ivars->lock);
    if (token == nullptr || token != ivars->waiter) {
        return kIOReturnBadArgument;
    }
    ivars->waiter = nullptr;
    delete token;
    return kIOReturnSuccess;
}

namespace {

// What it waits for could never be delivered (contract §9.6).
void refuseToWaitForOwnQueue(const OSAction_IVars & ivars) {
    if (ivars.target == nullptr) {
        return;
    }
    if (const auto queue = queueForMessage(ivars.target, ivars.targetMessageId)) {
        refuseToWaitFor(*queue, "an action that is delivered");
    }
}

} // namespace

kern_return_t OSAction::Wait(OSActionWaitToken * token, uint64_t options, uint64_t deadline) {
    std::unique_lock lock(ivars->lock);
    if (token == nullptr || token != ivars->waiter) {
        return kIOReturnBadArgument;
    }
    const auto ready = [token] { return token->ended || token->invocations > 0; };
    if (deadline == 0 && !ready()) {
        refuseToWaitForOwnQueue(*ivars);
        token->arrived.wait(lock, ready);
    } else {
        if (!waitUntil(lock, token->arrived, monotonicDeadline(options, deadline), ready)) {
            return kIOReturnTimeout;
        }
    }
    if (token->invocations == 0) {
        return kIOReturnAborted;
    }
    token->invocations--;
    return kIOReturnSuccess;
}
