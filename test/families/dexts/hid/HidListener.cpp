#include "HidListener.h"

#include <DriverKit/IOLib.h>
#include <HIDDriverKit/IOHIDUsageTables.h>
#include <os/log.h>

// Unregistered until here, as its base class leaves it.
kern_return_t HidListener::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

bool HidListener::handleStart(IOService * provider) {
    os_log(OS_LOG_DEFAULT, "listener: keypad %d, mouse %d",
           conformsTo(kHIDPage_GenericDesktop, kHIDUsage_GD_Keypad),
           conformsTo(kHIDPage_GenericDesktop, kHIDUsage_GD_Mouse));
    return super::handleStart(provider);
}

// Bytes: id, key, distance. Key 0xff asks the device for its feature report first.
void HidListener::handleReport(uint64_t timestamp, uint8_t * report, uint32_t reportLength,
                               IOHIDReportType type, uint32_t reportID) {
    if (type != kIOHIDReportTypeInput || reportLength < 3) {
        return;
    }
    uint32_t value = reportID;
    if (report[1] == 0xff) {
        auto * const interface = OSDynamicCast(IOHIDInterface, GetProvider());
        IOBufferMemoryDescriptor * memory = nullptr;
        IOAddressSegment range{};
        if (interface != nullptr && IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, 2, 0,
                                                                     &memory) == kIOReturnSuccess) {
            memory->GetAddressRange(&range);
            auto * const bytes = reinterpret_cast<uint8_t *>(range.address);
            if (interface->GetReport(memory, kIOHIDReportTypeFeature, 7) == kIOReturnSuccess) {
                value = bytes[1];
            }
            bytes[0] = 7;
            bytes[1]++;
            interface->SetReport(memory, kIOHIDReportTypeOutput, 7);
            memory->release();
        }
    }
    dispatchKeyboardEvent(timestamp, kHIDPage_KeyboardOrKeypad, report[1], value, 0, false);
    dispatchRelativePointerEvent(timestamp, static_cast<int8_t>(report[2]) * 65536, 0, 0, 0, true);
}
