// The driver of the dimmer: it remembers a level.
#include "DimmerDriver.h"
#include "DimmerDriverCore.h"
#include "DimmerUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct DimmerDriver_IVars {
    DimmerDriverCore core;
    uint8_t level;
};

bool DimmerDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(DimmerDriver_IVars, 1);
    return ivars != nullptr;
}

void DimmerDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, DimmerDriver_IVars, 1);
    super::free();
}

kern_return_t DimmerDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t DimmerDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

DimmerDriverCore * DimmerDriver::Core() {
    return &ivars->core;
}

kern_return_t DimmerDriver::SetLevel(DimmerUserClient *, uint8_t level, uint8_t * previous) {
    *previous = ivars->level;
    ivars->level = level;
    return kIOReturnSuccess;
}
