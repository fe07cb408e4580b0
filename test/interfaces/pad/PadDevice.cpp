// Two buttons; its product comes from the dictionary that it was made from.
#include "PadDevice.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSCollections.h>
#include <HIDDriverKit/IOHIDDeviceKeys.h>
#include <time.h>

namespace {

// Game pad, report 1: two buttons and padding.
const uint8_t kDescriptor[] = {
    0x05, 0x01, 0x09, 0x05, 0xa1, 0x01, 0x85, 0x01, 0x05, 0x09, 0x19, 0x01, 0x29, 0x02, 0x15, 0x00,
    0x25, 0x01, 0x75, 0x01, 0x95, 0x02, 0x81, 0x02, 0x75, 0x06, 0x95, 0x01, 0x81, 0x03, 0xc0,
};

uint64_t ProductOf(PadDevice * device) {
    OSDictionary * properties = nullptr;
    if (device->CopyProperties(&properties) != kIOReturnSuccess) {
        return 0;
    }
    const auto * settings = OSDynamicCast(OSDictionary, properties->getObject("Settings"));
    const auto * product =
        settings != nullptr ? OSDynamicCast(OSNumber, settings->getObject("Product")) : nullptr;
    const uint64_t value = product != nullptr ? product->unsigned64BitValue() : 0;
    properties->release();
    return value;
}

} // namespace

OSDictionary * PadDevice::newDeviceDescription() {
    OSDictionary * const description = OSDictionary::withCapacity(4);
    OSNumber * vendor = OSNumber::withNumber(0x1209ull, 32);
    OSNumber * product = OSNumber::withNumber(ProductOf(this), 32);
    description->setObject(kIOHIDVendorIDKey, vendor);
    description->setObject(kIOHIDProductIDKey, product);
    description->setObject("RegisterService", kOSBooleanTrue);
    OSSafeReleaseNULL(vendor);
    OSSafeReleaseNULL(product);
    return description;
}

OSData * PadDevice::newReportDescriptor() {
    return OSData::withBytes(kDescriptor, sizeof kDescriptor);
}

kern_return_t IMPL(PadDevice, PostReport) {
    uint64_t length = 0;
    const kern_return_t status = report->GetLength(&length);
    return status == kIOReturnSuccess ? handleReport(clock_gettime_nsec_np(CLOCK_UPTIME_RAW),
                                                     report, static_cast<uint32_t>(length))
                                      : status;
}
