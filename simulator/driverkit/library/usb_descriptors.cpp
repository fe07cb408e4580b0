// Walking USB configuration descriptors. A device writes the lengths, so that each is checked.
#include <USBDriverKit/AppleUSBDescriptorParsing.h>
#include <cstdlib>

namespace {

// Whether a whole descriptor lies at `at`.
bool holds(const IOUSBConfigurationDescriptor * configuration, const uint8_t * at) {
    const uint8_t * begin = reinterpret_cast<const uint8_t *>(configuration);
    const uint8_t * end = begin + USBToHost16(configuration->wTotalLength);
    if (at < begin || at >= end || end - at < kIOUSBDescriptorHeaderSize)
        return false;
    const uint8_t length = at[0];
    return length >= kIOUSBDescriptorHeaderSize && length <= end - at;
}

template <typename Descriptor>
const Descriptor * ofSize(const IOUSBDescriptorHeader * header, uint8_t size) {
    if (header == nullptr || header->bLength < size)
        return nullptr;
    return reinterpret_cast<const Descriptor *>(header);
}

} // namespace

void IOUSBHostFreeDescriptor(const void * descriptor) {
    free(const_cast<void *>(descriptor));
}

const IOUSBDescriptorHeader *
IOUSBGetNextDescriptor(const IOUSBConfigurationDescriptor * configurationDescriptor,
                       const IOUSBDescriptorHeader * currentDescriptor) {
    if (configurationDescriptor == nullptr)
        return nullptr;
    const uint8_t * at = reinterpret_cast<const uint8_t *>(
        currentDescriptor == nullptr
            ? reinterpret_cast<const IOUSBDescriptorHeader *>(configurationDescriptor)
            : currentDescriptor);
    if (!holds(configurationDescriptor, at))
        return nullptr;
    if (currentDescriptor != nullptr)
        at += at[0];
    if (!holds(configurationDescriptor, at))
        return nullptr;
    return reinterpret_cast<const IOUSBDescriptorHeader *>(at);
}

const IOUSBDescriptorHeader *
IOUSBGetNextDescriptorWithType(const IOUSBConfigurationDescriptor * configurationDescriptor,
                               const IOUSBDescriptorHeader * currentDescriptor, uint8_t type) {
    do {
        currentDescriptor = IOUSBGetNextDescriptor(configurationDescriptor, currentDescriptor);
    } while (currentDescriptor != nullptr && currentDescriptor->bDescriptorType != type);
    return currentDescriptor;
}

const IOUSBDescriptorHeader *
IOUSBGetNextAssociatedDescriptor(const IOUSBConfigurationDescriptor * configurationDescriptor,
                                 const IOUSBDescriptorHeader * parentDescriptor,
                                 const IOUSBDescriptorHeader * currentDescriptor) {
    if (parentDescriptor == nullptr)
        return nullptr;
    const IOUSBDescriptorHeader * next =
        IOUSBGetNextDescriptor(configurationDescriptor,
                               currentDescriptor == nullptr ? parentDescriptor : currentDescriptor);
    if (next == nullptr || next->bDescriptorType == parentDescriptor->bDescriptorType)
        return nullptr;
    return next;
}

const IOUSBDescriptorHeader * IOUSBGetNextAssociatedDescriptorWithType(
    const IOUSBConfigurationDescriptor * configurationDescriptor,
    const IOUSBDescriptorHeader * parentDescriptor, const IOUSBDescriptorHeader * currentDescriptor,
    uint8_t type) {
    do {
        currentDescriptor = IOUSBGetNextAssociatedDescriptor(configurationDescriptor,
                                                             parentDescriptor, currentDescriptor);
    } while (currentDescriptor != nullptr && currentDescriptor->bDescriptorType != type);
    return currentDescriptor;
}

const IOUSBInterfaceAssociationDescriptor * IOUSBGetNextInterfaceAssociationDescriptor(
    const IOUSBConfigurationDescriptor * configurationDescriptor,
    const IOUSBDescriptorHeader * currentDescriptor) {
    return ofSize<IOUSBInterfaceAssociationDescriptor>(
        IOUSBGetNextDescriptorWithType(configurationDescriptor, currentDescriptor,
                                       kIOUSBDescriptorTypeInterfaceAssociation),
        kIOUSBDescriptorSizeInterfaceAssociation);
}

const IOUSBInterfaceDescriptor *
IOUSBGetNextInterfaceDescriptor(const IOUSBConfigurationDescriptor * configurationDescriptor,
                                const IOUSBDescriptorHeader * currentDescriptor) {
    return ofSize<IOUSBInterfaceDescriptor>(
        IOUSBGetNextDescriptorWithType(configurationDescriptor, currentDescriptor,
                                       kIOUSBDescriptorTypeInterface),
        kIOUSBDescriptorSizeInterface);
}

const IOUSBEndpointDescriptor *
IOUSBGetNextEndpointDescriptor(const IOUSBConfigurationDescriptor * configurationDescriptor,
                               const IOUSBInterfaceDescriptor * interfaceDescriptor,
                               const IOUSBDescriptorHeader * currentDescriptor) {
    return ofSize<IOUSBEndpointDescriptor>(
        IOUSBGetNextAssociatedDescriptorWithType(
            configurationDescriptor,
            reinterpret_cast<const IOUSBDescriptorHeader *>(interfaceDescriptor), currentDescriptor,
            kIOUSBDescriptorTypeEndpoint),
        kIOUSBDescriptorSizeEndpoint);
}

uint32_t IOUSBGetConfigurationMaxPowerMilliAmps(
    uint32_t usbDeviceSpeed, const IOUSBConfigurationDescriptor * configurationDescriptor) {
    const uint32_t unit = usbDeviceSpeed >= kIOUSBHostConnectionSpeedSuper ? 8 : 2;
    return configurationDescriptor->MaxPower * unit;
}
