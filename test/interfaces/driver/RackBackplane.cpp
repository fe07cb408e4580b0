// The backplane: two kinds of connections with selectors and memory types of their own.
#include "RackBackplane.h"
#include "RackBackplaneCore.h"
#include "RackControlClient.h"
#include "RackStreamClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct RackBackplane_IVars {
    RackBackplaneCore core;
    uint32_t followers;
    uint8_t slot;
};

bool RackBackplane::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(RackBackplane_IVars, 1);
    return ivars != nullptr;
}

void RackBackplane::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, RackBackplane_IVars, 1);
    super::free();
}

kern_return_t RackBackplane::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status == kIOReturnSuccess) {
        status = PublishProperties();
    }
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t RackBackplane::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

RackBackplaneCore * RackBackplane::Core() {
    return &ivars->core;
}

kern_return_t RackBackplane::SelectSlot(RackControlClient *, uint8_t slot, uint32_t * selected) {
    RackSlotsBuffer * slots = nullptr;
    const kern_return_t status = MapSlots(&slots);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->slot = slot;
    slots->values[slot]++;
    *selected = slots->values[slot];
    EmitSelected(slot);
    EmitSample(slot, *selected);
    return kIOReturnSuccess;
}

kern_return_t RackBackplane::AddIndicator(RackControlClient * client) {
    IOService * service = nullptr;
    const kern_return_t status = client->CreateIndicator(&service);
    OSSafeReleaseNULL(service);
    return status;
}

kern_return_t RackBackplane::AddFan(RackControlClient *) {
    IOService * service = nullptr;
    const kern_return_t status = CreateFan(&service);
    OSSafeReleaseNULL(service);
    return status;
}

kern_return_t RackBackplane::ReadSlot(RackStreamClient * client, uint8_t slot, uint32_t * value,
                                      uint32_t * connections) {
    RackSamplesBuffer * samples = nullptr;
    const kern_return_t status = MapSamples(client, &samples);
    if (status != kIOReturnSuccess) {
        return status;
    }
    *value = samples->bytes[slot];
    *connections = ivars->followers;
    return kIOReturnSuccess;
}

void RackBackplane::SelectedSubscribers(uint32_t) {}

void RackBackplane::SampleSubscribers(uint32_t count) {
    ivars->followers = count;
}
