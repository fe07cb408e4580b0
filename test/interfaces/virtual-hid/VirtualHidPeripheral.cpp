// Is what the dictionary says that it was made from; its numbers are those of the connection.
#include "VirtualHidPeripheral.h"
#include "VirtualHidConnection.h"
#include "VirtualHidDriver.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <DriverKit/OSCollections.h>
#include <HIDDriverKit/IOHIDDeviceKeys.h>
#include <string.h>
#include <time.h>

struct VirtualHidPeripheral_IVars {
    OSDictionary * properties;
    uint32_t vendorId;
    uint32_t productId;
    uint32_t countryCode;
};

bool VirtualHidPeripheral::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(VirtualHidPeripheral_IVars, 1);
    return ivars != nullptr;
}

void VirtualHidPeripheral::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->properties);
    }
    IOSafeDeleteNULL(ivars, VirtualHidPeripheral_IVars, 1);
    super::free();
}

// The driver waits in its hook until this has ended, so nobody changes the connection meanwhile.
bool VirtualHidPeripheral::handleStart(IOService * provider) {
    auto * const client = OSDynamicCast(IOUserClient, provider);
    auto * const driver =
        client != nullptr ? OSDynamicCast(VirtualHidDriver, client->GetProvider()) : nullptr;
    if (driver == nullptr || !super::handleStart(provider)) {
        return false;
    }
    const auto * connection = static_cast<VirtualHidConnection *>(driver->ClientContext(client));
    if (connection == nullptr) {
        return false;
    }
    ivars->vendorId = connection->vendorId;
    ivars->productId = connection->productId;
    ivars->countryCode = connection->countryCode;
    return CopyProperties(&ivars->properties) == kIOReturnSuccess;
}

OSDictionary * VirtualHidPeripheral::newDeviceDescription() {
    OSDictionary * const description = OSDictionary::withCapacity(5);
    OSNumber * vendor = OSNumber::withNumber(ivars->vendorId, 32);
    OSNumber * product = OSNumber::withNumber(ivars->productId, 32);
    OSNumber * country = OSNumber::withNumber(ivars->countryCode, 32);
    description->setObject(kIOHIDVendorIDKey, vendor);
    description->setObject(kIOHIDProductIDKey, product);
    description->setObject(kIOHIDCountryCodeKey, country);
    description->setObject(kIOHIDRegisterServiceKey, kOSBooleanTrue);
    OSSafeReleaseNULL(vendor);
    OSSafeReleaseNULL(product);
    OSSafeReleaseNULL(country);
    return description;
}

OSData * VirtualHidPeripheral::newReportDescriptor() {
    auto * const descriptor = OSDynamicCast(OSData, ivars->properties->getObject("Descriptor"));
    if (descriptor != nullptr) {
        descriptor->retain();
    }
    return descriptor;
}

kern_return_t VirtualHidPeripheral::Post(const void * report, uint64_t length) {
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
