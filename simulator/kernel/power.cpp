// See power.h. What USB does while the system sleeps is decided in usb_transfers.cpp.
#include "power.h"

#include "processes.h"
#include "services.h"

#include <IOKit/IOReturn.h>

#include <algorithm>

namespace dextsim {

namespace {

// kIOServicePowerCapability… of the driver side's IOService.h.
constexpr uint32_t kOff = 0;
constexpr uint32_t kOn = 2;
constexpr uint32_t kLow = 0x00010000;
// How long power management waits for a driver's acknowledgement.
constexpr auto kPatience = std::chrono::seconds(20);

std::string nameOf(Kernel & kernel, uint64_t id) {
    const Entry * entry = kernel.registry.find(id);
    return entry == nullptr ? hex(id) : entry->name;
}

// The change is over, acknowledged or not.
void settle(Kernel & kernel, uint64_t id) {
    DextObject * object = kernel.object(id);
    if (object == nullptr || !object->power.pending) {
        return;
    }
    object->power.pending = false;
    kernel.clock.cancel(object->power.timer);
    auto next = std::move(object->power.whenSettled);
    object->power.whenSettled = {};
    kernel.loop.later(std::move(next));
}

// SetPowerState came back: with an error, or from a process that is gone, nobody acknowledges.
void stateReturned(Kernel & kernel, uint64_t id, int32_t status) {
    DextObject * object = kernel.object(id);
    if (object == nullptr || !object->power.pending) {
        return;
    }
    object->power.returned = true;
    if (status != kIOReturnSuccess || object->power.acknowledged) {
        settle(kernel, id);
    }
}

// Tells one object and calls `next` when it has settled; at once when there is nothing to tell.
void tell(Kernel & kernel, uint64_t id, uint32_t flags, std::function<void(bool told)> next) {
    DextObject * object = kernel.object(id);
    DextProcess * process = kernel.processOf(id);
    const bool absent = object == nullptr || !object->power.joined || object->stopSent ||
                        process == nullptr || !process->link;
    if (!absent && object->power.pending) {
        // One change after the other.
        object->power.whenSettled = [&kernel, id, flags, next = std::move(next),
                                     first = std::move(object->power.whenSettled)] {
            first();
            tell(kernel, id, flags, next);
        };
        return;
    }
    if (absent || object->power.current == flags) {
        kernel.loop.later([next = std::move(next)] { next(false); });
        return;
    }
    PowerPart & power = object->power;
    power.current = flags;
    power.pending = true;
    power.returned = power.acknowledged = false;
    power.whenSettled = [next = std::move(next)] { next(true); };
    power.timer = kernel.clock.after(kPatience, [&kernel, id] {
        kernel.say(nameOf(kernel, id) +
                   ": SetPowerState(flags, SUPERDISPATCH) was not reached within 20 s");
        settle(kernel, id);
    });
    process->link->request(
        MessageType::SetPowerState, Writer().u64(id).u32(flags), [&kernel, id](Answer & answer) {
            stateReturned(kernel, id, answer.delivered ? answer.status : MIG_SERVER_DIED);
        });
}

struct Change {
    Kernel & kernel;
    bool asleep;
    std::vector<uint64_t> objects;
    std::function<void(int32_t, uint32_t)> done;
    size_t at = 0;
    uint32_t told = 0;
};

void endChange(Change & change) {
    Kernel & kernel = change.kernel;
    if (change.asleep) {
        kernel.asleep = true;
        suspendUsb(kernel);
    }
    kernel.changingPower = false;
    if (!change.asleep) {
        matchDeferred(kernel);
    }
    kernel.say(change.asleep ? "the system sleeps" : "the system is awake");
    change.done(kIOReturnSuccess, change.told);
}

void step(std::shared_ptr<Change> change) {
    if (change->at == change->objects.size()) {
        endChange(*change);
        return;
    }
    const uint64_t id = change->objects[change->at++];
    const DextObject * object = change->kernel.object(id);
    const uint32_t flags = change->asleep || object == nullptr ? kOff : object->power.desired;
    tell(change->kernel, id, flags, [change](bool told) {
        change->told += told;
        step(change);
    });
}

void joinTree(DextRequest & request) {
    DextObject * object = request.kernel.object(request.reader.u64());
    const bool own = object != nullptr && object->process == request.process.id;
    if (own) {
        object->power.joined = true;
    }
    request.answer(own ? kIOReturnSuccess : kIOReturnUnsupported);
}

void changeState(DextRequest & request) {
    Kernel & kernel = request.kernel;
    const uint64_t id = request.reader.u64();
    const uint32_t flags = request.reader.u32();
    DextObject * object = kernel.object(id);
    if (flags != kOff && flags != kLow && flags != kOn) {
        request.answer(kIOReturnBadArgument);
        return;
    }
    if (object == nullptr || object->process != request.process.id) {
        request.answer(kIOReturnUnsupported);
        return;
    }
    object->power.desired = flags;
    request.answer(kIOReturnSuccess);
    if (!kernel.asleep && !kernel.changingPower) {
        tell(kernel, id, flags, [](bool) {});
    }
}

void acknowledge(DextRequest & request) {
    const uint64_t id = request.reader.u64();
    DextObject * object = request.kernel.object(id);
    if (object == nullptr || !object->power.pending || object->power.acknowledged) {
        request.answer(kIOReturnNotReady);
        return;
    }
    object->power.acknowledged = true;
    request.answer(kIOReturnSuccess);
    if (object->power.returned) {
        settle(request.kernel, id);
    }
}

DextHandler handlerOf(MessageType type) {
    switch (type) {
    case MessageType::JoinPowerTree:
        return joinTree;
    case MessageType::ChangePowerState:
        return changeState;
    case MessageType::PowerAcknowledged:
        return acknowledge;
    default:
        return nullptr;
    }
}

} // namespace

void setSystemPower(Kernel & kernel, bool asleep, std::function<void(int32_t, uint32_t)> done) {
    if (kernel.changingPower) {
        done(kIOReturnBusy, 0);
        return;
    }
    kernel.changingPower = true;
    auto change = std::make_shared<Change>(
        Change{kernel, asleep, kernel.registry.subtree(kernel.registry.root()), std::move(done)});
    if (asleep) {
        std::reverse(change->objects.begin(), change->objects.end());
    } else {
        kernel.asleep = false;
    }
    step(std::move(change));
}

void forgetPower(Kernel & kernel, uint64_t object) {
    settle(kernel, object);
}

bool handleDextPower(Kernel & kernel, DextProcess & process, Message & message) {
    DextHandler handler = handlerOf(message.type);
    if (handler != nullptr) {
        DextRequest request{kernel, process, message.id, message.reader()};
        handler(request);
    }
    return handler != nullptr;
}

} // namespace dextsim
