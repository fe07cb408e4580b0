// Reports on their way: from a device to whoever follows it and to the driver that has opened it,
// and to a device, wherever it is played.
#include "hid_reports.h"

#include "kernel.h"
#include "processes.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

void askDext(Kernel & kernel, const HidDevice & device, const HidReportCall & call, HidDone done) {
    DextProcess * process = kernel.process(device.process);
    if (process == nullptr || !process->link) {
        done(kIOReturnOffline, {});
        return;
    }
    Writer body = familyBody(call.get ? FamilyOp::HidGetAsked : FamilyOp::HidSetAsked, device.id);
    body.u32(call.type).u32(call.id).u32(call.timeoutMs);
    if (call.get) {
        body.u32(call.length);
    } else {
        body.bytes(call.report);
    }
    bool get = call.get;
    process->link->request(MessageType::FamilyCall, body, [done, get](Answer & answer) {
        if (!answer.delivered || answer.status != kIOReturnSuccess) {
            done(answer.delivered ? answer.status : kIOReturnAborted, {});
            return;
        }
        Reader reader = answer.reader();
        done(kIOReturnSuccess, get ? reader.bytes() : std::span<const uint8_t>{});
    });
}

void askSession(Kernel & kernel, const HidDevice & device, const HidReportCall & call,
                HidDone done) {
    HidBus & bus = kernel.families.hid;
    Session * session = kernel.session(device.session);
    if (session == nullptr) {
        done(kIOReturnNoDevice, {});
        return;
    }
    uint64_t request = bus.nextRequest++;
    bus.requests[request] = std::move(done);
    bus.requestDevices[request] = device.id;
    Writer body = familyBody(FamilyOp::HidAsked, device.id);
    body.u64(request).u8(call.get).u32(call.type).u32(call.id).u32(call.length).bytes(call.report);
    kernel.recorder.hidAsked(device.id, request, call);
    session->link->send(MessageType::FamilyDevice, body);
}

} // namespace

bool spreadReport(Kernel & kernel, HidDevice & device, uint64_t timestamp, uint32_t type,
                  std::span<const uint8_t> report) {
    bool taken = false;
    auto followers = kernel.families.hid.followers.find(device.id);
    if (followers != kernel.families.hid.followers.end()) {
        for (uint64_t session : followers->second) {
            if (Session * follower = kernel.session(session)) {
                Writer body = familyBody(FamilyOp::HidReported, device.id);
                follower->link->send(MessageType::FamilyDevice,
                                     body.u64(timestamp).u32(type).bytes(report));
                taken = true;
            }
        }
    }
    DextProcess * process = kernel.process(device.openedIn);
    if (device.openedBy != 0 && process != nullptr && process->link) {
        uint32_t reportId = device.usesIds && !report.empty() ? report[0] : 0;
        Writer body = familyBody(FamilyOp::HidInput, device.interface);
        process->link->send(MessageType::FamilyCall,
                            body.u64(timestamp).u32(type).u32(reportId).bytes(report));
        taken = true;
    }
    return taken;
}

HidReportCall readReportCall(Reader & reader, bool get, bool timed) {
    HidReportCall call{get, reader.u32(), reader.u32(), 0, 0, {}};
    call.timeoutMs = timed ? reader.u32() : 0;
    if (get) {
        call.length = reader.u32();
    } else {
        call.report = reader.bytes();
    }
    return call;
}

void transferReport(Kernel & kernel, const HidDevice & device, const HidReportCall & call,
                    HidDone done) {
    if (device.process != 0) {
        askDext(kernel, device, call, std::move(done));
    } else {
        askSession(kernel, device, call, std::move(done));
    }
}

void abandonRequests(HidBus & bus, uint64_t device) {
    std::vector<HidDone> waiting;
    for (auto at = bus.requestDevices.begin(); at != bus.requestDevices.end();) {
        auto node = at->second == device ? bus.requests.extract(at->first)
                                         : decltype(bus.requests)::node_type{};
        if (!node.empty()) {
            waiting.push_back(std::move(node.mapped()));
        }
        at = at->second == device ? bus.requestDevices.erase(at) : std::next(at);
    }
    for (const HidDone & done : waiting) {
        done(kIOReturnNoDevice, {});
    }
}

} // namespace dextsim
