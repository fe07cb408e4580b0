// Opens the device; everything else is generated.
#include "SharedMemoryDriver.h"
#include "SharedMemoryDriverCore.h"
#include "SharedMemoryUserClient.h"

#include <DriverKit/IOLib.h>
#include <PCIDriverKit/IOPCIDevice.h>

struct SharedMemoryDriver_IVars {
    SharedMemoryDriverCore core;
    IOPCIDevice * device;
};

bool SharedMemoryDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(SharedMemoryDriver_IVars, 1);
    return ivars != nullptr;
}

void SharedMemoryDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, SharedMemoryDriver_IVars, 1);
    super::free();
}

kern_return_t SharedMemoryDriver::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOPCIDevice * device = OSDynamicCast(IOPCIDevice, provider);
    if (device == nullptr) {
        return kIOReturnBadArgument;
    }
    status = device->Open(this, 0);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->device = device;
    uint16_t command = 0;
    device->ConfigurationRead16(kIOPCIConfigurationOffsetCommand, &command);
    device->ConfigurationWrite16(kIOPCIConfigurationOffsetCommand,
                                 static_cast<uint16_t>(command | kIOPCICommandMemorySpace));
    return RegisterService();
}

kern_return_t SharedMemoryDriver::Stop_Impl(IOService * provider) {
    StopCore();
    if (ivars->device != nullptr) {
        ivars->device->Close(this, 0);
        ivars->device = nullptr;
    }
    return Stop(provider, SUPERDISPATCH);
}

SharedMemoryDriverCore * SharedMemoryDriver::Core() {
    return &ivars->core;
}
