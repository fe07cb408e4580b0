// Descriptors and constants of the USB specifications, with Apple's names.
#ifndef USBDRIVERKIT_APPLEUSBDEFINITIONS_H
#define USBDRIVERKIT_APPLEUSBDEFINITIONS_H

#include <stdint.h>
#include <DriverKit/IOReturn.h>
#include <DriverKit/IOTypes.h>
#include <USBDriverKit/AppleUSBCapabilities.h>
#include <USBDriverKit/AppleUSBRequests.h>

// USB is little-endian, and so are all hosts.
#define USBToHost16(x) ((uint16_t)(x))
#define USBToHost32(x) ((uint32_t)(x))
#define USBToHost64(x) ((uint64_t)(x))
#define HostToUSB16(x) ((uint16_t)(x))
#define HostToUSB32(x) ((uint32_t)(x))
#define HostToUSB64(x) ((uint64_t)(x))

#define IOUSBBit(bit) ((uint32_t)1 << (bit))
#define IOUSBBitRange(start, end)                                                                  \
    ((uint32_t)((((uint64_t)1 << ((end) - (start) + 1)) - 1) << (start)))
#define IOUSBBitRangePhase(start, end) (start)

enum {
    kIOUSBAppleVendorID = 0x05ac,
};

// ── Descriptors (USB 2.0 § 9.5, 9.6; USB 3.2 § 9.6) ──

enum tIOUSBDescriptorType {
    kIOUSBDescriptorTypeDevice = 1,
    kIOUSBDescriptorTypeConfiguration = 2,
    kIOUSBDescriptorTypeString = 3,
    kIOUSBDescriptorTypeInterface = 4,
    kIOUSBDescriptorTypeEndpoint = 5,
    kIOUSBDescriptorTypeDeviceQualifier = 6,
    kIOUSBDescriptorTypeOtherSpeedConfiguration = 7,
    kIOUSBDescriptorTypeInterfacePower = 8,
    kIOUSBDescriptorTypeOTG = 9,
    kIOUSBDescriptorTypeDebug = 10,
    kIOUSBDescriptorTypeInterfaceAssociation = 11,
    kIOUSBDescriptorTypeBOS = 15,
    kIOUSBDescriptorTypeDeviceCapability = 16,
    kIOUSBDecriptorTypeHID = 33, // the spelling is Apple's
    kIOUSBDecriptorTypeReport = 34,
    kIOUSBDescriptorTypePhysical = 35,
    kIOUSBDescriptorTypeHub = 41,
    kIOUSBDescriptorTypeSuperSpeedHub = 42,
    kIOUSBDescriptorTypeSuperSpeedUSBEndpointCompanion = 48,
    kIOUSBDescriptorTypeSuperSpeedPlusIsochronousEndpointCompanion = 49,
};
typedef enum tIOUSBDescriptorType tIOUSBDescriptorType;

enum tIOUSBDescriptorSize {
    kIOUSBDescriptorHeaderSize = 2,
    kIOUSBDescriptorSizeDevice = 18,
    kIOUSBDescriptorSizeConfiguration = 9,
    kIOUSBDescriptorSizeInterface = 9,
    kIOUSBDescriptorSizeEndpoint = 7,
    kIOUSBDescriptorSizeStringMinimum = 2,
    kIOUSBDescriptorSizeStringMaximum = 255,
    kIOUSBDescriptorSizeDeviceQualifier = 10,
    kIOUSBDescriptorSizeInterfaceAssociation = 8,
    kIOUSBDescriptorSizeBOS = 5,
    kIOUSBDescriptorSizeDeviceCapability = 3,
    kIOUSBDescriptorSizeUSB20ExtensionCapability = 7,
    kIOUSBDescriptorSizeSuperSpeedUSBDeviceCapability = 10,
    kIOUSBDescriptorSizeContainerIDCapability = 20,
    kIOUSBDescriptorSizePlatformCapability = 20,
    kIOUSBDescriptorSizeHubMinimum = 9,
    kIOUSBDescriptorSizeHubMaximum = 21,
    kIOUSBDescriptorSizeSuperSpeedHub = 12,
    kIOUSBDescriptorSizeSuperSpeedUSBEndpointCompanion = 6,
    kIOUSBDescriptorSizeSuperSpeedPlusIsochronousEndpointCompanion = 8,
};
typedef enum tIOUSBDescriptorSize tIOUSBDescriptorSize;

