// User client types of the HID system. Samples of drivers open their own service with the first,
// which is 0.
#ifndef _IOKIT_HIDSYSTEM_IOHIDSHARED_H
#define _IOKIT_HIDSYSTEM_IOHIDSHARED_H

#include <IOKit/IOTypes.h>

enum {
    kIOHIDServerConnectType = 0,
    kIOHIDParamConnectType = 1,
    kIOHIDStackShotConnectType = 2,
    kIOHIDEventSystemConnectType = 3,
};

#endif
