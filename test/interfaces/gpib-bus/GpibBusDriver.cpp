// A bus with one instrument that says back what was written to it. Outcomes of the bus stand in
// answers that succeed.
#include "GpibBusDriver.h"
#include "GpibBusDriverCore.h"
#include "GpibBusUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

struct GpibBusDriver_IVars {
    GpibBusDriverCore core;
    uint8_t message[64];
    uint32_t length;
};

bool GpibBusDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(GpibBusDriver_IVars, 1);
    return ivars != nullptr;
}

void GpibBusDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, GpibBusDriver_IVars, 1);
    super::free();
}

kern_return_t GpibBusDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t GpibBusDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

GpibBusDriverCore * GpibBusDriver::Core() {
    return &ivars->core;
}

namespace {

constexpr int32_t kOnlyHandle = 7;
constexpr uint32_t kComplete = 0x0100;
constexpr uint32_t kError = 0x8000;
constexpr uint32_t kBadHandle = 4;

kern_return_t Report(int32_t handle, GpibBusStatus * status) {
    status->state = handle == kOnlyHandle ? kComplete : kError;
    status->error = handle == kOnlyHandle ? 0 : kBadHandle;
    return kIOReturnSuccess;
}

} // namespace

kern_return_t GpibBusDriver::BoardOnline(GpibBusUserClient *, const GpibBusOnline * request,
                                         GpibBusStatus * statusOut) {
    statusOut->state = request->online != 0 ? kComplete : 0;
    return kIOReturnSuccess;
}

kern_return_t GpibBusDriver::OpenDescriptor(GpibBusUserClient *, const GpibBusOpen * request,
                                            GpibBusOpened * opened) {
    opened->handle = request->pad == 5 ? kOnlyHandle : -1;
    opened->state = request->pad == 5 ? kComplete : kError;
    return kIOReturnSuccess;
}

kern_return_t GpibBusDriver::Configure(GpibBusUserClient *, const GpibBusConfigure * request,
                                       GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::Write(GpibBusUserClient *, const GpibBusWriteReader * request,
                                   GpibBusStatus * statusOut) {
    const uint64_t sent = request->DataLength();
    ivars->length = static_cast<uint32_t>(sent < 64 ? sent : 64);
    memcpy(ivars->message, request->Data(), ivars->length);
    statusOut->count = ivars->length;
    return Report(request->Head().handle, statusOut);
}

kern_return_t GpibBusDriver::Read(GpibBusUserClient *, const GpibBusRead * request,
                                  GpibBusReadReplyWriter * reply) {
    const bool all = request->count >= ivars->length;
    reply->PutHead({.state = kComplete, .error = 0, .count = 0, .end = all ? 1u : 0u});
    reply->AddData(ivars->message, all ? ivars->length : request->count);
    return kIOReturnSuccess;
}

kern_return_t GpibBusDriver::RemoteEnable(GpibBusUserClient *, const GpibBusRemoteEnable * request,
                                          GpibBusStatus * statusOut) {
    statusOut->count = static_cast<uint32_t>(request->enable);
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::Wait(GpibBusUserClient *, const GpibBusWait * request,
                                  GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::Ask(GpibBusUserClient *, const GpibBusAsk * request,
                                 GpibBusAnswer * answer) {
    answer->value = -request->option;
    return kIOReturnSuccess;
}

kern_return_t GpibBusDriver::SerialPoll(GpibBusUserClient *, const GpibBusHandle *,
                                        GpibBusPoll * poll) {
    poll->status = 0x40;
    poll->state = kComplete;
    return kIOReturnSuccess;
}

kern_return_t GpibBusDriver::ListenerPresent(GpibBusUserClient *, const GpibBusAddress * request,
                                             GpibBusStatus * statusOut) {
    statusOut->state = request->pad == 5 ? 1 : 0;
    return kIOReturnSuccess;
}

kern_return_t GpibBusDriver::SendCommand(GpibBusUserClient *,
                                         const GpibBusSendCommandReader * request,
                                         GpibBusStatus * statusOut) {
    statusOut->count = static_cast<uint32_t>(request->DataLength());
    return Report(request->Head().handle, statusOut);
}

kern_return_t GpibBusDriver::CloseDescriptor(GpibBusUserClient *, const GpibBusHandle * request,
                                             GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::DeviceClear(GpibBusUserClient *, const GpibBusHandle * request,
                                         GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::InterfaceClear(GpibBusUserClient *, const GpibBusHandle * request,
                                            GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::Trigger(GpibBusUserClient *, const GpibBusHandle * request,
                                     GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::GoToLocal(GpibBusUserClient *, const GpibBusHandle * request,
                                       GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::LocalLockout(GpibBusUserClient *, const GpibBusHandle * request,
                                          GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}

kern_return_t GpibBusDriver::LineStatus(GpibBusUserClient *, const GpibBusHandle * request,
                                        GpibBusStatus * statusOut) {
    return Report(request->handle, statusOut);
}
