// Constants of Apple's USB host family: speeds, ports, codes, property names.
#ifndef USBDRIVERKIT_IOUSBHOSTFAMILYDEFINITIONS_H
#define USBDRIVERKIT_IOUSBHOSTFAMILYDEFINITIONS_H

#include <DriverKit/IOReturn.h>
#include <USBDriverKit/AppleUSBDefinitions.h>
#include <USBDriverKit/USBDriverKitDefs.h>

enum tIOUSBHostConnectionSpeed {
    kIOUSBHostConnectionSpeedNone = 0,
    kIOUSBHostConnectionSpeedFull = 1,
    kIOUSBHostConnectionSpeedLow = 2,
    kIOUSBHostConnectionSpeedHigh = 3,
    kIOUSBHostConnectionSpeedSuper = 4,
    kIOUSBHostConnectionSpeedSuperPlus = 5,
    kIOUSBHostConnectionSpeedSuperPlusBy2 = 6,
    kIOUSBHostConnectionSpeedCount = 7,
};
typedef enum tIOUSBHostConnectionSpeed tIOUSBHostConnectionSpeed;

enum tIOUSBHostPortType {
    kIOUSBHostPortTypeStandard = 0,
    kIOUSBHostPortTypeCaptive = 1,
    kIOUSBHostPortTypeInternal = 2,
    kIOUSBHostPortTypeAccessory = 3,
    kIOUSBHostPortTypeExpressCard = 4,
    kIOUSBHostPortTypeCount = 5,
};
typedef enum tIOUSBHostPortType tIOUSBHostPortType;

// Of GetPortStatus: the port's type, its device's speed, and what it does.
enum tIOUSBHostPortStatus {
    kIOUSBHostPortStatusPortTypeMask = 0x000f,
    kIOUSBHostPortStatusPortTypePhase = 0,
    kIOUSBHostPortStatusPortTypeStandard = kIOUSBHostPortTypeStandard,
    kIOUSBHostPortStatusPortTypeCaptive = kIOUSBHostPortTypeCaptive,
    kIOUSBHostPortStatusPortTypeInternal = kIOUSBHostPortTypeInternal,
    kIOUSBHostPortStatusPortTypeAccessory = kIOUSBHostPortTypeAccessory,
    kIOUSBHostPortStatusPortTypeReserved = 0x00f0,
    kIOUSBHostPortStatusConnectedSpeedMask = 0x0700,
    kIOUSBHostPortStatusConnectedSpeedPhase = 8,
    kIOUSBHostPortStatusConnectedSpeedNone = kIOUSBHostConnectionSpeedNone << 8,
    kIOUSBHostPortStatusConnectedSpeedFull = kIOUSBHostConnectionSpeedFull << 8,
    kIOUSBHostPortStatusConnectedSpeedLow = kIOUSBHostConnectionSpeedLow << 8,
    kIOUSBHostPortStatusConnectedSpeedHigh = kIOUSBHostConnectionSpeedHigh << 8,
    kIOUSBHostPortStatusConnectedSpeedSuper = kIOUSBHostConnectionSpeedSuper << 8,
    kIOUSBHostPortStatusConnectedSpeedSuperPlus = kIOUSBHostConnectionSpeedSuperPlus << 8,
    kIOUSBHostPortStatusConnectedSpeedSuperPlusBy2 = kIOUSBHostConnectionSpeedSuperPlusBy2 << 8,
    kIOUSBHostPortStatusResetting = 1 << 11,
    kIOUSBHostPortStatusEnabled = 1 << 12,
    kIOUSBHostPortStatusSuspended = 1 << 13,
    kIOUSBHostPortStatusOvercurrent = 1 << 14,
    kIOUSBHostPortStatusTestMode = 1 << 15,
};
typedef enum tIOUSBHostPortStatus tIOUSBHostPortStatus;

enum {
    kOpenOptionsSelectAlternateInterface = 0x00010000,
};

#define kUSBHostReturnPipeStalled ((IOReturn)0xe0005000)
#define kUSBHostReturnNoPower ((IOReturn)0xe0005001)

#define kIOUSBTransportDextEntitlement "com.apple.developer.driverkit.transport.usb"

#define kIOUSBHostDeviceClassName "IOUSBHostDevice"
#define kIOUSBHostInterfaceClassName "IOUSBHostInterface"

