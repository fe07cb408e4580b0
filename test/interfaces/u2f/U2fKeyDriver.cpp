// Stands for the HID device of the key: what one client sends arrives at every client that follows,
// as the host's frames would.
#include "U2fKeyDriver.h"
#include "U2fKeyDriverCore.h"
#include "U2fKeyUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct U2fKeyDriver_IVars {
    U2fKeyDriverCore core;
    uint32_t followers;
};

bool U2fKeyDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(U2fKeyDriver_IVars, 1);
    return ivars != nullptr;
}

void U2fKeyDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, U2fKeyDriver_IVars, 1);
    super::free();
}

kern_return_t U2fKeyDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t U2fKeyDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

U2fKeyDriverCore * U2fKeyDriver::Core() {
    return &ivars->core;
}

kern_return_t U2fKeyDriver::SendFrame(U2fKeyUserClient *, const U2fKeyFrame * frame) {
    if (ivars->followers == 0) {
        return kIOReturnNotReady;
    }
    EmitFrame(nullptr, frame);
    return kIOReturnSuccess;
}

void U2fKeyDriver::FrameSubscribers(uint32_t count) {
    ivars->followers = count;
}
