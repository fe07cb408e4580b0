// Walking a configuration descriptor and reading endpoint descriptors. Nothing outside of
// wTotalLength bytes is touched, whatever a device puts into bLength.
#ifndef USBDRIVERKIT_APPLEUSBDESCRIPTORPARSING_H
#define USBDRIVERKIT_APPLEUSBDESCRIPTORPARSING_H

#include <stdint.h>
#include <sys/cdefs.h>
#include <USBDriverKit/AppleUSBDefinitions.h>
#include <USBDriverKit/IOUSBHostFamilyDefinitions.h>

__BEGIN_DECLS

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

// Within wTotalLength of the BOS descriptor; NULL gives the first capability.
const IOUSBDeviceCapabilityDescriptorHeader *
IOUSBGetNextCapabilityDescriptor(const IOUSBBOSDescriptor * bosDescriptor,
                                 const IOUSBDeviceCapabilityDescriptorHeader * currentDescriptor);
const IOUSBDeviceCapabilityDescriptorHeader * IOUSBGetNextCapabilityDescriptorWithType(
    const IOUSBBOSDescriptor * bosDescriptor,
    const IOUSBDeviceCapabilityDescriptorHeader * currentDescriptor, uint8_t type);
const IOUSBDeviceCapabilityUSB2Extension *
IOUSBGetUSB20ExtensionDeviceCapabilityDescriptor(const IOUSBBOSDescriptor * bosDescriptor);
const IOUSBDeviceCapabilitySuperSpeedUSB *
IOUSBGetSuperSpeedDeviceCapabilityDescriptor(const IOUSBBOSDescriptor * bosDescriptor);
const IOUSBDeviceCapabilityContainerID *
IOUSBGetContainerIDDescriptor(const IOUSBBOSDescriptor * bosDescriptor);
const IOUSBPlatformCapabilityDescriptor *
IOUSBGetPlatformCapabilityDescriptor(const IOUSBBOSDescriptor * bosDescriptor);

uint32_t IOUSBGetConfigurationMaxPowerMilliAmps(
    uint32_t usbDeviceSpeed, const IOUSBConfigurationDescriptor * configurationDescriptor);

uint8_t IOUSBGetEndpointDirection(const IOUSBEndpointDescriptor * descriptor);
uint8_t IOUSBGetEndpointAddress(const IOUSBEndpointDescriptor * descriptor);
uint8_t IOUSBGetEndpointNumber(const IOUSBEndpointDescriptor * descriptor);
uint8_t IOUSBGetEndpointType(const IOUSBEndpointDescriptor * descriptor);
uint16_t IOUSBGetEndpointMaxPacketSize(uint32_t usbDeviceSpeed,
                                       const IOUSBEndpointDescriptor * descriptor);
// Bytes of one service interval or burst: packets of the companion's or a high-speed endpoint's
// count.
uint32_t IOUSBGetEndpointBurstSize(
    uint32_t usbDeviceSpeed, const IOUSBEndpointDescriptor * descriptor,
    const IOUSBSuperSpeedEndpointCompanionDescriptor * companionDescriptor,
    const IOUSBSuperSpeedPlusIsochronousEndpointCompanionDescriptor * sspCompanionDescriptor);
uint8_t IOUSBGetEndpointMult(
    uint32_t usbDeviceSpeed, const IOUSBEndpointDescriptor * descriptor,
    const IOUSBSuperSpeedEndpointCompanionDescriptor * companionDescriptor,
    const IOUSBSuperSpeedPlusIsochronousEndpointCompanionDescriptor * sspCompanionDescriptor);
// n of 2^n; bulk endpoints of a superspeed device have streams.
uint32_t IOUSBGetEndpointMaxStreamsEncoded(
    uint32_t usbDeviceSpeed, const IOUSBEndpointDescriptor * descriptor,
    const IOUSBSuperSpeedEndpointCompanionDescriptor * companionDescriptor);
uint32_t
IOUSBGetEndpointMaxStreams(uint32_t usbDeviceSpeed, const IOUSBEndpointDescriptor * descriptor,
                           const IOUSBSuperSpeedEndpointCompanionDescriptor * companionDescriptor);
// n of 2^(n - 1) microframes of 125 µs.
uint32_t IOUSBGetEndpointIntervalEncodedMicroframes(uint32_t usbDeviceSpeed,
                                                    const IOUSBEndpointDescriptor * descriptor);
// In units of 125 µs; 0 for endpoints without one.
uint32_t IOUSBGetEndpointIntervalMicroframes(uint32_t usbDeviceSpeed,
                                             const IOUSBEndpointDescriptor * descriptor);
// In milliseconds, 0 below one.
uint32_t IOUSBGetEndpointIntervalFrames(uint32_t usbDeviceSpeed,
                                        const IOUSBEndpointDescriptor * descriptor);

__END_DECLS

#endif
