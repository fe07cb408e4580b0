// The dext's half of the HID family.
#ifndef DEXTSIM_DRIVERKIT_HID_H
#define DEXTSIM_DRIVERKIT_HID_H

#include "../../ipc/connection.h"

#include <DriverKit/IOMemoryDescriptor.h>

#include <span>

namespace dextsim {

// HidSetAsked, HidGetAsked, HidInput; the reader stands behind the object.
void hidReportAsked(uint64_t request, uint64_t object, bool get, Reader & body);
void hidInput(uint64_t object, Reader & body);

// The descriptor's bytes; empty when they do not lie behind each other.
std::span<uint8_t> bytesOf(IOMemoryDescriptor * memory);
// A descriptor of its own with these bytes, with a reference for the caller, or null.
IOMemoryDescriptor * copyToMemory(std::span<const uint8_t> bytes);

} // namespace dextsim

#endif
