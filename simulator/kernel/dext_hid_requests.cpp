// What a dext asks of the HID family: a device that it makes, interfaces that it opens, events.
#include "hid_reports.h"
#include "processes.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

constexpr const char * kDeviceEntitlement = "com.apple.developer.driverkit.family.hid.device";

void start(DextRequest & request, uint64_t object) {
    Kernel & kernel = request.kernel;
    Entry * entry = request.own(object);
    Value properties = request.reader.value();
    auto descriptor = request.reader.bytes();
    if (entry == nullptr || !isKindOf(entry->className, "IOHIDDevice")) {
        if (entry != nullptr) {
            kernel.say(entry->name + " is an IOUserHIDDevice, but its IOClass is " +
                       entry->className + ": use AppleUserHIDDevice");
        }
        request.answer(kIOReturnUnsupported);
        return;
    }
    const Value * granted = request.process.bundle->entitlements.find(kDeviceEntitlement);
    if (kernel.options.checkEntitlements && (granted == nullptr || !granted->asBoolean())) {
        kernel.say(entry->name + " may not be a HID device: the dext lacks " + kDeviceEntitlement);
        request.answer(kIOReturnNotPermitted);
        return;
    }
    HidFacts facts;
    std::string error = readHidDescriptor(descriptor, facts);
    if (!error.empty()) {
        kernel.say(entry->name + ": the report descriptor is wrong: " + error);
        request.answer(kIOReturnBadArgument);
        return;
    }
    mergeProperties(entry->properties, properties);
    mergeFacts(entry->properties, facts, descriptor);
    publishHid(kernel, {.id = object, .process = request.process.id}, facts);
    request.answer(kIOReturnSuccess);
}

void reportFromDext(DextRequest & request, uint64_t object) {
    HidDevice * device = request.kernel.families.hid.device(object);
    uint64_t timestamp = request.reader.u64();
    uint32_t type = request.reader.u32();
    auto report = request.reader.bytes();
    if (device == nullptr || device->process != request.process.id) {
        request.answer(kIOReturnNotReady);
        return;
    }
    spreadReport(request.kernel, *device, timestamp, type, report);
    request.answer(kIOReturnSuccess);
}

void open(DextRequest & request, HidDevice & device) {
    uint64_t client = request.reader.u64();
    DextObject * opener = request.kernel.object(client);
    if (opener == nullptr || opener->process != request.process.id) {
        request.answer(kIOReturnBadArgument);
    } else if (device.openedBy != 0 && device.openedBy != client) {
        request.answer(kIOReturnExclusiveAccess);
    } else {
        device.openedBy = client;
        device.openedIn = request.process.id;
        if (opener->service) {
            opener->service->opens.insert(device.interface);
        }
        request.answer(kIOReturnSuccess);
    }
}

void reportFromInterface(DextRequest & request, const HidDevice & device, bool get) {
    HidReportCall call = readReportCall(request.reader, get, false);
    Kernel & kernel = request.kernel;
    transferReport(kernel, device, call,
                   [&kernel, process = request.process.id, id = request.id,
                    get](int32_t status, std::span<const uint8_t> report) {
                       DextProcess * asker = kernel.process(process);
                       if (asker != nullptr && asker->link) {
                           asker->link->reply(id, status, get ? Writer().bytes(report) : Writer());
                       }
                   });
}

void dispatched(DextRequest & request, uint64_t object) {
    if (request.own(object) == nullptr) {
        request.answer(kIOReturnNotReady);
        return;
    }
    std::string kind = request.reader.string();
    Value fields = request.reader.value();
    auto followers = request.kernel.families.hid.followers.find(object);
    if (followers != request.kernel.families.hid.followers.end()) {
        for (uint64_t session : followers->second) {
            if (Session * follower = request.kernel.session(session)) {
                Writer body = familyBody(FamilyOp::HidDispatched, object);
                follower->link->send(MessageType::FamilyDevice, body.string(kind).value(fields));
            }
        }
    }
    request.answer(kIOReturnSuccess);
}

} // namespace

bool handleDextHid(DextRequest & request, FamilyOp operation, uint64_t object) {
    if (operation < FamilyOp::HidStart || operation > FamilyOp::HidEvent) {
        return false;
    }
    if (operation == FamilyOp::HidStart) {
        start(request, object);
        return true;
    }
    if (operation == FamilyOp::HidReport || operation == FamilyOp::HidEvent) {
        (operation == FamilyOp::HidReport ? reportFromDext : dispatched)(request, object);
        return true;
    }
    HidDevice * device = request.kernel.families.hid.deviceOf(object);
    if (device == nullptr) {
        request.answer(kIOReturnNoDevice);
    } else if (operation == FamilyOp::HidOpen) {
        open(request, *device);
    } else if (operation == FamilyOp::HidClose) {
        closeHid(request.kernel, object, request.reader.u64());
        request.answer(kIOReturnSuccess);
    } else {
        reportFromInterface(request, *device, operation == FamilyOp::HidGet);
    }
    return true;
}

} // namespace dextsim
