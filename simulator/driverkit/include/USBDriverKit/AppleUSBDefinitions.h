// Descriptors, requests and constants of the USB specifications, with Apple's names.
#ifndef USBDRIVERKIT_APPLEUSBDEFINITIONS_H
#define USBDRIVERKIT_APPLEUSBDEFINITIONS_H

#include <stdint.h>
#include <DriverKit/IOReturn.h>
#include <DriverKit/IOTypes.h>

// USB is little-endian, and so are all hosts.
#define USBToHost16(x) ((uint16_t)(x))
#define USBToHost32(x) ((uint32_t)(x))
#define USBToHost64(x) ((uint64_t)(x))
#define HostToUSB16(x) ((uint16_t)(x))
#define HostToUSB32(x) ((uint32_t)(x))
#define HostToUSB64(x) ((uint64_t)(x))

// ── Requests on the control endpoint (USB 2.0 § 9.3, 9.4) ──

enum {
    kIOUSBDeviceRequestDirectionValueOut = 0,
    kIOUSBDeviceRequestDirectionValueIn = 1,
};
enum {
    kIOUSBDeviceRequestTypeValueStandard = 0,
    kIOUSBDeviceRequestTypeValueClass = 1,
    kIOUSBDeviceRequestTypeValueVendor = 2,
};
enum {
    kIOUSBDeviceRequestRecipientValueDevice = 0,
    kIOUSBDeviceRequestRecipientValueInterface = 1,
    kIOUSBDeviceRequestRecipientValueEndpoint = 2,
    kIOUSBDeviceRequestRecipientValueOther = 3,
};
enum {
    kIOUSBDeviceRequestDirectionPhase = 7,
    kIOUSBDeviceRequestTypePhase = 5,
    kIOUSBDeviceRequestDirectionMask = 1 << kIOUSBDeviceRequestDirectionPhase,
    kIOUSBDeviceRequestDirectionOut = kIOUSBDeviceRequestDirectionValueOut
                                      << kIOUSBDeviceRequestDirectionPhase,
    kIOUSBDeviceRequestDirectionIn = kIOUSBDeviceRequestDirectionValueIn
                                     << kIOUSBDeviceRequestDirectionPhase,
    kIOUSBDeviceRequestTypeMask = 3 << kIOUSBDeviceRequestTypePhase,
    kIOUSBDeviceRequestTypeStandard = kIOUSBDeviceRequestTypeValueStandard
                                      << kIOUSBDeviceRequestTypePhase,
    kIOUSBDeviceRequestTypeClass = kIOUSBDeviceRequestTypeValueClass
                                   << kIOUSBDeviceRequestTypePhase,
    kIOUSBDeviceRequestTypeVendor = kIOUSBDeviceRequestTypeValueVendor
                                    << kIOUSBDeviceRequestTypePhase,
    kIOUSBDeviceRequestRecipientMask = 0x1f,
    kIOUSBDeviceRequestRecipientDevice = kIOUSBDeviceRequestRecipientValueDevice,
    kIOUSBDeviceRequestRecipientInterface = kIOUSBDeviceRequestRecipientValueInterface,
    kIOUSBDeviceRequestRecipientEndpoint = kIOUSBDeviceRequestRecipientValueEndpoint,
    kIOUSBDeviceRequestRecipientOther = kIOUSBDeviceRequestRecipientValueOther,
};

#define IOUSBBuildBmRequestType(direction, type, recipient)                                        \
    ((uint8_t)((((direction)&1) << 7) | (((type)&3) << 5) | ((recipient)&0x1f)))

enum {
    kIOUSBDeviceRequestGetStatus = 0,
    kIOUSBDeviceRequestClearFeature = 1,
    kIOUSBDeviceRequestSetFeature = 3,
    kIOUSBDeviceRequestSetAddress = 5,
    kIOUSBDeviceRequestGetDescriptor = 6,
    kIOUSBDeviceRequestSetDescriptor = 7,
    kIOUSBDeviceRequestGetConfiguration = 8,
    kIOUSBDeviceRequestSetConfiguration = 9,
    kIOUSBDeviceRequestGetInterface = 10,
    kIOUSBDeviceRequestSetInterface = 11,
    kIOUSBDeviceRequestSynchFrame = 12,
};

struct IOUSBDeviceRequest {
    uint8_t bmRequestType;
    uint8_t bRequest;
    uint16_t wValue;
    uint16_t wIndex;
    uint16_t wLength;
} __attribute__((packed));
typedef struct IOUSBDeviceRequest IOUSBDeviceRequest;

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
    kIOUSBDescriptorTypeHub = 41,
    kIOUSBDescriptorTypeSuperSpeedHub = 42,
    kIOUSBDescriptorTypeSuperSpeedUSBEndpointCompanion = 48,
    kIOUSBDescriptorTypeSuperSpeedPlusIsochronousEndpointCompanion = 49,
};
typedef enum tIOUSBDescriptorType tIOUSBDescriptorType;

enum {
    kIOUSBDescriptorHeaderSize = 2,
    kIOUSBDescriptorSizeDevice = 18,
    kIOUSBDescriptorSizeConfiguration = 9,
    kIOUSBDescriptorSizeInterface = 9,
    kIOUSBDescriptorSizeEndpoint = 7,
    kIOUSBDescriptorSizeStringMinimum = 2,
    kIOUSBDescriptorSizeStringMaximum = 255,
    kIOUSBDescriptorSizeInterfaceAssociation = 8,
    kIOUSBDescriptorSizeBOS = 5,
    kIOUSBDescriptorSizeSuperSpeedUSBEndpointCompanion = 6,
    kIOUSBDescriptorSizeSuperSpeedPlusIsochronousEndpointCompanion = 8,
};

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
    kIOUSBEndpointDescriptorDirection = 0x80,
    kIOUSBEndpointDescriptorDirectionOut = 0x00,
    kIOUSBEndpointDescriptorDirectionIn = 0x80,
    kIOUSBEndpointDescriptorTransferType = 0x03,
    kIOUSBEndpointDescriptorTransferTypeControl = 0x00,
    kIOUSBEndpointDescriptorTransferTypeIsochronous = 0x01,
    kIOUSBEndpointDescriptorTransferTypeBulk = 0x02,
    kIOUSBEndpointDescriptorTransferTypeInterrupt = 0x03,
    kIOUSBEndpointDescriptorPacketSize = 0x07ff,
    kIOUSBEndpointDescriptorPacketSizeMult = 0x1800,
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

struct IOUSBBOSDescriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wTotalLength;
    uint8_t bNumDeviceCaps;
} __attribute__((packed));
typedef struct IOUSBBOSDescriptor IOUSBBOSDescriptor;

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

#endif
