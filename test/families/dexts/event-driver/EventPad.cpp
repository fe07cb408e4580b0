#include "EventPad.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSDictionary.h>
#include <HIDDriverKit/HIDDriverKit.h>

kern_return_t EventPad::Start_Impl(IOService * provider) {
    OSDictionary * properties = nullptr;
    kern_return_t status = CopyProperties(&properties);
    if (status != kIOReturnSuccess) {
        return status;
    }
    const bool handles = properties->getObject("HandlesReports") != nullptr;
    properties->release();
    if (handles) {
        OSDictionary * const told = OSDictionary::withCapacity(1);
        told->setObject(kIOHIDEventDriverHandlesReport, kOSBooleanTrue);
        status = SetProperties(told);
        told->release();
    }
    return status == kIOReturnSuccess ? Start(provider, SUPERDISPATCH) : status;
}

// Of reports that it handles itself, only keys are taken apart.
void EventPad::handleReport(uint64_t timestamp, uint8_t * report, uint32_t reportLength,
                            IOHIDReportType type, uint32_t reportID) {
    auto * const interface = OSDynamicCast(IOHIDInterface, GetProvider());
    OSDictionary * properties = nullptr;
    if (CopyProperties(&properties) == kIOReturnSuccess) {
        if (properties->getObject("HandlesReports") != nullptr && reportID == 1 &&
            interface != nullptr) {
            interface->processReport(timestamp, report, reportLength, type, reportID);
        }
        properties->release();
    }
    super::handleReport(timestamp, report, reportLength, type, reportID);
}
