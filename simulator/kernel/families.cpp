// See families.h.
#include "families.h"

#include "kernel.h"
#include "processes.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

void DeviceRequest::answer(int32_t status, const Writer & body) {
    if (id != 0) {
        session.link->reply(id, status, body);
    }
}

void DeviceRequest::refuse(int32_t status, const std::string & why) {
    answer(status, Writer().string(why));
}

Writer familyBody(FamilyOp operation, uint64_t object) {
    Writer body;
    body.u16(static_cast<uint16_t>(operation)).u64(object);
    return body;
}

void handleDextFamily(DextRequest & request) {
    auto operation = static_cast<FamilyOp>(request.reader.u16());
    uint64_t object = request.reader.u64();
    if (!handleDextPci(request, operation, object) && !handleDextHid(request, operation, object) &&
        !handleDextScsi(request, operation, object) &&
        !handleDextInterrupt(request, operation, object) &&
        !handleDextWatch(request, operation, object)) {
        request.answer(kIOReturnBadMessageID);
    }
}

void handleDeviceFamily(Kernel & kernel, Session & session, Message & message) {
    DeviceRequest request{kernel, session, message.id, 0, message.reader()};
    auto operation = static_cast<FamilyOp>(request.reader.u16());
    request.object = request.reader.u64();
    if (!handleDevicePci(request, operation) && !handleDeviceHid(request, operation) &&
        !handleDeviceScsi(request, operation) && !handleDeviceInterrupt(request, operation) &&
        !handleDeviceService(request, operation)) {
        request.answer(kIOReturnBadMessageID);
    }
}

bool unplugFamilyDevice(Kernel & kernel, uint64_t device) {
    return unplugPci(kernel, device) || unplugHid(kernel, device);
}

void closeFamily(Kernel & kernel, uint64_t provider, uint64_t client) {
    closePci(kernel, provider, client);
    closeHid(kernel, provider, client);
}

void dropProcessFamilies(Kernel & kernel, uint32_t process) {
    dropProcessPci(kernel, process);
    dropProcessHid(kernel, process);
    dropProcessInterrupts(kernel, process);
    dropProcessWatches(kernel, process);
}

void dropSessionFamilies(Kernel & kernel, uint64_t session) {
    dropSessionHid(kernel, session);
}

void familyEntryGone(Kernel & kernel, uint64_t id) {
    hidEntryGone(kernel, id);
    scsiEntryGone(kernel, id);
    dropProviderInterrupts(kernel, id);
}

} // namespace dextsim
