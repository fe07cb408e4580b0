// The device beside its packets: open or not, and its vendor requests. Reading packets is
// reader.h's.
#ifndef SCOPE_DEVICE_H
#define SCOPE_DEVICE_H

#include "scope.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOService.h>
#include <USBDriverKit/IOUSBHostInterface.h>

namespace scope {

/// Zeroed, it is closed.
struct Device {
    IOUSBHostInterface * interface;     // retained
    IOBufferMemoryDescriptor * control; // data stage of vendor requests
    uint8_t * controlBytes;
    bool open;
};

/// Retains the interface, whatever it returns; CloseDevice follows in any case.
kern_return_t OpenDevice(Device * device, IOService * driver, IOUSBHostInterface * interface);
void CloseDevice(Device * device, IOService * driver);

/// The nearest rate that the device has, in Hz: its clock divided by 1, 2 and 5 per decade.
uint32_t NearestRate(uint32_t hz);

// A device without one of these settings stalls its request, and works with what it has: that is no
// failure.
kern_return_t TellRate(Device * device, uint32_t hz);
kern_return_t TellTrigger(Device * device, ScopeTrigger mode, float level);
kern_return_t TellGain(Device * device, uint32_t gain);

/// A device without calibration memory has the values of its data sheet.
kern_return_t AskCalibration(Device * device, ScopeCalibration * calibration);

} // namespace scope

#endif
