// Walking BOS descriptors. A device writes the lengths, so that each is checked.
#include <USBDriverKit/AppleUSBDescriptorParsing.h>

namespace {

using Header = IOUSBDeviceCapabilityDescriptorHeader;

// Null when no whole capability lies at `at`, or when it is shorter than a header.
const Header * headerAt(const IOUSBBOSDescriptor * bos, const uint8_t * at) {
    const auto * const begin = reinterpret_cast<const uint8_t *>(bos);
    const uint8_t * const end = begin + USBToHost16(bos->wTotalLength);
    if (at < begin || at >= end || end - at < kIOUSBDescriptorSizeDeviceCapability ||
        at[0] < kIOUSBDescriptorSizeDeviceCapability || at[0] > end - at)
        return nullptr;
    return reinterpret_cast<const Header *>(at);
}

template <typename Capability>
const Capability * first(const IOUSBBOSDescriptor * bos, uint8_t type) {
    const Header * const found = IOUSBGetNextCapabilityDescriptorWithType(bos, nullptr, type);
    if (found == nullptr || found->bLength < sizeof(Capability))
        return nullptr;
    return reinterpret_cast<const Capability *>(found);
}

} // namespace

const Header * IOUSBGetNextCapabilityDescriptor(const IOUSBBOSDescriptor * bosDescriptor,
                                                const Header * currentDescriptor) {
    if (bosDescriptor == nullptr)
        return nullptr;
    const auto * at = reinterpret_cast<const uint8_t *>(bosDescriptor);
    if (currentDescriptor == nullptr)
        return headerAt(bosDescriptor, at + bosDescriptor->bLength);
    at = reinterpret_cast<const uint8_t *>(currentDescriptor);
    return headerAt(bosDescriptor, at) == nullptr ? nullptr : headerAt(bosDescriptor, at + at[0]);
}

const Header * IOUSBGetNextCapabilityDescriptorWithType(const IOUSBBOSDescriptor * bosDescriptor,
                                                        const Header * currentDescriptor,
                                                        uint8_t type) {
    do {
        currentDescriptor = IOUSBGetNextCapabilityDescriptor(bosDescriptor, currentDescriptor);
    } while (currentDescriptor != nullptr && currentDescriptor->bDevCapabilityType != type);
    return currentDescriptor;
}

const IOUSBDeviceCapabilityUSB2Extension *
IOUSBGetUSB20ExtensionDeviceCapabilityDescriptor(const IOUSBBOSDescriptor * bosDescriptor) {
    return first<IOUSBDeviceCapabilityUSB2Extension>(bosDescriptor,
                                                     kIOUSBDeviceCapabilityTypeUSB20Extension);
}

const IOUSBDeviceCapabilitySuperSpeedUSB *
IOUSBGetSuperSpeedDeviceCapabilityDescriptor(const IOUSBBOSDescriptor * bosDescriptor) {
    return first<IOUSBDeviceCapabilitySuperSpeedUSB>(bosDescriptor,
                                                     kIOUSBDeviceCapabilityTypeSuperSpeed);
}

const IOUSBDeviceCapabilityContainerID *
IOUSBGetContainerIDDescriptor(const IOUSBBOSDescriptor * bosDescriptor) {
    return first<IOUSBDeviceCapabilityContainerID>(bosDescriptor,
                                                   kIOUSBDeviceCapabilityTypeContainerID);
}

const IOUSBPlatformCapabilityDescriptor *
IOUSBGetPlatformCapabilityDescriptor(const IOUSBBOSDescriptor * bosDescriptor) {
    return first<IOUSBPlatformCapabilityDescriptor>(bosDescriptor,
                                                    kIOUSBDeviceCapabilityTypePlatform);
}