enum tIOUSBLanguageID {
    kIOUSBLanguageIDEnglishUS = 0x0409,
};
typedef enum tIOUSBLanguageID tIOUSBLanguageID;

struct IOUSBDescriptorHeader {
    uint8_t bLength;
    uint8_t bDescriptorType;
} __attribute__((packed));
typedef struct IOUSBDescriptorHeader IOUSBDescriptorHeader;
typedef const struct IOUSBDescriptorHeader * IOUSBDescriptorHeaderPtr;
typedef IOUSBDescriptorHeader IOUSBDescriptor;

struct IOUSBDeviceDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t bcdUSB;
    uint8_t bDeviceClass;
    uint8_t bDeviceSubClass;
    uint8_t bDeviceProtocol;
    uint8_t bMaxPacketSize0;
    uint16_t idVendor;
    uint16_t idProduct;
    uint16_t bcdDevice;
    uint8_t iManufacturer;
    uint8_t iProduct;
    uint8_t iSerialNumber;
    uint8_t bNumConfigurations;
} __attribute__((packed));
typedef struct IOUSBDeviceDescriptor IOUSBDeviceDescriptor;

struct IOUSBDeviceQualifierDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t bcdUSB;
    uint8_t bDeviceClass;
    uint8_t bDeviceSubClass;
    uint8_t bDeviceProtocol;
    uint8_t bMaxPacketSize0;
    uint8_t bNumConfigurations;
    uint8_t bReserved;
} __attribute__((packed));
typedef struct IOUSBDeviceQualifierDescriptor IOUSBDeviceQualifierDescriptor;

struct IOUSBConfigurationDescHeader {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wTotalLength;
} __attribute__((packed));
typedef struct IOUSBConfigurationDescHeader IOUSBConfigurationDescHeader;

struct IOUSBConfigurationDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wTotalLength;
    uint8_t bNumInterfaces;
    uint8_t bConfigurationValue;
    uint8_t iConfiguration;
    uint8_t bmAttributes;
    uint8_t MaxPower;
} __attribute__((packed));
typedef struct IOUSBConfigurationDescriptor IOUSBConfigurationDescriptor;

enum {
    kIOUSBConfigurationDescriptorAttributeRemoteWakeCapable = 1 << 5,
    kIOUSBConfigurationDescriptorAttributeSelfPowered = 1 << 6,
};

struct IOUSBInterfaceDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bInterfaceNumber;
    uint8_t bAlternateSetting;
    uint8_t bNumEndpoints;
    uint8_t bInterfaceClass;
    uint8_t bInterfaceSubClass;
    uint8_t bInterfaceProtocol;
    uint8_t iInterface;
} __attribute__((packed));
typedef struct IOUSBInterfaceDescriptor IOUSBInterfaceDescriptor;

struct IOUSBEndpointDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bEndpointAddress;
    uint8_t bmAttributes;
    uint16_t wMaxPacketSize;
    uint8_t bInterval;
} __attribute__((packed));
typedef struct IOUSBEndpointDescriptor IOUSBEndpointDescriptor;

