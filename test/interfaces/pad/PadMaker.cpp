// Makes a virtual device for each connection that asks for one.
#include "PadMaker.h"
#include "PadMakerCore.h"
#include "PadDevice.h"
#include "PadMakerClient.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

namespace {

/// A device and the connection that made it, which holds it by its dictionary.
struct Made {
    PadMakerClient * client;
    PadDevice * device;
};

} // namespace

struct PadMaker_IVars {
    PadMakerCore core;
    Made made[4];
};

bool PadMaker::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(PadMaker_IVars, 1);
    return ivars != nullptr;
}

void PadMaker::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, PadMaker_IVars, 1);
    super::free();
}

kern_return_t PadMaker::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t PadMaker::Stop_Impl(IOService * provider) {
    StopCore();
    for (Made & made : ivars->made) {
        OSSafeReleaseNULL(made.device);
    }
    return Stop(provider, SUPERDISPATCH);
}

PadMakerCore * PadMaker::Core() {
    return &ivars->core;
}

kern_return_t PadMaker::Enable(PadMakerClient * client) {
    for (Made & made : ivars->made) {
        if (made.device != nullptr && made.client != client) {
            continue;
        }
        if (made.device != nullptr) {
            return kIOReturnBusy;
        }
        IOService * service = nullptr;
        const kern_return_t status = client->CreateDevice(&service);
        if (status != kIOReturnSuccess) {
            return status;
        }
        made = {.client = client, .device = OSDynamicCast(PadDevice, service)};
        return kIOReturnSuccess;
    }
    return kIOReturnNoResources;
}

kern_return_t PadMaker::Post(PadMakerClient * client, const uint8_t * report,
                             uint64_t reportLength) {
    for (const Made & made : ivars->made) {
        if (made.client != client || made.device == nullptr) {
            continue;
        }
        IOBufferMemoryDescriptor * memory = nullptr;
        kern_return_t status =
            IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, reportLength, 0, &memory);
        IOAddressSegment range = {};
        if (status == kIOReturnSuccess) {
            status = memory->GetAddressRange(&range);
        }
        if (status == kIOReturnSuccess) {
            memcpy(reinterpret_cast<void *>(range.address), report, reportLength);
            status = made.device->PostReport(memory);
        }
        OSSafeReleaseNULL(memory);
        return status;
    }
    return kIOReturnNotFound;
}
