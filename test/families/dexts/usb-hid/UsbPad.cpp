// See UsbPad.iig.
#include "UsbPad.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/OSCollections.h>
#include <HIDDriverKit/HIDDriverKit.h>
#include <os/log.h>

bool UsbPad::handleStart(IOService * provider) {
    const bool isStarted = super::handleStart(provider);
    os_log(OS_LOG_DEFAULT, "UsbPad: handleStart %d", isStarted);
    return isStarted;
}

OSDictionary * UsbPad::newDeviceDescription() {
    OSDictionary * const description = super::newDeviceDescription();
    if (description != nullptr) {
        OSDictionarySetUInt64Value(description, "Swapped", 1);
    }
    return description;
}

kern_return_t UsbPad::handleReport(uint64_t timestamp, IOMemoryDescriptor * report,
                                   uint32_t reportLength, IOHIDReportType reportType,
                                   IOOptionBits options) {
    IOMemoryMap * map = nullptr;
    if (report->CreateMapping(0, 0, 0, 0, 0, &map) == kIOReturnSuccess) {
        auto * const bytes = reinterpret_cast<uint8_t *>(map->GetAddress());
        const uint8_t first = bytes[1];
        bytes[1] = bytes[2];
        bytes[2] = first;
        map->release();
    }
    return super::handleReport(timestamp, report, reportLength, reportType, options);
}
