// Keeps what each connection says of its joystick, makes it, and ends it.
#include "JoystickDriver.h"
#include "JoystickConnection.h"
#include "JoystickDevice.h"
#include "JoystickDriverCore.h"
#include "JoystickUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct JoystickDriver_IVars {
    JoystickDriverCore core;
};

bool JoystickDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(JoystickDriver_IVars, 1);
    return ivars != nullptr;
}

void JoystickDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, JoystickDriver_IVars, 1);
    super::free();
}

kern_return_t JoystickDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t JoystickDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

JoystickDriverCore * JoystickDriver::Core() {
    return &ivars->core;
}

kern_return_t JoystickDriver::ClientOpened(IOUserClient * client) {
    JoystickConnection * made = IONewZero(JoystickConnection, 1);
    if (made == nullptr) {
        return kIOReturnNoMemory;
    }
    made->ids = {.vendorId = 0x1209, .productId = 0x0001};
    SetClientContext(client, made);
    return kIOReturnSuccess;
}

/// The device itself goes with the user client, whose child it is.
void JoystickDriver::ClientClosed(IOUserClient * client) {
    auto * gone = static_cast<JoystickConnection *>(ClientContext(client));
    OSSafeReleaseNULL(gone->device);
    OSSafeReleaseNULL(gone->descriptor);
    OSSafeReleaseNULL(gone->product);
    OSSafeReleaseNULL(gone->serial);
    IOSafeDeleteNULL(gone, JoystickConnection, 1);
}

kern_return_t JoystickDriver::EnableDevice(JoystickUserClient * client, const uint8_t * descriptor,
                                           uint64_t descriptorLength) {
    auto * const connection = static_cast<JoystickConnection *>(ClientContext(client));
    OSSafeReleaseNULL(connection->descriptor);
    connection->descriptor = OSData::withBytes(descriptor, static_cast<uint32_t>(descriptorLength));
    if (connection->descriptor == nullptr) {
        return kIOReturnNoMemory;
    }
    IOService * service = nullptr;
    const kern_return_t status = client->CreateDevice(&service);
    if (status != kIOReturnSuccess) {
        return status;
    }
    connection->device = OSDynamicCast(JoystickDevice, service);
    if (connection->device == nullptr) {
        OSSafeReleaseNULL(service);
        return kIOReturnInternalError;
    }
    return kIOReturnSuccess;
}

kern_return_t JoystickDriver::DisableDevice(JoystickUserClient * client) {
    auto * const connection = static_cast<JoystickConnection *>(ClientContext(client));
    const kern_return_t status = connection->device->Terminate(0);
    if (status == kIOReturnSuccess) {
        OSSafeReleaseNULL(connection->device);
    }
    return status;
}

kern_return_t JoystickDriver::UpdateState(JoystickUserClient * client, const uint8_t * report,
                                          uint64_t reportLength) {
    auto * const connection = static_cast<JoystickConnection *>(ClientContext(client));
    return connection->device->Post(report, reportLength);
}

kern_return_t JoystickDriver::SetProductString(JoystickUserClient * client, const char * name,
                                               uint64_t) {
    auto * const connection = static_cast<JoystickConnection *>(ClientContext(client));
    OSSafeReleaseNULL(connection->product);
    connection->product = OSString::withCString(name);
    return connection->product != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

kern_return_t JoystickDriver::SetSerialNumberString(JoystickUserClient * client,
                                                    const char * serial, uint64_t) {
    auto * const connection = static_cast<JoystickConnection *>(ClientContext(client));
    OSSafeReleaseNULL(connection->serial);
    connection->serial = OSString::withCString(serial);
    return connection->serial != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

kern_return_t JoystickDriver::SetVendorAndProduct(JoystickUserClient * client,
                                                  const JoystickIds * ids) {
    static_cast<JoystickConnection *>(ClientContext(client))->ids = *ids;
    return kIOReturnSuccess;
}
