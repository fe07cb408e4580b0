// OSMetaClassBase::Invoke: where a message runs.
#include "action.h"
#include "classes.h"
#include "queues.h"

using namespace dextsim;

kern_return_t OSMetaClassBase::Invoke(IORPC invoke) {
    const IORPCMessage & message = *IORPCMessageFromMach(invoke.message, false);
    if ((message.flags & kIORPCMessageOneway) != 0) {
        OSAction * const action = OSDynamicCast(OSAction, this);
        return action != nullptr ? invokeAction(action, invoke) : kIOReturnBadArgument;
    }
    if (meta == nullptr) {
        return Dispatch(invoke); // a static method: sent to the metaclass
    }
    const std::shared_ptr<SerialQueue> queue = queueForMessage(this, message.msgid);
    if (queue == nullptr) {
        return Dispatch(invoke);
    }
    kern_return_t status = kIOReturnError;
    const Doing doing(this, message.msgid);
    queue->sync([&] { status = Dispatch(invoke); });
    return status;
}
