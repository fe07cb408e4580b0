// A card on PCI Express: its configuration space word by word, and its BARs as they are.
#include "GpuWindowDriver.h"
#include "GpuWindowDriverCore.h"
#include "GpuWindowUserClient.h"

#include <DriverKit/IOLib.h>
#include <PCIDriverKit/IOPCIDevice.h>

struct GpuWindowDriver_IVars {
    GpuWindowDriverCore core;
    IOPCIDevice * device;
};

bool GpuWindowDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(GpuWindowDriver_IVars, 1);
    return ivars != nullptr;
}

void GpuWindowDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, GpuWindowDriver_IVars, 1);
    super::free();
}

kern_return_t GpuWindowDriver::Start_Impl(IOService * provider) {
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

kern_return_t GpuWindowDriver::Stop_Impl(IOService * provider) {
    StopCore();
    if (ivars->device != nullptr) {
        ivars->device->Close(this, 0);
        ivars->device = nullptr;
    }
    return Stop(provider, SUPERDISPATCH);
}

GpuWindowDriverCore * GpuWindowDriver::Core() {
    return &ivars->core;
}

kern_return_t GpuWindowDriver::ReadConfig(GpuWindowUserClient *, uint32_t offset, uint32_t size,
                                          uint32_t * value) {
    uint16_t half = 0;
    uint8_t byte = 0;
    switch (size) {
    case 1:
        ivars->device->ConfigurationRead8(offset, &byte);
        *value = byte;
        return kIOReturnSuccess;
    case 2:
        ivars->device->ConfigurationRead16(offset, &half);
        *value = half;
        return kIOReturnSuccess;
    case 4:
        ivars->device->ConfigurationRead32(offset, value);
        return kIOReturnSuccess;
    default:
        return kIOReturnBadArgument;
    }
}

kern_return_t GpuWindowDriver::WriteConfig(GpuWindowUserClient *, uint32_t offset, uint32_t size,
                                           uint32_t value) {
    if (size != 4) {
        return kIOReturnUnsupported;
    }
    ivars->device->ConfigurationWrite32(offset, value);
    return kIOReturnSuccess;
}

kern_return_t GpuWindowDriver::Reset(GpuWindowUserClient *) {
    return kIOReturnSuccess;
}
