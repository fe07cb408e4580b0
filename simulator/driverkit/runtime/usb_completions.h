// Transfers and requests under way: which action the end of each goes to.
#ifndef DEXTSIM_DRIVERKIT_USB_COMPLETIONS_H
#define DEXTSIM_DRIVERKIT_USB_COMPLETIONS_H

#include "../../ipc/wire.h"

#include <USBDriverKit/IOUSBHostDevice.h>
#include <USBDriverKit/IOUSBHostPipe.h>

namespace dextsim {

// A number for the kernel; keeps pipe, action and memory until the end. Several transfers may use
// one action.
uint64_t beginTransfer(IOUSBHostPipe * pipe, OSAction * action, IOMemoryDescriptor * memory);
uint64_t beginRequest(IOUSBHostDevice * device, OSAction * action, IOMemoryDescriptor * memory);
// The kernel refused it: there will be no end.
void forgetTransfer(uint64_t number);

// The bodies of PipeComplete and RequestComplete.
void completeTransfer(Reader & body);
void completeRequest(Reader & body);

} // namespace dextsim

#endif
