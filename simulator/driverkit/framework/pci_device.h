// What the parts of IOPCIDevice share: who has opened it, and the ranges that have been asked for.
#ifndef DEXTSIM_DRIVERKIT_PCI_DEVICE_H
#define DEXTSIM_DRIVERKIT_PCI_DEVICE_H

#include <PCIDriverKit/IOPCIDevice.h>

#include <array>
#include <mutex>

namespace dextsim {

// The ranges of one function; six registers make at most six.
constexpr size_t kMaxPciRanges = 6;

struct PciRange {
    bool known = false;
    bool registers = false; // each access goes to the device
    uint64_t length = 0;
    uint8_t * address = nullptr;
    IOMemoryDescriptor * memory = nullptr; // retained
};

} // namespace dextsim

struct IOPCIDevice_IVars {
    std::mutex lock;
    IOService * client = nullptr; // not retained: whoever opened it closes it
    uint16_t command = 0;
    bool complained = false;
    std::array<dextsim::PciRange, dextsim::kMaxPciRanges> ranges;
};

namespace dextsim {

inline IOPCIDevice_IVars & stateOf(const IOPCIDevice * device) {
    return *device->IOPCIDevice::ivars;
}

} // namespace dextsim

#endif
