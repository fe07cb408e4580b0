// Vendor requests of the oscilloscope, by their numbers.
#include "device.h"
#include "reader.h"

#include <USBDriverKit/AppleUSBDefinitions.h>
#include <string.h>

namespace scope {

namespace {

constexpr uint32_t kControlTimeoutMs = 100;

constexpr uint8_t kToDevice = 0x40;
constexpr uint8_t kFromDevice = 0xC0;
constexpr uint8_t kRequestRate = 1;        // value: Hz, low half; index: high half
constexpr uint8_t kRequestTrigger = 2;     // value: mode; data: level, f32
constexpr uint8_t kRequestGain = 3;        // value: gain
constexpr uint8_t kRequestCalibration = 4; // answers a ScopeCalibration

struct Request {
    uint8_t type;
    uint8_t number;
    uint32_t value;
    uint16_t length; // bytes in the control buffer
};

kern_return_t Send(Device * device, const Request & request) {
    if (!device->open) {
        return kIOReturnNotReady;
    }
    uint16_t moved = 0;
    const kern_return_t status = device->interface->DeviceRequest(
        request.type, request.number, static_cast<uint16_t>(request.value),
        static_cast<uint16_t>(request.value >> 16), request.length,
        request.length > 0 ? device->control : nullptr, &moved, kControlTimeoutMs);
    return status == kIOReturnSuccess && moved != request.length ? kIOReturnUnderrun : status;
}

kern_return_t Tell(Device * device, uint8_t number, uint32_t value, uint16_t length) {
    const kern_return_t status =
        Send(device, {.type = kToDevice, .number = number, .value = value, .length = length});
    return status == kUSBHostReturnPipeStalled ? kIOReturnSuccess : status;
}

uint32_t Distance(uint32_t a, uint32_t b) {
    return a > b ? a - b : b - a;
}

/// Revision 0, ±5 V over 16 bits.
void FillFromDataSheet(ScopeCalibration * calibration) {
    constexpr uint16_t kChannels =
        sizeof ScopeCalibration::channels / sizeof ScopeCalibration::channels[0];
    *calibration = {};
    calibration->channelCount = kChannels;
    for (ScopeChannelCalibration & channel : calibration->channels) {
        channel.gain = 10.0 / 65536.0;
    }
}

} // namespace

kern_return_t OpenDevice(Device * device, IOService * driver, IOUSBHostInterface * interface) {
    interface->retain();
    device->interface = interface;
    const kern_return_t status = interface->Open(driver, 0, nullptr);
    if (status != kIOReturnSuccess) {
        return status;
    }
    device->open = true;
    return MakeBuffer(interface, sizeof(ScopeCalibration), &device->control, &device->controlBytes);
}

void CloseDevice(Device * device, IOService * driver) {
    OSSafeReleaseNULL(device->control);
    device->controlBytes = nullptr;
    if (device->open) {
        device->open = false;
        device->interface->Close(driver, 0);
    }
    OSSafeReleaseNULL(device->interface);
}

uint32_t NearestRate(uint32_t hz) {
    constexpr uint32_t kSteps[] = {1, 2, 5};
    uint32_t best = 1;
    for (uint32_t decade = 1; decade <= kScopeSetSampleRateHzMax; decade *= 10) {
        for (const uint32_t step : kSteps) {
            const uint32_t rate = decade * step;
            if (rate <= kScopeSetSampleRateHzMax && Distance(rate, hz) < Distance(best, hz)) {
                best = rate;
            }
        }
    }
    return best;
}

kern_return_t TellRate(Device * device, uint32_t hz) {
    return Tell(device, kRequestRate, hz, 0);
}

kern_return_t TellTrigger(Device * device, ScopeTrigger mode, float level) {
    if (device->controlBytes == nullptr) {
        return kIOReturnNotReady;
    }
    memcpy(device->controlBytes, &level, sizeof level);
    return Tell(device, kRequestTrigger, mode, sizeof level);
}

kern_return_t TellGain(Device * device, uint32_t gain) {
    return Tell(device, kRequestGain, gain, 0);
}

kern_return_t AskCalibration(Device * device, ScopeCalibration * calibration) {
    const kern_return_t status = Send(device, {.type = kFromDevice,
                                               .number = kRequestCalibration,
                                               .value = 0,
                                               .length = sizeof(ScopeCalibration)});
    if (status == kIOReturnSuccess) {
        memcpy(calibration, device->controlBytes, sizeof *calibration);
        return kIOReturnSuccess;
    }
    if (status != kUSBHostReturnPipeStalled) {
        return status;
    }
    FillFromDataSheet(calibration);
    return kIOReturnSuccess;
}

} // namespace scope
