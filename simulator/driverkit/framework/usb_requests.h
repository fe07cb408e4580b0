// What interfaces and devices do alike, as requests to the kernel.
#ifndef DEXTSIM_DRIVERKIT_USB_REQUESTS_H
#define DEXTSIM_DRIVERKIT_USB_REQUESTS_H

#include <USBDriverKit/IOUSBHostDevice.h>

namespace dextsim {

struct ControlRequest {
    uint64_t object; // interface or device
    uint64_t client;
    uint8_t bmRequestType;
    uint8_t bRequest;
    uint16_t wValue;
    uint16_t wIndex;
    uint16_t wLength;
    IOMemoryDescriptor * data; // may be null
    uint32_t timeoutMs;
};

// Waits for the end. `bytes` may be null.
kern_return_t sendRequest(const ControlRequest & request, uint16_t * bytes);
// On success the completion runs later; `device` is the sender of its message.
kern_return_t sendRequestAsync(const ControlRequest & request, IOUSBHostDevice * device,
                               OSAction * completion);
kern_return_t abortRequests(uint64_t object, uint64_t client, IOOptionBits options,
                            IOReturn withError);

struct DescriptorQuery {
    uint64_t object;
    uint8_t type;
    uint8_t index;
    uint16_t language;
};
// For IOUSBHostFreeDescriptor; null when there is none, or when it is shorter than `minimum`.
const void * copyDescriptor(const DescriptorQuery & query, size_t minimum,
                            size_t * length = nullptr);

struct UsbInfo {
    uint8_t speed; // tIOUSBHostConnectionSpeed
    uint8_t address;
    uint8_t configuration;
    uint8_t interfaceNumber;
    uint8_t alternate;
};
kern_return_t readUsbInfo(uint64_t object, UsbInfo & info);
// A standard port that is enabled: tIOUSBHostPortStatus.
inline uint32_t portStatusOf(const UsbInfo & info) {
    return kIOUSBHostPortStatusPortTypeStandard | kIOUSBHostPortStatusEnabled |
           static_cast<uint32_t>(info.speed) << kIOUSBHostPortStatusConnectedSpeedPhase;
}

// What SetIdlePolicy of an interface said last, in milliseconds.
void setIdleTimeout(uint64_t interface, uint32_t timeoutMs);
uint32_t idleTimeout(uint64_t interface);

// Milliseconds since start, as the frame counter of a host controller.
void readFrameNumber(uint64_t * frame, uint64_t * time);
// The current one and its beginning.
void readMicroframe(uint64_t * microframe, uint64_t * time);

} // namespace dextsim

#endif
