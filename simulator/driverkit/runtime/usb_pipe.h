// What an IOUSBHostPipe carries.
#ifndef DEXTSIM_DRIVERKIT_USB_PIPE_H
#define DEXTSIM_DRIVERKIT_USB_PIPE_H

#include <USBDriverKit/IOUSBHostPipe.h>

#include <mutex>
#include <vector>

namespace dextsim {

struct UsbEndpoint {
    uint8_t address;
    uint8_t attributes;
    uint16_t maxPacketSize;
    uint8_t interval;
};

} // namespace dextsim

struct IOUSBHostPipe_IVars {
    std::mutex lock;
    uint64_t interface = 0; // its number in the kernel
    dextsim::UsbEndpoint endpoint{};
    dextsim::UsbEndpoint adjusted{}; // by AdjustPipe
    uint32_t idleTimeoutMs = 0;
    std::vector<IOMemoryDescriptor *> ring; // retained
};

namespace dextsim {

// The proxy of a pipe that the kernel has opened. With a reference for the caller, or null.
IOUSBHostPipe * makePipe(uint64_t id, uint64_t interface, const UsbEndpoint & endpoint);

} // namespace dextsim

#endif
