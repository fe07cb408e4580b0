// A driver that lets its client use a PCI function as it likes.
#include "PciCard.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <PCIDriverKit/PCIDriverKit.h>
#include <os/log.h>

struct PciCard_IVars {
    IOPCIDevice * device;
};

bool PciCard::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(PciCard_IVars, 1);
    return ivars != nullptr;
}

void PciCard::free() {
    IOSafeDeleteNULL(ivars, PciCard_IVars, 1);
    super::free();
}

kern_return_t IMPL(PciCard, Start) {
    kern_return_t ret = Start(provider, SUPERDISPATCH);
    if (ret != kIOReturnSuccess) {
        return ret;
    }
    ivars->device = OSDynamicCast(IOPCIDevice, provider);
    if (ivars->device == nullptr) {
        return kIOReturnNoDevice;
    }
    uint16_t closed = 0;
    ivars->device->ConfigurationRead16(kIOPCIConfigurationOffsetVendorID, &closed);
    os_log(OS_LOG_DEFAULT, "vendor without a session: 0x%04x", closed);
    ret = ivars->device->Open(this, 0);
    return ret == kIOReturnSuccess ? RegisterService() : ret;
}

kern_return_t IMPL(PciCard, Stop) {
    // A device that went while Start ran may be why there is none.
    if (ivars->device != nullptr) {
        ivars->device->Close(this, 0);
    }
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t IMPL(PciCard, NewUserClient) {
    static_cast<void>(type);
    IOService * client = nullptr;
    const kern_return_t ret = Create(this, "UserClientProperties", &client);
    if (ret != kIOReturnSuccess) {
        return ret;
    }
    *userClient = OSDynamicCast(IOUserClient, client);
    if (*userClient == nullptr) {
        client->release();
        return kIOReturnError;
    }
    return kIOReturnSuccess;
}

IOPCIDevice * PciCard::Device() {
    return ivars->device;
}