enum {
    kIOUSBEndpointDescriptorNumber = 0x0f,
    kIOUSBEndpointDescriptorEndpointAddressReserved = 0x70,
    kIOUSBEndpointDescriptorDirection = 0x80,
    kIOUSBEndpointDescriptorDirectionPhase = 7,
    kIOUSBEndpointDescriptorDirectionOut = 0x00,
    kIOUSBEndpointDescriptorDirectionIn = 0x80,
    kIOUSBEndpointDescriptorTransferType = 0x03,
    kIOUSBEndpointDescriptorTransferTypePhase = 0,
    kIOUSBEndpointDescriptorTransferTypeControl = 0x00,
    kIOUSBEndpointDescriptorTransferTypeIsochronous = 0x01,
    kIOUSBEndpointDescriptorTransferTypeBulk = 0x02,
    kIOUSBEndpointDescriptorTransferTypeInterrupt = 0x03,
    kIOUSBEndpointDescriptorSynchronizationType = 0x0c,
    kIOUSBEndpointDescriptorSynchronizationTypePhase = 2,
    kIOUSBEndpointDescriptorSynchronizationTypeNone = 0x00,
    kIOUSBEndpointDescriptorSynchronizationTypeAsynchronous = 0x04,
    kIOUSBEndpointDescriptorSynchronizationTypeAdaptive = 0x08,
    kIOUSBEndpointDescriptorSynchronizationTypeSynchronous = 0x0c,
    kIOUSBEndpointDescriptorUsageType = 0x30,
    kIOUSBEndpointDescriptorUsageTypePhase = 4,
    kIOUSBEndpointDescriptorUsageTypeInterruptPeriodic = 0x00,
    kIOUSBEndpointDescriptorUsageTypeInterruptNotification = 0x10,
    kIOUSBEndpointDescriptorUsageTypeIsocData = 0x00,
    kIOUSBEndpointDescriptorUsageTypeIsocFeedback = 0x10,
    kIOUSBEndpointDescriptorUsageTypeIsocImplicit = 0x20,
    kIOUSBEndpointDescriptorPacketSize = 0x07ff,
    kIOUSBEndpointDescriptorPacketSizePhase = 0,
    kIOUSBEndpointDescriptorPacketSizeMult = 0x1800,
    kIOUSBEndpointDescriptorPacketSizeMultPhase = 11,
};

enum tIOUSBEndpointType {
    kIOUSBEndpointTypeControl = 0,
    kIOUSBEndpointTypeIsochronous = 1,
    kIOUSBEndpointTypeBulk = 2,
    kIOUSBEndpointTypeInterrupt = 3,
};
typedef enum tIOUSBEndpointType tIOUSBEndpointType;

enum tIOUSBEndpointDirection {
    kIOUSBEndpointDirectionOut = 0,
    kIOUSBEndpointDirectionIn = 1,
    kIOUSBEndpointDirectionUnknown = 2,
};
typedef enum tIOUSBEndpointDirection tIOUSBEndpointDirection;

// UTF-16 without an end mark.
struct IOUSBStringDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bString[1];
} __attribute__((packed));
typedef struct IOUSBStringDescriptor IOUSBStringDescriptor;

struct IOUSBInterfaceAssociationDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bFirstInterface;
    uint8_t bInterfaceCount;
    uint8_t bFunctionClass;
    uint8_t bFunctionSubClass;
    uint8_t bFunctionProtocol;
    uint8_t iFunction;
} __attribute__((packed));
typedef struct IOUSBInterfaceAssociationDescriptor IOUSBInterfaceAssociationDescriptor;

struct IOUSBSuperSpeedEndpointCompanionDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bMaxBurst;
    uint8_t bmAttributes;
    uint16_t wBytesPerInterval;
} __attribute__((packed));
typedef struct IOUSBSuperSpeedEndpointCompanionDescriptor
    IOUSBSuperSpeedEndpointCompanionDescriptor;

struct IOUSBSuperSpeedPlusIsochronousEndpointCompanionDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wReserved;
    uint32_t dwBytesPerInterval;
} __attribute__((packed));
typedef struct IOUSBSuperSpeedPlusIsochronousEndpointCompanionDescriptor
    IOUSBSuperSpeedPlusIsochronousEndpointCompanionDescriptor;

// Of HID devices: behind the interface's descriptor (HID 1.11 § 6.2.1), with further pairs of type
// and length behind it.
struct IOUSBHIDDescriptor {
    uint8_t descLen;
    uint8_t descType;
    uint16_t descVersNum;
    uint8_t hidCountryCode;
    uint8_t hidNumDescriptors;
    uint8_t hidDescriptorType;
    uint8_t hidDescriptorLengthLo;
    uint8_t hidDescriptorLengthHi;
} __attribute__((packed));
typedef struct IOUSBHIDDescriptor IOUSBHIDDescriptor;

struct IOUSBHIDReportDesc {
    uint8_t hidDescriptorType;
    uint8_t hidDescriptorLengthLo;
    uint8_t hidDescriptorLengthHi;
} __attribute__((packed));
typedef struct IOUSBHIDReportDesc IOUSBHIDReportDesc;

struct IOUSBDFUDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bmAttributes;
    uint16_t wDetachTimeout;
    uint16_t wTransferSize;
} __attribute__((packed));
typedef struct IOUSBDFUDescriptor IOUSBDFUDescriptor;

#endif
