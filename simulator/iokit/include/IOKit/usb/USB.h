// Names and numbers of USB for applications: registry keys, request bits, endpoint kinds, the
// family's codes. An application of a driver has them for matching and for messages; the interfaces
// of IOUSBLib are not here.
#ifndef _IOKIT_USB_H
#define _IOKIT_USB_H

#include <IOKit/IOTypes.h>

// ── Classes and properties of registry entries ──

#define kIOUSBDeviceClassName "IOUSBDevice"
#define kIOUSBInterfaceClassName "IOUSBInterface"
#define kIOUSBHostDeviceClassName "IOUSBHostDevice"
#define kIOUSBHostInterfaceClassName "IOUSBHostInterface"

#define kUSBVendorID "idVendor"
#define kUSBProductID "idProduct"
#define kUSBDeviceReleaseNumber "bcdDevice"
#define kUSBDeviceClass "bDeviceClass"
#define kUSBDeviceSubClass "bDeviceSubClass"
#define kUSBDeviceProtocol "bDeviceProtocol"
#define kUSBConfigurationValue "bConfigurationValue"
#define kUSBInterfaceNumber "bInterfaceNumber"
#define kUSBAlternateSetting "bAlternateSetting"
#define kUSBInterfaceClass "bInterfaceClass"
#define kUSBInterfaceSubClass "bInterfaceSubClass"
#define kUSBInterfaceProtocol "bInterfaceProtocol"
#define kUSBVendorString "USB Vendor Name"
#define kUSBProductString "USB Product Name"
#define kUSBSerialNumberString "USB Serial Number"
#define kUSBDevicePropertySpeed "Device Speed"
#define kUSBDevicePropertyAddress "USB Address"
#define kUSBDevicePropertyLocationID "locationID"

// ── Requests and endpoints (USB 2.0 §9.3, §9.6.6) ──

enum { kUSBOut = 0, kUSBIn = 1, kUSBNone = 2, kUSBAnyDirn = 3 };
enum { kUSBControl = 0, kUSBIsoc = 1, kUSBBulk = 2, kUSBInterrupt = 3, kUSBAnyType = 0xff };
enum { kUSBStandard = 0, kUSBClass = 1, kUSBVendor = 2 };
enum { kUSBDevice = 0, kUSBInterface = 1, kUSBEndpoint = 2, kUSBOther = 3 };

#define USBmakebmRequestType(direction, type, recipient)                                           \
    ((UInt8)((((direction)&1) << 7) | (((type)&3) << 5) | ((recipient)&0x1f)))

typedef struct {
    UInt8 bmRequestType;
    UInt8 bRequest;
    UInt16 wValue;
    UInt16 wIndex;
    UInt16 wLength;
    void * pData;
    UInt32 wLenDone;
} IOUSBDevRequest;

typedef struct {
    UInt8 bLength;
    UInt8 bDescriptorType;
    UInt16 bcdUSB;
    UInt8 bDeviceClass;
    UInt8 bDeviceSubClass;
    UInt8 bDeviceProtocol;
    UInt8 bMaxPacketSize0;
    UInt16 idVendor;
    UInt16 idProduct;
    UInt16 bcdDevice;
    UInt8 iManufacturer;
    UInt8 iProduct;
    UInt8 iSerialNumber;
    UInt8 bNumConfigurations;
} __attribute__((packed)) IOUSBDeviceDescriptor;

// ── Codes (contract §11) ──

#define iokit_usb_err(code) iokit_family_err(sub_iokit_usb, code)
#define kIOUSBUnknownPipeErr iokit_usb_err(0x61)
#define kIOUSBTooManyPipesErr iokit_usb_err(0x60)
#define kIOUSBNoAsyncPortErr iokit_usb_err(0x5f)
#define kIOUSBNotEnoughPipesErr iokit_usb_err(0x5e)
#define kIOUSBNotEnoughPowerErr iokit_usb_err(0x5d)
#define kIOUSBEndpointNotFound iokit_usb_err(0x57)
#define kIOUSBConfigNotFound iokit_usb_err(0x56)
#define kIOUSBTransactionTimeout iokit_usb_err(0x51)
#define kIOUSBTransactionReturned iokit_usb_err(0x50)
#define kIOUSBPipeStalled iokit_usb_err(0x4f)
#define kIOUSBInterfaceNotFound iokit_usb_err(0x4e)

#endif
