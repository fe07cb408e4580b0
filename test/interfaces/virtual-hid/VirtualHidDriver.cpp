// Makes the devices of each connection when they are asked for, and posts their reports.
#include "VirtualHidDriver.h"
#include "VirtualHidConnection.h"
#include "VirtualHidDriverCore.h"
#include "VirtualHidPeripheral.h"
#include "VirtualHidUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct VirtualHidDriver_IVars {
    VirtualHidDriverCore core;
};

namespace {

/// Takes over the reference.
kern_return_t Keep(IOService * service, VirtualHidPeripheral ** kept) {
    *kept = OSDynamicCast(VirtualHidPeripheral, service);
    if (*kept != nullptr) {
        return kIOReturnSuccess;
    }
    OSSafeReleaseNULL(service);
    return kIOReturnInternalError;
}

kern_return_t Post(VirtualHidPeripheral * device, const void * report, uint64_t length) {
    return device != nullptr ? device->Post(report, length) : kVirtualHidErrorNotReady;
}

} // namespace

bool VirtualHidDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(VirtualHidDriver_IVars, 1);
    return ivars != nullptr;
}

void VirtualHidDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, VirtualHidDriver_IVars, 1);
    super::free();
}

kern_return_t VirtualHidDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t VirtualHidDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

VirtualHidDriverCore * VirtualHidDriver::Core() {
    return &ivars->core;
}

kern_return_t VirtualHidDriver::ClientOpened(IOUserClient * client) {
    VirtualHidConnection * made = IONewZero(VirtualHidConnection, 1);
    if (made == nullptr) {
        return kIOReturnNoMemory;
    }
    SetClientContext(client, made);
    return kIOReturnSuccess;
}

/// The devices themselves go with the user client, whose children they are.
void VirtualHidDriver::ClientClosed(IOUserClient * client) {
    auto * gone = static_cast<VirtualHidConnection *>(ClientContext(client));
    OSSafeReleaseNULL(gone->keyboard);
    OSSafeReleaseNULL(gone->pointing);
    IOSafeDeleteNULL(gone, VirtualHidConnection, 1);
}

kern_return_t VirtualHidDriver::Version(VirtualHidUserClient *, uint64_t * version) {
    *version = kVirtualHidDriverVersion;
    return kIOReturnSuccess;
}

kern_return_t VirtualHidDriver::KeyboardInitialize(VirtualHidUserClient * client, uint32_t vendorId,
                                                   uint32_t productId, uint32_t countryCode) {
    auto * const connection = static_cast<VirtualHidConnection *>(ClientContext(client));
    if (connection->keyboard != nullptr) {
        return kIOReturnSuccess;
    }
    connection->vendorId = vendorId;
    connection->productId = productId;
    connection->countryCode = countryCode;
    IOService * service = nullptr;
    const kern_return_t status = client->CreateKeyboard(&service);
    return status == kIOReturnSuccess ? Keep(service, &connection->keyboard) : status;
}

kern_return_t VirtualHidDriver::KeyboardReady(VirtualHidUserClient * client, bool * ready) {
    *ready = static_cast<VirtualHidConnection *>(ClientContext(client))->keyboard != nullptr;
    return kIOReturnSuccess;
}

kern_return_t VirtualHidDriver::KeyboardPostReport(VirtualHidUserClient * client,
                                                   const VirtualHidKeyboardReport * report,
                                                   uint64_t reportLength) {
    return Post(static_cast<VirtualHidConnection *>(ClientContext(client))->keyboard, report,
                reportLength);
}

kern_return_t VirtualHidDriver::KeyboardReset(VirtualHidUserClient * client) {
    auto * const keyboard = static_cast<VirtualHidConnection *>(ClientContext(client))->keyboard;
    VirtualHidKeyboardInput input{};
    input.id = kVirtualHidKeyboardReportKeyboard;
    kern_return_t status = Post(keyboard, &input, sizeof(input));
    const uint8_t others[] = {kVirtualHidKeyboardReportConsumer, kVirtualHidKeyboardReportTopCase,
                              kVirtualHidKeyboardReportVendorKeyboard};
    for (const uint8_t id : others) {
        VirtualHidKeys keys{};
        keys.id = id;
        if (status == kIOReturnSuccess) {
            status = Post(keyboard, &keys, sizeof(keys));
        }
    }
    return status;
}

kern_return_t VirtualHidDriver::PointingInitialize(VirtualHidUserClient * client) {
    auto * const connection = static_cast<VirtualHidConnection *>(ClientContext(client));
    if (connection->pointing != nullptr) {
        return kIOReturnSuccess;
    }
    IOService * service = nullptr;
    const kern_return_t status = client->CreatePointing(&service);
    return status == kIOReturnSuccess ? Keep(service, &connection->pointing) : status;
}

kern_return_t VirtualHidDriver::PointingReady(VirtualHidUserClient * client, bool * ready) {
    *ready = static_cast<VirtualHidConnection *>(ClientContext(client))->pointing != nullptr;
    return kIOReturnSuccess;
}

kern_return_t VirtualHidDriver::PointingPostReport(VirtualHidUserClient * client,
                                                   const VirtualHidPointingInput * report) {
    return Post(static_cast<VirtualHidConnection *>(ClientContext(client))->pointing, report,
                sizeof(*report));
}

kern_return_t VirtualHidDriver::PointingReset(VirtualHidUserClient * client) {
    const VirtualHidPointingInput input{};
    return PointingPostReport(client, &input);
}
