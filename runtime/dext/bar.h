// Memory of a PCI device for an app. Included only where the schema has a BAR, so that no other
// dext needs PCIDriverKit.
#ifndef DEXTGEN_BAR_H
#define DEXTGEN_BAR_H

#include <DriverKit/IOMemoryDescriptor.h>
#include <PCIDriverKit/IOPCIDevice.h>

namespace dextgen {

/// `driver` has its provider open; `*memory` is +1. The device numbers its ranges, and not every
/// BAR has one.
inline kern_return_t CopyBar(IOService * driver, uint64_t bar, IOMemoryDescriptor ** memory) {
    *memory = nullptr;
    IOPCIDevice * device = OSDynamicCast(IOPCIDevice, driver->GetProvider());
    if (device == nullptr) {
        return kIOReturnNotReady;
    }
    uint8_t index = 0;
    uint8_t kind = 0;
    uint64_t size = 0;
    const kern_return_t status =
        device->GetBARInfo(static_cast<uint8_t>(bar), &index, &size, &kind);
    return status == kIOReturnSuccess ? device->_CopyDeviceMemoryWithIndex(index, memory, driver)
                                      : status;
}

} // namespace dextgen

#endif
