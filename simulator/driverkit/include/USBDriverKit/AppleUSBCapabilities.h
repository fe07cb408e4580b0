// BOS descriptors and the device capabilities that they list (USB 3.2 § 9.6.2): part of
// AppleUSBDefinitions.h.
#ifndef USBDRIVERKIT_APPLEUSBCAPABILITIES_H
#define USBDRIVERKIT_APPLEUSBCAPABILITIES_H

#include <stdint.h>

struct IOUSBBOSDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wTotalLength;
    uint8_t bNumDeviceCaps;
} __attribute__((packed));
typedef struct IOUSBBOSDescriptor IOUSBBOSDescriptor;

enum tIOUSBDeviceCapabilityType {
    kIOUSBDeviceCapabilityTypeWireless = 1,
    kIOUSBDeviceCapabilityTypeUSB20Extension = 2,
    kIOUSBDeviceCapabilityTypeSuperSpeed = 3,
    kIOUSBDeviceCapabilityTypeContainerID = 4,
    kIOUSBDeviceCapabilityTypePlatform = 5,
    kIOUSBDeviceCapabilityTypePowerDelivery = 6,
    kIOUSBDeviceCapabilityTypeBatteryInfo = 7,
    kIOUSBDeviceCapabilityTypePdConsumerPort = 8,
    kIOUSBDeviceCapabilityTypePdProviderPort = 9,
    kIOUSBDeviceCapabilityTypeSuperSpeedPlus = 10,
    kIOUSBDeviceCapabilityTypePrecisionMeasurement = 11,
    kIOUSBDeviceCapabilityTypeWirelessExt = 12,
    kIOUSBDeviceCapabilityTypeBillboard = 13,
    kIOUSBDeviceCapabilityTypeBillboardAltMode = 15,
};
typedef enum tIOUSBDeviceCapabilityType tIOUSBDeviceCapabilityType;

struct IOUSBDeviceCapabilityDescriptorHeader {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t bNumDeviceCaps; // the capability's own first byte
} __attribute__((packed));
typedef struct IOUSBDeviceCapabilityDescriptorHeader IOUSBDeviceCapabilityDescriptorHeader;

struct IOUSBDeviceCapabilityUSB2Extension {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint32_t bmAttributes;
} __attribute__((packed));
typedef struct IOUSBDeviceCapabilityUSB2Extension IOUSBDeviceCapabilityUSB2Extension;

struct IOUSBDeviceCapabilitySuperSpeedUSB {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t bmAttributes;
    uint16_t wSpeedsSupported;
    uint8_t bFunctionalitySupport;
    uint8_t bU1DevExitLat;
    uint16_t wU2DevExitLat;
} __attribute__((packed));
typedef struct IOUSBDeviceCapabilitySuperSpeedUSB IOUSBDeviceCapabilitySuperSpeedUSB;

struct IOUSBDeviceCapabilityContainerID {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t bReservedID;
    uint8_t containerID[16];
} __attribute__((packed));
typedef struct IOUSBDeviceCapabilityContainerID IOUSBDeviceCapabilityContainerID;

struct IOUSBPlatformCapabilityDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t bReserved;
    uint8_t PlatformCapabilityUUID[16];
} __attribute__((packed));
typedef struct IOUSBPlatformCapabilityDescriptor IOUSBPlatformCapabilityDescriptor;

#endif
