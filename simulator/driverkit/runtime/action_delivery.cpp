// A message to an action is copied, with references to its objects, and run on the queue of the
// action's target. A completion's message leaves for the kernel at once.
#include "action.h"

#include "classes.h"
#include "kernel.h"
#include "faults.h"
#include "log.h"
#include "queues.h"
#include "timers.h"
#include "workers.h"

#include <DriverKit/IOUserClient.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <vector>

namespace dextsim {

namespace {

// A message on its way. Owns a reference of the action, of the target and of every object in it.
class Delivery {
  public:
    Delivery(OSAction * action, OSObject * target, const IORPC & rpc)
        : action_(action), target_(target), words_((rpc.sendSize + 7) / 8),
          sendSize_(rpc.sendSize) {
        memcpy(words_.data(), rpc.message, rpc.sendSize);
        action_->retain();
        target_->retain();
        IORPCMessage & content = *IORPCMessageFromMach(message(), false);
        content.msgid = action->OSAction::ivars->targetMessageId;
        objects()[0] = reinterpret_cast<OSObjectRef>(target);
        for (uint64_t i = 1; i < content.objectRefs; i++) {
            if (const OSMetaClassBase * object = objectAt(i)) {
                object->retain();
            }
        }
    }
    Delivery(const Delivery &) = delete;
    Delivery & operator=(const Delivery &) = delete;

    ~Delivery() {
        const uint64_t count = IORPCMessageFromMach(message(), false)->objectRefs;
        for (uint64_t i = 1; i < count; i++) {
            if (const OSMetaClassBase * object = objectAt(i)) {
                object->release();
            }
        }
        target_->release();
        action_->release();
    }

    void run() {
        OSAction_IVars & ivars = *action_->OSAction::ivars;
        {
            std::lock_guard lock(ivars.lock);
            if (ivars.cancelled) {
                return;
            }
        }
        const IORPC rpc{message(), nullptr, sendSize_, 0};
        {
            const InTurn turn(turn_);
            const Doing doing(target_, ivars.targetMessageId);
            target_->Dispatch(rpc);
        }
        std::lock_guard lock(ivars.lock);
        if (ivars.waiter != nullptr) {
            ivars.waiter->invocations++;
            ivars.waiter->arrived.notify_all();
        }
    }

  private:
    IORPCMessageMach * message() { return reinterpret_cast<IORPCMessageMach *>(words_.data()); }
    OSObjectRef * objects() {
        return reinterpret_cast<OSObjectRef *>(IORPCMessageFromMach(message(), false) + 1);
    }
    const OSMetaClassBase * objectAt(uint64_t index) {
        return reinterpret_cast<const OSMetaClassBase *>(objects()[index]);
    }

    OSAction * const action_;
    OSObject * const target_;
    std::vector<uint64_t> words_; // for its alignment
    const uint32_t sendSize_;
    const TimerTurn turn_ = currentTurn();
};

// The message's parameters as IOUserClient::AsyncCompletion has them; `target` is the completion.
void sendCompletion(OSMetaClassBase * target, OSAction *, IOReturn status,
                    const uint64_t * asyncData, uint32_t asyncDataCount) {
    const OSAction_IVars & ivars = *static_cast<OSAction *>(target)->OSAction::ivars;
    const CompletionRoute & route = ivars.route;
    meetFaults(FaultEvent::Completion, route.userClient, 0);
    Writer body;
    body.u64(route.session).u32(route.port);
    body.words(route.reference.data(), route.reference.size());
    body.i32(status).u32(asyncDataCount).words(asyncData, asyncDataCount);
    notifyKernel(MessageType::AsyncCompletion, body);
}

} // namespace

kern_return_t invokeAction(OSAction * action, const IORPC & rpc) {
    OSAction_IVars & ivars = *action->OSAction::ivars;
    const uint64_t messageId = IORPCMessageFromMach(rpc.message, false)->msgid;
    if (messageId != ivars.messageId) {
        reportFault(std::string("an action of class ") + action->GetClassName() +
                    " was given to a method that completes another kind of action");
        return kIOReturnBadArgument;
    }
    if (ivars.isCompletion) {
        return IOUserClient::AsyncCompletion_Invoke(rpc, action, &sendCompletion);
    }
    if (ivars.toKernel != nullptr) {
        ivars.toKernel(action, rpc);
        return kIOReturnSuccess;
    }
    OSObject * target;
    {
        std::lock_guard lock(ivars.lock);
        if (ivars.cancelled) {
            return kIOReturnAborted;
        }
        target = ivars.target;
        target->retain();
    }
    const auto delivery = std::make_shared<Delivery>(action, target, rpc);
    if (const auto queue = queueForMessage(target, ivars.targetMessageId)) {
        queue->async([delivery] { delivery->run(); });
    } else {
        runOnWorker([delivery] { delivery->run(); });
    }
    target->release();
    return kIOReturnSuccess;
}

OSAction * makeCompletion(const CompletionRoute & route) {
    static std::atomic<uint64_t> lastNumber{0};
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(OSAction_IOUserClient_KernelCompletion), &object) !=
        kIOReturnSuccess) {
        return nullptr;
    }
    auto * const action = static_cast<OSAction *>(object);
    auto * const ivars = new OSAction_IVars;
    ivars->isCompletion = true;
    ivars->messageId = IOUserClient_AsyncCompletion_ID;
    ivars->number = ++lastNumber;
    ivars->route = route;
    action->OSAction::ivars = ivars;
    return action;
}

OSAction * makeKernelAction(uint64_t messageId, void (*toKernel)(OSAction *, const IORPC &),
                            std::shared_ptr<void> context) {
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(OSAction), &object) != kIOReturnSuccess) {
        return nullptr;
    }
    auto * const action = static_cast<OSAction *>(object);
    auto * const ivars = new OSAction_IVars;
    ivars->messageId = messageId;
    ivars->toKernel = toKernel;
    ivars->context = std::move(context);
    action->OSAction::ivars = ivars;
    return action;
}

void endCompletion(OSAction * completion) {
    OSAction_IVars & ivars = *completion->OSAction::ivars;
    if (__atomic_load_n(&completion->refcount, __ATOMIC_ACQUIRE) > 1) {
        ivars.held = true; // read by free(), which our release makes happen after this
        Writer body;
        body.u64(ivars.route.userClient).u64(ivars.number);
        notifyKernel(MessageType::ActionHeld, body);
    }
    completion->release();
}

} // namespace dextsim
