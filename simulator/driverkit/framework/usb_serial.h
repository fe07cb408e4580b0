// What a serial port on a USB interface carries.
#ifndef DEXTSIM_DRIVERKIT_USB_SERIAL_H
#define DEXTSIM_DRIVERKIT_USB_SERIAL_H

#include "serial_port.h"

#include <USBSerialDriverKit/IOUserUSBSerial.h>

namespace dextsim {

// One endpoint and what goes through it, one transfer at a time.
struct UsbSerialPipe {
    IOUSBHostPipe * pipe = nullptr; // these three retained
    IOBufferMemoryDescriptor * buffer = nullptr;
    OSAction * action = nullptr;
    std::span<uint8_t> bytes; // of the buffer
    uint32_t packet = 0;      // the endpoint's largest
    bool busy = false;
};

} // namespace dextsim

// Everything runs on the object's queue.
struct IOUserUSBSerial_IVars {
    IOUSBHostInterface * interface = nullptr; // retained from Start to Stop
    dextsim::UsbSerialPipe in, out, interrupt;
    bool active = false;
    std::vector<uint8_t> waiting; // received, and too much for the queue
    uint32_t sending = 0;         // bytes of the transfer to the device
};

#endif
