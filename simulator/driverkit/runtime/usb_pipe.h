// What an IOUSBHostPipe carries.
#ifndef DEXTSIM_DRIVERKIT_USB_PIPE_H
#define DEXTSIM_DRIVERKIT_USB_PIPE_H

#include <USBDriverKit/IOUSBHostPipe.h>

namespace dextsim {

struct UsbEndpoint {
    uint8_t address;
    uint8_t attributes;
    uint16_t maxPacketSize;
    uint8_t interval;
};

} // namespace dextsim

struct IOUSBHostPipe_IVars {
    uint64_t interface; // its number in the kernel
    dextsim::UsbEndpoint endpoint;
    uint32_t idleTimeoutMs;
};

namespace dextsim {

// The proxy of a pipe that the kernel has opened. With a reference for the caller, or null.
IOUSBHostPipe * makePipe(uint64_t id, uint64_t interface, const UsbEndpoint & endpoint);

} // namespace dextsim

#endif
