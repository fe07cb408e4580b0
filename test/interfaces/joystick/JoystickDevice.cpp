// Is what its connection says, from the moment it starts.
#include "JoystickDevice.h"
#include "JoystickConnection.h"
#include "JoystickDriver.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <DriverKit/OSCollections.h>
#include <HIDDriverKit/IOHIDDeviceKeys.h>
#include <string.h>
#include <time.h>

struct JoystickDevice_IVars {
    OSData * descriptor;
    OSString * product;
    OSString * serial;
    JoystickIds ids;
};

bool JoystickDevice::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(JoystickDevice_IVars, 1);
    return ivars != nullptr;
}

void JoystickDevice::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->descriptor);
        OSSafeReleaseNULL(ivars->product);
        OSSafeReleaseNULL(ivars->serial);
    }
    IOSafeDeleteNULL(ivars, JoystickDevice_IVars, 1);
    super::free();
}

// The driver waits in EnableDevice until this has ended, so nobody changes the connection
// meanwhile.
bool JoystickDevice::handleStart(IOService * provider) {
    auto * const client = OSDynamicCast(IOUserClient, provider);
    auto * const driver =
        client != nullptr ? OSDynamicCast(JoystickDriver, client->GetProvider()) : nullptr;
    if (driver == nullptr || !super::handleStart(provider)) {
        return false;
    }
    const auto * connection = static_cast<JoystickConnection *>(driver->ClientContext(client));
    if (connection == nullptr || connection->descriptor == nullptr) {
        return false;
    }
    ivars->descriptor = connection->descriptor;
    ivars->descriptor->retain();
    ivars->product = connection->product;
    ivars->serial = connection->serial;
    if (ivars->product != nullptr) {
        ivars->product->retain();
    }
    if (ivars->serial != nullptr) {
        ivars->serial->retain();
    }
    ivars->ids = connection->ids;
    return true;
}

OSDictionary * JoystickDevice::newDeviceDescription() {
    OSDictionary * const description = OSDictionary::withCapacity(5);
    OSNumber * vendor = OSNumber::withNumber(ivars->ids.vendorId, 32);
    OSNumber * product = OSNumber::withNumber(ivars->ids.productId, 32);
    description->setObject(kIOHIDVendorIDKey, vendor);
    description->setObject(kIOHIDProductIDKey, product);
    description->setObject(kIOHIDRegisterServiceKey, kOSBooleanTrue);
    if (ivars->product != nullptr) {
        description->setObject(kIOHIDProductKey, ivars->product);
    }
    if (ivars->serial != nullptr) {
        description->setObject(kIOHIDSerialNumberKey, ivars->serial);
    }
    OSSafeReleaseNULL(vendor);
    OSSafeReleaseNULL(product);
    return description;
}

OSData * JoystickDevice::newReportDescriptor() {
    ivars->descriptor->retain();
    return ivars->descriptor;
}

kern_return_t JoystickDevice::Post(const uint8_t * report, uint64_t length) {
    IOBufferMemoryDescriptor * memory = nullptr;
    kern_return_t status =
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, length, 0, &memory);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOAddressSegment range{};
    status = memory->GetAddressRange(&range);
    if (status == kIOReturnSuccess) {
        memcpy(reinterpret_cast<void *>(range.address), report, static_cast<size_t>(length));
        status = handleReport(clock_gettime_nsec_np(CLOCK_UPTIME_RAW), memory,
                              static_cast<uint32_t>(length));
    }
    OSSafeReleaseNULL(memory);
    return status;
}
