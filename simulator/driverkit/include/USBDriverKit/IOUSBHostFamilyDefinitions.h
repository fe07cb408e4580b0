// Constants of Apple's USB host family: speeds, options, codes, property names.
#ifndef USBDRIVERKIT_IOUSBHOSTFAMILYDEFINITIONS_H
#define USBDRIVERKIT_IOUSBHOSTFAMILYDEFINITIONS_H

#include <DriverKit/IOReturn.h>
#include <USBDriverKit/AppleUSBDefinitions.h>

enum tIOUSBHostConnectionSpeed {
    kIOUSBHostConnectionSpeedNone = 0,
    kIOUSBHostConnectionSpeedFull = 1,
    kIOUSBHostConnectionSpeedLow = 2,
    kIOUSBHostConnectionSpeedHigh = 3,
    kIOUSBHostConnectionSpeedSuper = 4,
    kIOUSBHostConnectionSpeedSuperPlus = 5,
    kIOUSBHostConnectionSpeedSuperPlusBy2 = 6,
};
typedef enum tIOUSBHostConnectionSpeed tIOUSBHostConnectionSpeed;

// Options of Abort and AbortDeviceRequests.
enum {
    kIOUSBAbortAsynchronous = 0,
    kIOUSBAbortSynchronous = 1,
};

enum {
    kOpenOptionsSelectAlternateInterface = 0x00010000,
};

#define kUSBHostReturnPipeStalled ((IOReturn)0xe0005000)
#define kUSBHostReturnNoPower ((IOReturn)0xe0005001)

#define kUSBHostMatchingPropertyVendorID "idVendor"
#define kUSBHostMatchingPropertyProductID "idProduct"
#define kUSBHostMatchingPropertyDeviceReleaseNumber "bcdDevice"
#define kUSBHostMatchingPropertyConfigurationValue "bConfigurationValue"
#define kUSBHostMatchingPropertyInterfaceNumber "bInterfaceNumber"
#define kUSBHostMatchingPropertyInterfaceClass "bInterfaceClass"
#define kUSBHostMatchingPropertyInterfaceSubClass "bInterfaceSubClass"
#define kUSBHostMatchingPropertyInterfaceProtocol "bInterfaceProtocol"
#define kUSBHostMatchingPropertyDeviceClass "bDeviceClass"
#define kUSBHostMatchingPropertyDeviceSubClass "bDeviceSubClass"
#define kUSBHostMatchingPropertyDeviceProtocol "bDeviceProtocol"
#define kUSBHostMatchingPropertySpeed "USBSpeed"

#define kUSBHostPropertyLocationID "locationID"
#define kUSBHostDevicePropertySerialNumberString "kUSBSerialNumberString"
#define kUSBHostDevicePropertyManufacturerString "kUSBVendorString"
#define kUSBHostDevicePropertyProductString "kUSBProductString"
#define kUSBHostDevicePropertyAddress "kUSBAddress"
#define kUSBHostDevicePropertyCurrentConfiguration "kUSBCurrentConfiguration"

#endif
