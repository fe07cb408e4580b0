// What the two halves of IOUserUSBHostHIDDevice share: the state of the device, and requests of the
// HID class.
#ifndef DEXTSIM_DRIVERKIT_USB_HID_DEVICE_H
#define DEXTSIM_DRIVERKIT_USB_HID_DEVICE_H

#include <HIDDriverKit/IOUserUSBHostHIDDevice.h>

#include <DriverKit/IOBufferMemoryDescriptor.h>

struct IOUserUSBHostHIDDevice_IVars {
    // All retained; descriptors point into the configuration.
    IOUSBHostInterface * interface = nullptr;
    IOUSBHostDevice * device = nullptr;
    const IOUSBConfigurationDescriptor * configuration = nullptr;
    const IOUSBInterfaceDescriptor * descriptor = nullptr;
    IOUSBHostPipe * inPipe = nullptr;
    const IOUSBEndpointDescriptor * inEndpoint = nullptr;
    IOUSBHostPipe * outPipe = nullptr;

    IOBufferMemoryDescriptor * input = nullptr;
    uint32_t inputSize = 0;
    OSAction * inputAction = nullptr;
    IOTimerDispatchSource * timer = nullptr;
    OSAction * timerAction = nullptr;
    uint32_t retries = 0;
    bool stopping = false;
};

namespace dextsim {

constexpr uint32_t kHidRequestTimeoutMs = 5000;

// bRequest of the HID class (HID 1.11 § 7.2).
enum class HidRequest : uint8_t { GetReport = 1, SetReport = 9, SetIdle = 10, SetProtocol = 11 };

// wValue of GET_REPORT and SET_REPORT: types count from 1, `options` holds the id.
inline uint16_t reportValue(IOHIDReportType type, IOOptionBits options) {
    return static_cast<uint16_t>((static_cast<unsigned>(type) + 1) << 8 | (options & 0xff));
}

constexpr uint8_t kHidOut = kIOUSBDeviceRequestDirectionOut | kIOUSBDeviceRequestTypeClass |
                            kIOUSBDeviceRequestRecipientInterface;
constexpr uint8_t kHidIn = kHidOut | kIOUSBDeviceRequestDirectionIn;

} // namespace dextsim

#endif
