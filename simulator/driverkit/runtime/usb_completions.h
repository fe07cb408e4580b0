// Transfers and requests under way: which action the end of each goes to.
#ifndef DEXTSIM_DRIVERKIT_USB_COMPLETIONS_H
#define DEXTSIM_DRIVERKIT_USB_COMPLETIONS_H

#include "../../ipc/wire.h"

#include <USBDriverKit/IOUSBHostDevice.h>
#include <USBDriverKit/IOUSBHostPipe.h>

#include <vector>

namespace dextsim {

// A number for the kernel; keeps pipe, action and memory until the end. Several transfers may use
// one action.
uint64_t beginTransfer(IOUSBHostPipe * pipe, OSAction * action, IOMemoryDescriptor * memory);
uint64_t beginRequest(IOUSBHostDevice * device, OSAction * action, IOMemoryDescriptor * memory);
uint64_t beginIsoch(IOUSBHostPipe * pipe, OSAction * action, IOMemoryDescriptor * memory,
                    IOMemoryDescriptor * frameList);
// Where a bundle's transfers lie in the pipe's ring.
struct RingPlace {
    uint32_t first;
    uint32_t size;
};
// Uses up a reference of each memory.
uint64_t beginBundle(IOUSBHostPipe * pipe, OSAction * action,
                     std::vector<IOMemoryDescriptor *> memory, RingPlace place);
// The kernel refused it: there will be no end.
void forgetTransfer(uint64_t number);

// The bodies of PipeComplete, RequestComplete, IsochComplete and BundleComplete.
void completeTransfer(Reader & body);
void completeRequest(Reader & body);
void completeIsoch(Reader & body);
void completeBundle(Reader & body);

} // namespace dextsim

#endif
