#include "HidPad.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/OSCollections.h>
#include <HIDDriverKit/IOHIDDeviceKeys.h>
#include <os/log.h>
#include <time.h>

namespace {

// Game pad, report 1: two buttons and padding in, one byte out, two bytes feature.
const uint8_t descriptor[] = {
    0x05, 0x01, 0x09, 0x05, 0xa1, 0x01, 0x85, 0x01, 0x05, 0x09, 0x19, 0x01, 0x29, 0x02, 0x15, 0x00,
    0x25, 0x01, 0x75, 0x01, 0x95, 0x02, 0x81, 0x02, 0x75, 0x06, 0x95, 0x01, 0x81, 0x03, 0x06, 0x00,
    0xff, 0x09, 0x01, 0x75, 0x08, 0x95, 0x01, 0x91, 0x02, 0x09, 0x02, 0x95, 0x02, 0xb1, 0x02, 0xc0,
};

} // namespace

struct HidPad_IVars {
    uint8_t light;
    uint64_t color;
};

bool HidPad::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(HidPad_IVars, 1);
    return ivars != nullptr;
}

void HidPad::free() {
    IOSafeDeleteNULL(ivars, HidPad_IVars, 1);
    super::free();
}

// The dictionary that the device was made from has a nested one.
bool HidPad::handleStart(IOService * provider) {
    if (!super::handleStart(provider)) {
        return false;
    }
    OSDictionary * properties = nullptr;
    if (CopyProperties(&properties) != kIOReturnSuccess) {
        return false;
    }
    const auto * settings = OSDynamicCast(OSDictionary, properties->getObject("Settings"));
    const auto * color =
        settings != nullptr ? OSDynamicCast(OSNumber, settings->getObject("Color")) : nullptr;
    ivars->color = color != nullptr ? color->unsigned64BitValue() : 0;
    const auto * refuse = OSDynamicCast(OSBoolean, properties->getObject("Refuse"));
    const bool refused = refuse == kOSBooleanTrue;
    properties->release();
    return !refused;
}

OSDictionary * HidPad::newDeviceDescription() {
    OSDictionary * const description = OSDictionary::withCapacity(4);
    OSNumber * const vendor = OSNumber::withNumber(0x1209ull, 32);
    OSNumber * const product = OSNumber::withNumber(ivars->color, 32);
    OSString * const name = OSString::withCString("Pad");
    description->setObject(kIOHIDVendorIDKey, vendor);
    description->setObject(kIOHIDProductIDKey, product);
    description->setObject(kIOHIDProductKey, name);
    description->setObject("RegisterService", kOSBooleanTrue);
    OSSafeRelease(vendor);
    OSSafeRelease(product);
    OSSafeRelease(name);
    return description;
}

OSData * HidPad::newReportDescriptor() {
    return OSData::withBytes(descriptor, sizeof descriptor);
}

kern_return_t HidPad::setReport(IOMemoryDescriptor * report, IOHIDReportType reportType,
                                IOOptionBits options, uint32_t, OSAction * action) {
    if (reportType != kIOHIDReportTypeOutput || (options & 0xff) != 1) {
        return kIOReturnUnsupported;
    }
    IOMemoryMap * map = nullptr;
    const kern_return_t ret = report->CreateMapping(0, 0, 0, 0, 0, &map);
    if (ret != kIOReturnSuccess) {
        return ret;
    }
    const auto * const bytes = reinterpret_cast<const uint8_t *>(map->GetAddress());
    ivars->light = map->GetLength() > 1 ? bytes[1] : 0;
    map->release();
    CompleteReport(action, kIOReturnSuccess, 2);
    return kIOReturnSuccess;
}

kern_return_t HidPad::getReport(IOMemoryDescriptor * report, IOHIDReportType reportType,
                                IOOptionBits options, uint32_t, OSAction * action) {
    if (reportType != kIOHIDReportTypeFeature) {
        return kIOReturnUnsupported;
    }
    IOMemoryMap * map = nullptr;
    const kern_return_t ret = report->CreateMapping(0, 0, 0, 0, 0, &map);
    if (ret != kIOReturnSuccess) {
        return ret;
    }
    auto * const bytes = reinterpret_cast<uint8_t *>(map->GetAddress());
    bytes[0] = static_cast<uint8_t>(options & 0xff);
    bytes[1] = ivars->light;
    bytes[2] = static_cast<uint8_t>(ivars->color);
    map->release();
    CompleteReport(action, kIOReturnSuccess, 3);
    return kIOReturnSuccess;
}

kern_return_t IMPL(HidPad, postReport) {
    uint64_t length = 0;
    report->GetLength(&length);
    return handleReport(clock_gettime_nsec_np(CLOCK_UPTIME_RAW), report,
                        static_cast<uint32_t>(length));
}
