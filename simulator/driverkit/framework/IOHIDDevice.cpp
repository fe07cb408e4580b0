// HID devices that a driver makes: their start and their reports to the system. Reports that the
// system asks for: runtime/hid.cpp.
#include <HIDDriverKit/IOUserHIDDevice.h>

#include "../library/os_value.h"
#include "../runtime/families.h"
#include "../runtime/hid.h"
#include "../runtime/log.h"

#include <DriverKit/OSData.h>
#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSString.h>

using namespace dextsim;

kern_return_t IOHIDDevice::handleReport(uint64_t timestamp, IOMemoryDescriptor * report,
                                        uint32_t reportLength, IOHIDReportType reportType,
                                        IOOptionBits) {
    const auto bytes = bytesOf(report);
    if (report == nullptr || reportLength > bytes.size()) {
        return kIOReturnBadArgument;
    }
    Writer body = familyBody(FamilyOp::HidReport, this);
    body.u64(timestamp).u32(reportType).bytes(bytes.subspan(0, reportLength));
    return tellFamily(body);
}

kern_return_t IOHIDDevice::getReport(IOMemoryDescriptor *, IOHIDReportType, IOOptionBits, uint32_t,
                                     OSAction *) {
    return kIOReturnUnsupported;
}

kern_return_t IOHIDDevice::setReport(IOMemoryDescriptor *, IOHIDReportType, IOOptionBits, uint32_t,
                                     OSAction *) {
    return kIOReturnUnsupported;
}

void IOHIDDevice::setProperty(OSObject * key, OSObject * value) {
    OSDictionary * const properties = OSDictionary::withCapacity(1);
    if (properties != nullptr && properties->setObject(key, value)) {
        SetProperties(properties);
    }
    OSSafeRelease(properties);
}

// ── what the driver says of itself ──

bool IOUserHIDDevice::handleStart(IOService *) {
    return true;
}

OSDictionary * IOUserHIDDevice::newDeviceDescription() {
    return nullptr;
}

OSData * IOUserHIDDevice::newReportDescriptor() {
    return nullptr;
}

kern_return_t IOUserHIDDevice::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    if (!handleStart(provider)) {
        return kIOReturnError;
    }
    OSDictionary * const description = newDeviceDescription();
    OSData * const descriptor = newReportDescriptor();
    if (descriptor == nullptr) {
        OSSafeRelease(description);
        reportFault(std::string(GetClassName()) + ": newReportDescriptor returned nothing");
        return kIOReturnError;
    }
    Writer body = familyBody(FamilyOp::HidStart, this);
    body.value(description == nullptr ? Value::dictionary() : toValue(description));
    const auto * const bytes = static_cast<const uint8_t *>(descriptor->getBytesNoCopy());
    body.bytes({bytes, descriptor->getLength()});
    OSSafeRelease(description);
    descriptor->release();
    return tellFamily(body);
}
