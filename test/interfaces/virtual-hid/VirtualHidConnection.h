// What the driver keeps for a connection: its two devices, while it has them, and what the keyboard
// says of itself.
#ifndef VirtualHidConnection_h
#define VirtualHidConnection_h

#include <stdint.h>

class VirtualHidPeripheral;

struct VirtualHidConnection {
    VirtualHidPeripheral * keyboard;
    VirtualHidPeripheral * pointing;
    uint32_t vendorId;
    uint32_t productId;
    uint32_t countryCode;
};

#endif
