#include "EventPad.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSDictionary.h>
#include <HIDDriverKit/HIDDriverKit.h>
#include <os/log.h>

kern_return_t EventPad::Start_Impl(IOService * provider) {
    OSDictionary * properties = nullptr;
    kern_return_t status = CopyProperties(&properties);
    if (status != kIOReturnSuccess) {
        return status;
    }
    const bool handles = properties->getObject("HandlesReports") != nullptr;
    const bool listed = properties->getObject("Unlisted") == nullptr;
    properties->release();
    if (handles) {
        OSDictionary * const told = OSDictionary::withCapacity(1);
        told->setObject(kIOHIDEventDriverHandlesReport, kOSBooleanTrue);
        status = SetProperties(told);
        told->release();
    }
    status = status == kIOReturnSuccess ? Start(provider, SUPERDISPATCH) : status;
    return status == kIOReturnSuccess && listed ? RegisterService() : status;
}

// Of reports that it handles itself, only keys are taken apart.
void EventPad::handleReport(uint64_t timestamp, uint8_t * report, uint32_t reportLength,
                            IOHIDReportType type, uint32_t reportID) {
    OSDictionary * properties = nullptr;
    if (CopyProperties(&properties) == kIOReturnSuccess) {
        const bool handles = properties->getObject("HandlesReports") != nullptr;
        properties->release();
        if (handles && reportID == 1) {
            processReport(timestamp, reinterpret_cast<uint64_t>(report), reportLength, type,
                          reportID);
        } else if (handles && reportID == 3) {
            dispatchPads(timestamp);
        }
    }
    super::handleReport(timestamp, report, reportLength, type, reportID);
}

void EventPad::dispatchPads(uint64_t timestamp) {
    const IOFixed one = 1 << 16;
    dispatchStandardGameControllerEvent(timestamp, one, 0, 0, 0, 0, 0, one, 0, 0, 0, one / 2, 0,
                                        -one, 0, 0, 0, true, false, 0);
    dispatchExtendedGameControllerEvent(timestamp, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, one,
                                        false, true, 1, 2, 3, 4, 0);
    dispatchExtendedGameControllerEventWithOptionalButtons(timestamp, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                                           0, 0, 0, 0, 0, 0, false, false, 1, 2, 3,
                                                           4, 5, 6, 0x100);
    os_log(OS_LOG_DEFAULT, "pad: lamps 0x%x, 0x%x; no report 0x%x",
           SetLEDState(kHIDPage_LEDs, kHIDUsage_LED_CapsLock, true),
           SetLEDState(kHIDPage_GenericDesktop, kHIDUsage_LED_CapsLock, true),
           processReport(timestamp, 0, 1, kIOHIDReportTypeInput, 1));
}

void EventPad::SetLED_Impl(uint32_t usage, bool on) {
    os_log(OS_LOG_DEFAULT, "pad: lamp %u is %d", usage, on);
    SetLED(usage, on, SUPERDISPATCH);
}