#define kUSBHostMatchingPropertySpeed "USBSpeed"
#define kUSBHostMatchingPropertyPortType "USBPortType"
#define kUSBHostMatchingPropertyVendorID "idVendor"
#define kUSBHostMatchingPropertyProductID "idProduct"
#define kUSBHostMatchingPropertyProductIDMask "idProductMask"
#define kUSBHostMatchingPropertyProductIDArray "idProductArray"
#define kUSBHostMatchingPropertyDeviceClass "bDeviceClass"
#define kUSBHostMatchingPropertyDeviceSubClass "bDeviceSubClass"
#define kUSBHostMatchingPropertyDeviceProtocol "bDeviceProtocol"
#define kUSBHostMatchingPropertyDeviceReleaseNumber "bcdDevice"
#define kUSBHostMatchingPropertyConfigurationValue "bConfigurationValue"
#define kUSBHostMatchingPropertyInterfaceClass "bInterfaceClass"
#define kUSBHostMatchingPropertyInterfaceSubClass "bInterfaceSubClass"
#define kUSBHostMatchingPropertyInterfaceProtocol "bInterfaceProtocol"
#define kUSBHostMatchingPropertyInterfaceNumber "bInterfaceNumber"

#define kUSBHostPropertyLocationID "locationID"
#define kUSBHostPropertyDebugOptions "kUSBDebugOptions"
#define kUSBHostPropertyWakePowerSupply "kUSBWakePowerSupply"
#define kUSBHostPropertySleepPowerSupply "kUSBSleepPowerSupply"
#define kUSBHostPropertyWakePortCurrentLimit "kUSBWakePortCurrentLimit"
#define kUSBHostPropertySleepPortCurrentLimit "kUSBSleepPortCurrentLimit"
#define kUSBHostPropertyFailedRemoteWake "kUSBFailedRemoteWake"

#define kUSBHostDevicePropertyVendorString "kUSBVendorString"
#define kUSBHostDevicePropertyProductString "kUSBProductString"
#define kUSBHostDevicePropertySerialNumberString "kUSBSerialNumberString"
#define kUSBHostDevicePropertyManufacturerStringIndex "iManufacturer"
#define kUSBHostDevicePropertyProductStringIndex "iProduct"
#define kUSBHostDevicePropertySerialNumberStringIndex "iSerialNumber"
#define kUSBHostDevicePropertyAddress "kUSBAddress"
#define kUSBHostDevicePropertyStandardVersion "bcdUSB"
#define kUSBHostDevicePropertyMaxPacketSize "bMaxPacketSize0"
#define kUSBHostDevicePropertyNumConfigs "bNumConfigurations"
#define kUSBHostDevicePropertyCurrentConfiguration "kUSBCurrentConfiguration"
#define kUSBHostDevicePropertyPreferredConfiguration "kUSBPreferredConfiguration"
#define kUSBHostDevicePropertyPreferredRecoveryConfiguration "kUSBPreferredRecoveryConfiguration"
#define kUSBHostDevicePropertyContainerID "kUSBContainerID"
#define kUSBHostDevicePropertyFailedRequestedPower "kUSBFailedRequestedPower"
#define kUSBHostDevicePropertyResumeRecoveryTime "kUSBResumeRecoveryTime"
#define kUSBHostDevicePropertyRemoteWakeOverride "kUSBRemoteWakeOverride"
#define kUSBHostDevicePropertyConfigurationDescriptorOverride "kUSBConfigurationDescriptorOverride"
#define kUSBHostDevicePropertyDeviceDescriptorOverride "kUSBDeviceDescriptorOverride"
#define kUSBHostDevicePropertyConfigurationCurrentOverride "kUSBConfigurationCurrentOverride"
#define kUSBHostDevicePropertyResetDurationOverride "kUSBResetDurationOverride"
#define kUSBHostDevicePropertyDesiredChargingCurrent "kUSBDesiredChargingCurrent"
#define kUSBHostDevicePropertyDescriptorOverride "kUSBDescriptorOverride"
#define kUSBHostDevicePropertyDeviceECID "kUSBDeviceECID"
#define kUSBHostDevicePropertyEnableLPM "kUSBHostDeviceEnableLPM"
#define kUSBHostDevicePropertyStreamsSupported "UsbStreamsSupported"

#define kUSBHostInterfacePropertyAlternateSetting "bAlternateSetting"
#define kUSBHostInterfacePropertyStringIndex "iInterface"
#define kUSBHostInterfacePropertyString "kUSBString"
#define kUSBHostInterfacePropertyNumEndpoints "bNumEndpoints"

#define kUSBHostPortPropertyStatus "port-status"
#define kUSBHostPortPropertyOvercurrent "UsbHostPortOvercurrent"
#define kUSBHostPortPropertyPortNumber "port"
#define kUSBHostPortPropertyRemovable "removable"
#define kUSBHostPortPropertyConnectable "UsbConnectable"
#define kUSBHostPortPropertyConnectorType "UsbConnector"

#endif
