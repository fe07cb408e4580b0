// Requests on the control endpoint (USB 2.0 § 9.3, 9.4): part of AppleUSBDefinitions.h.
#ifndef USBDRIVERKIT_APPLEUSBREQUESTS_H
#define USBDRIVERKIT_APPLEUSBREQUESTS_H

#include <stdint.h>

enum tIOUSBDeviceRequestDirectionValue {
    kIOUSBDeviceRequestDirectionValueOut = 0,
    kIOUSBDeviceRequestDirectionValueIn = 1,
};
typedef enum tIOUSBDeviceRequestDirectionValue tIOUSBDeviceRequestDirectionValue;

enum tIOUSBDeviceRequestTypeValue {
    kIOUSBDeviceRequestTypeValueStandard = 0,
    kIOUSBDeviceRequestTypeValueClass = 1,
    kIOUSBDeviceRequestTypeValueVendor = 2,
};
typedef enum tIOUSBDeviceRequestTypeValue tIOUSBDeviceRequestTypeValue;

enum tIOUSBDeviceRequestRecipientValue {
    kIOUSBDeviceRequestRecipientValueDevice = 0,
    kIOUSBDeviceRequestRecipientValueInterface = 1,
    kIOUSBDeviceRequestRecipientValueEndpoint = 2,
    kIOUSBDeviceRequestRecipientValueOther = 3,
};
typedef enum tIOUSBDeviceRequestRecipientValue tIOUSBDeviceRequestRecipientValue;

enum tIOUSBDeviceRequest {
    kIOUSBDeviceRequestSize = 8,
    kIOUSBDeviceRequestRecipientPhase = 0,
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
    kIOUSBDeviceRequestGetState = 2,
    kIOUSBDeviceRequestSetFeature = 3,
    kIOUSBDeviceRequestSetAddress = 5,
    kIOUSBDeviceRequestGetDescriptor = 6,
    kIOUSBDeviceRequestSetDescriptor = 7,
    kIOUSBDeviceRequestGetConfiguration = 8,
    kIOUSBDeviceRequestSetConfiguration = 9,
    kIOUSBDeviceRequestGetInterface = 10,
    kIOUSBDeviceRequestSetInterface = 11,
    kIOUSBDeviceRequestSynchFrame = 12,
    kIOUSBDeviceRequestSetSel = 48,
    kIOUSBDeviceRequestSetIsochronousDelay = 49,
};

// Answers of GET_STATUS, and the features of SET_FEATURE and CLEAR_FEATURE.
enum {
    kIOUSBDeviceStatusSelfPowered = 1 << 0,
    kIOUSBDeviceStatusRemoteWakeEnable = 1 << 1,
    kIOUSBDeviceStatusU1Enable = 1 << 2,
    kIOUSBDeviceStatusU2Enable = 1 << 3,
    kIOUSBDeviceStatusLTMEnable = 1 << 4,
    kIOUSBInterfaceStatusRemoteWakeCapable = 1 << 0,
    kIOUSBInterfaceStatusRemoteWakeEnable = 1 << 1,
    IOUSBEndpointStatusHalt = 1 << 0,
};
enum {
    kIOUSBDeviceFeatureSelectorRemoteWakeup = 1,
    kIOUSBDeviceFeatureSelectorTestMode = 2,
    kIOUSBDeviceFeatureSelectorU1Enable = 48,
    kIOUSBDeviceFeatureSelectorU2Enable = 49,
    kIOUSBDeviceFeatureSelectorLTMEnable = 50,
    kIOUSBInterfaceFeatureSelectorSuspend = 0,
    IOUSBEndpointFeatureSelectorStall = 0,
};

struct IOUSBDeviceRequest {
    uint8_t bmRequestType;
    uint8_t bRequest;
    uint16_t wValue;
    uint16_t wIndex;
    uint16_t wLength;
} __attribute__((packed));
typedef struct IOUSBDeviceRequest IOUSBDeviceRequest;

#endif
