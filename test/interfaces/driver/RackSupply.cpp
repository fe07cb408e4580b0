// The supply: comes first, and lets the backplane match by a property once it is switched on.
#include "RackSupply.h"
#include "RackPowerClient.h"
#include "RackSupplyCore.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct RackSupply_IVars {
    RackSupplyCore core;
    bool on;
};

bool RackSupply::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(RackSupply_IVars, 1);
    return ivars != nullptr;
}

void RackSupply::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, RackSupply_IVars, 1);
    super::free();
}

kern_return_t RackSupply::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t RackSupply::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

RackSupplyCore * RackSupply::Core() {
    return &ivars->core;
}

bool RackSupply::IsOn() {
    return ivars->on;
}

kern_return_t RackSupply::SwitchOn(RackPowerClient *, bool * started) {
    *started = !IsOn();
    ivars->on = true;
    const kern_return_t status = PublishRackPowered(true);
    // Matching looks again when a service is registered again.
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t RackSupply::SetRackPowered(RackPowerClient *, bool rackPowered) {
    return PublishRackPowered(rackPowered);
}
