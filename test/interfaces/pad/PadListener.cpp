// Counts the reports of a device.
#include "PadListener.h"
#include "PadListenerCore.h"
#include "PadListenerClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <DriverKit/OSAction.h>
#include <HIDDriverKit/IOHIDInterface.h>

struct PadListener_IVars {
    PadListenerCore core;
    IOHIDInterface * device; // borrowed: our provider
    OSAction * action;
    uint32_t reports;
    uint32_t lastId;
};

bool PadListener::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(PadListener_IVars, 1);
    return ivars != nullptr;
}

void PadListener::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, PadListener_IVars, 1);
    super::free();
}

kern_return_t PadListener::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status == kIOReturnSuccess) {
        status = CreateActionReportCame(0, &ivars->action);
    }
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->device = OSDynamicCast(IOHIDInterface, provider);
    status = ivars->device != nullptr ? ivars->device->Open(this, 0, ivars->action)
                                      : kIOReturnBadArgument;
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t PadListener::Stop_Impl(IOService * provider) {
    StopCore();
    if (ivars->device != nullptr) {
        ivars->device->Close(this, 0);
        ivars->device = nullptr;
    }
    OSSafeReleaseNULL(ivars->action);
    return Stop(provider, SUPERDISPATCH);
}

PadListenerCore * PadListener::Core() {
    return &ivars->core;
}

void PadListener::ReportCame_Impl(uint64_t, uint32_t reportID, uint32_t, IOHIDReportType,
                                  IOMemoryDescriptor *, OSAction *) {
    ivars->reports++;
    ivars->lastId = reportID;
}

kern_return_t PadListener::ReadCount(PadListenerClient *, uint32_t * reports, uint32_t * lastId) {
    *reports = ivars->reports;
    *lastId = ivars->lastId;
    return kIOReturnSuccess;
}
