// What a controller does to the machine as a whole: its clock, faults, recording, denied
// entitlements, cables.
#include "ipc/machine.h"
#include "kernel.h"
#include "time_control.h"

#include <IOKit/IOReturn.h>

#include <cstring>

namespace dextsim {

namespace {

struct Request {
    Kernel & kernel;
    Session & session;
    uint64_t id;
    Reader reader;

    void answer(int32_t status, const Writer & body = {}) { session.link->reply(id, status, body); }
    // The sentence goes to the user.
    void refuse(const std::string & text) { answer(kIOReturnError, Writer().string(text)); }
    // Answers when that time has been reached, if the session is still there.
    TimeReached answerTime() {
        return [&k = kernel, from = session.id, reply = id](uint64_t now) {
            if (Session * asker = k.session(from)) {
                asker->link->reply(reply, kIOReturnSuccess, Writer().u64(now));
            }
        };
    }
};

void stepTo(Request & request) {
    const uint64_t to = request.reader.u64();
    if (!request.kernel.clock.isHeld()) {
        request.refuse("the clock runs; hold it before it is stepped");
    } else if (to < machineNanoseconds()) {
        request.refuse("the clock cannot be stepped backwards");
    } else {
        stepClock(request.kernel, to, request.answerTime());
    }
}

void arm(Request & request) {
    uint32_t fault = 0;
    const int32_t status = armFault(request.kernel, request.session, request.reader, fault);
    if (status == kIOReturnNoResources) {
        request.refuse("no more than " + std::to_string(kFaultSlots) + " faults wait at a time");
    } else if (status != kIOReturnSuccess) {
        request.refuse("a fault of this kind cannot be armed");
    } else {
        request.answer(status, Writer().u32(fault));
    }
}

void record(Request & request) {
    Recorder & recorder = request.kernel.recorder;
    const std::string path = request.reader.string();
    recorder.close();
    const int error = path.empty() ? 0 : recorder.open(path);
    if (error != 0) {
        request.refuse("cannot write the recording " + path + ": " + strerror(error));
        return;
    }
    for (const auto & [id, device] : request.kernel.usb.devices) {
        recorder.plugged(device);
    }
    for (const auto & [id, device] : request.kernel.families.hid.devices) {
        recorder.hidPlugged(device);
    }
    for (const auto & [id, device] : request.kernel.families.pci.devices) {
        recorder.pciPlugged(device, device.config);
    }
    for (const auto & [id, controller] : request.kernel.families.scsi.controllers) {
        const Entry * entry = request.kernel.registry.find(id);
        recorder.scsiStarted(controller, entry == nullptr ? "" : entry->name);
    }
    tellPciRecording(request.kernel);
    request.answer(kIOReturnSuccess, Writer().string(""));
}

void deny(Request & request) {
    const std::string entitlement = request.reader.string();
    const bool denied = request.reader.u8() != 0;
    if (denied) {
        request.kernel.deniedEntitlements.insert(entitlement);
    } else {
        request.kernel.deniedEntitlements.erase(entitlement);
    }
    request.kernel.say(entitlement + (denied ? " is denied" : " is granted again"));
    request.answer(kIOReturnSuccess);
}

void unplug(Request & request) {
    const uint64_t device = request.reader.u64();
    if (!isPluggedDevice(request.kernel, device)) {
        request.refuse(hex(device) + " is not a device");
        return;
    }
    unplugDevice(request.kernel, device);
    request.answer(kIOReturnSuccess);
}

} // namespace

void handleMachine(Kernel & kernel, Session & session, Message & message) {
    Request request{kernel, session, message.id, message.reader()};
    switch (message.type) {
    case MessageType::HoldClock:
        return holdClock(kernel, request.reader.u8() != 0, request.answerTime());
    case MessageType::StepClock:
        return stepTo(request);
    case MessageType::ReadClock: {
        const MachineTime time = machineTime();
        return request.answer(kIOReturnSuccess, Writer().u8(time.held).u64(time.now));
    }
    case MessageType::ArmFault:
        return arm(request);
    case MessageType::DisarmFault:
        disarmFault(kernel, request.reader.u32());
        return request.answer(kIOReturnSuccess);
    case MessageType::Record:
        return record(request);
    case MessageType::DenyEntitlement:
        return deny(request);
    case MessageType::UnplugDevice:
        return unplug(request);
    default:
        request.answer(kIOReturnBadMessageID);
    }
}

} // namespace dextsim
