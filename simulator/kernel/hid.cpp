// HID devices: their entries in the registry, reports to and from them, and who follows them.
#include "hid_reports.h"
#include "kernel.h"
#include "lifecycle.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

void plug(DeviceRequest & request) {
    Kernel & kernel = request.kernel;
    std::string name = request.reader.string();
    Value properties = request.reader.value();
    auto descriptor = request.reader.bytes();
    HidFacts facts;
    std::string error = readHidDescriptor(descriptor, facts);
    if (!error.empty()) {
        request.refuse(kIOReturnBadArgument, "the report descriptor is wrong: " + error);
        return;
    }
    auto plugged = std::make_shared<HidPlugged>(
        HidPlugged{name, properties, {descriptor.begin(), descriptor.end()}});
    mergeFacts(properties, facts, descriptor);
    Entry & entry = kernel.registry.add(kernel.registry.root(), name, "IOHIDDevice", properties);
    uint64_t id = entry.id;
    request.session.devices.insert(id);
    kernel.say("plugged " + name);
    HidDevice device{.id = id, .session = request.session.id, .plugged = std::move(plugged)};
    kernel.recorder.hidPlugged(device);
    publishHid(kernel, std::move(device), facts);
    request.answer(kIOReturnSuccess,
                   Writer().u64(id).u64(kernel.families.hid.device(id)->interface));
}

void sendReport(DeviceRequest & request) {
    HidDevice * device = request.kernel.families.hid.device(request.object);
    uint64_t timestamp = request.reader.u64();
    uint32_t type = request.reader.u32();
    auto report = request.reader.bytes();
    if (device == nullptr || device->session != request.session.id) {
        request.answer(kIOReturnNotFound);
        return;
    }
    const bool taken = spreadReport(request.kernel, *device, timestamp, type, report);
    request.kernel.recorder.hidSent(device->id, type, report, taken);
    request.answer(kIOReturnSuccess, Writer().u8(taken ? 1 : 0));
}

void answerReport(DeviceRequest & request) {
    HidBus & bus = request.kernel.families.hid;
    uint64_t id = request.reader.u64();
    int32_t status = request.reader.i32();
    auto report = request.reader.bytes();
    auto node = bus.requests.extract(id);
    bus.requestDevices.erase(id);
    if (!node.empty()) {
        request.kernel.recorder.hidAnswered(id, status, report);
        node.mapped()(status, report);
    }
}

void follow(DeviceRequest & request) {
    const Entry * entry = request.kernel.registry.find(request.object);
    if (entry == nullptr) {
        request.answer(kIOReturnNotFound);
        return;
    }
    request.kernel.families.hid.followers[request.object].insert(request.session.id);
    request.answer(kIOReturnSuccess);
}

void systemReport(DeviceRequest & request, bool get) {
    Kernel & kernel = request.kernel;
    HidDevice * device = kernel.families.hid.device(request.object);
    if (device == nullptr) {
        request.refuse(kIOReturnNoDevice, "the HID device is gone");
        return;
    }
    HidReportCall call = readReportCall(request.reader, get, true);
    transferReport(kernel, *device, call,
                   [&kernel, session = request.session.id, id = request.id,
                    get](int32_t status, std::span<const uint8_t> report) {
                       if (Session * asker = kernel.session(session)) {
                           asker->link->reply(id, status, get ? Writer().bytes(report) : Writer());
                       }
                   });
}

} // namespace

HidDevice * HidBus::device(uint64_t id) {
    auto found = devices.find(id);
    return found == devices.end() ? nullptr : &found->second;
}

HidDevice * HidBus::deviceOf(uint64_t interface) {
    for (auto & [id, device] : devices) {
        if (device.interface == interface) {
            return &device;
        }
    }
    return nullptr;
}

bool unplugHid(Kernel & kernel, uint64_t id) {
    HidDevice * device = kernel.families.hid.device(id);
    if (device == nullptr || device->session == 0) {
        return false;
    }
    uint64_t session = device->session;
    if (const Entry * entry = kernel.registry.find(id)) {
        kernel.say("unplugged " + entry->name);
    }
    kernel.recorder.unplugged(id);
    terminate(kernel, id);
    if (Session * player = kernel.session(session)) {
        player->devices.erase(id);
    }
    hidEntryGone(kernel, id);
    return true;
}

void closeHid(Kernel & kernel, uint64_t interface, uint64_t client) {
    HidDevice * device = kernel.families.hid.deviceOf(interface);
    if (device != nullptr && device->openedBy == client && client != 0) {
        device->openedBy = 0;
        device->openedIn = 0;
        if (DextObject * opener = kernel.object(client); opener != nullptr && opener->service) {
            opener->service->opens.erase(interface);
        }
    }
}

void dropProcessHid(Kernel & kernel, uint32_t process) {
    for (auto & [id, device] : kernel.families.hid.devices) {
        if (device.openedIn == process) {
            device.openedBy = 0;
            device.openedIn = 0;
        }
    }
}

void dropSessionHid(Kernel & kernel, uint64_t session) {
    auto & followers = kernel.families.hid.followers;
    for (auto at = followers.begin(); at != followers.end();) {
        at->second.erase(session);
        at = at->second.empty() ? followers.erase(at) : std::next(at);
    }
}

void hidEntryGone(Kernel & kernel, uint64_t id) {
    HidBus & bus = kernel.families.hid;
    auto followers = bus.followers.extract(id);
    if (!followers.empty()) {
        for (uint64_t session : followers.mapped()) {
            if (Session * follower = kernel.session(session)) {
                follower->link->send(MessageType::FamilyDevice, familyBody(FamilyOp::HidGone, id));
            }
        }
    }
    if (bus.devices.erase(id) != 0) {
        abandonRequests(bus, id);
    }
}

bool handleDeviceHid(DeviceRequest & request, FamilyOp operation) {
    switch (operation) {
    case FamilyOp::HidPlug:
        plug(request);
        return true;
    case FamilyOp::HidSend:
        sendReport(request);
        return true;
    case FamilyOp::HidAnswer:
        answerReport(request);
        return true;
    case FamilyOp::HidFollow:
        follow(request);
        return true;
    case FamilyOp::HidSystemSet:
        systemReport(request, false);
        return true;
    case FamilyOp::HidSystemGet:
        systemReport(request, true);
        return true;
    default:
        return false;
    }
}

} // namespace dextsim
