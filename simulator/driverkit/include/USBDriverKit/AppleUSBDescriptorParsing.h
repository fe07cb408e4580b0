// Walking a configuration descriptor and reading endpoint descriptors. Nothing outside of
// wTotalLength bytes is touched, whatever a device puts into bLength.
#ifndef USBDRIVERKIT_APPLEUSBDESCRIPTORPARSING_H
#define USBDRIVERKIT_APPLEUSBDESCRIPTORPARSING_H

#include <stdint.h>
#include <sys/cdefs.h>
#include <USBDriverKit/AppleUSBDefinitions.h>
#include <USBDriverKit/IOUSBHostFamilyDefinitions.h>

__BEGIN_DECLS

// For what the Copy…Descriptor methods return.
void IOUSBHostFreeDescriptor(const void * descriptor);

// `currentDescriptor` NULL gives the first descriptor; NULL is returned behind the last and for a
// current descriptor outside of the configuration.
const IOUSBDescriptorHeader *
IOUSBGetNextDescriptor(const IOUSBConfigurationDescriptor * configurationDescriptor,
                       const IOUSBDescriptorHeader * currentDescriptor);
const IOUSBDescriptorHeader *
IOUSBGetNextDescriptorWithType(const IOUSBConfigurationDescriptor * configurationDescriptor,
                               const IOUSBDescriptorHeader * currentDescriptor, uint8_t type);
// Those behind `parentDescriptor`, up to the next one of the parent's type.
const IOUSBDescriptorHeader *
IOUSBGetNextAssociatedDescriptor(const IOUSBConfigurationDescriptor * configurationDescriptor,
                                 const IOUSBDescriptorHeader * parentDescriptor,
                                 const IOUSBDescriptorHeader * currentDescriptor);
const IOUSBDescriptorHeader * IOUSBGetNextAssociatedDescriptorWithType(
    const IOUSBConfigurationDescriptor * configurationDescriptor,
    const IOUSBDescriptorHeader * parentDescriptor, const IOUSBDescriptorHeader * currentDescriptor,
    uint8_t type);

const IOUSBInterfaceAssociationDescriptor * IOUSBGetNextInterfaceAssociationDescriptor(
    const IOUSBConfigurationDescriptor * configurationDescriptor,
    const IOUSBDescriptorHeader * currentDescriptor);
const IOUSBInterfaceDescriptor *
IOUSBGetNextInterfaceDescriptor(const IOUSBConfigurationDescriptor * configurationDescriptor,
                                const IOUSBDescriptorHeader * currentDescriptor);
const IOUSBEndpointDescriptor *
IOUSBGetNextEndpointDescriptor(const IOUSBConfigurationDescriptor * configurationDescriptor,
                               const IOUSBInterfaceDescriptor * interfaceDescriptor,
                               const IOUSBDescriptorHeader * currentDescriptor);

uint32_t IOUSBGetConfigurationMaxPowerMilliAmps(
    uint32_t usbDeviceSpeed, const IOUSBConfigurationDescriptor * configurationDescriptor);

uint8_t IOUSBGetEndpointDirection(const IOUSBEndpointDescriptor * descriptor);
uint8_t IOUSBGetEndpointAddress(const IOUSBEndpointDescriptor * descriptor);
uint8_t IOUSBGetEndpointNumber(const IOUSBEndpointDescriptor * descriptor);
uint8_t IOUSBGetEndpointType(const IOUSBEndpointDescriptor * descriptor);
uint16_t IOUSBGetEndpointMaxPacketSize(uint32_t usbDeviceSpeed,
                                       const IOUSBEndpointDescriptor * descriptor);
// In units of 125 µs; 0 for endpoints without one.
uint32_t IOUSBGetEndpointIntervalMicroframes(uint32_t usbDeviceSpeed,
                                             const IOUSBEndpointDescriptor * descriptor);
// In milliseconds, 0 below one.
uint32_t IOUSBGetEndpointIntervalFrames(uint32_t usbDeviceSpeed,
                                        const IOUSBEndpointDescriptor * descriptor);

__END_DECLS

#endif
