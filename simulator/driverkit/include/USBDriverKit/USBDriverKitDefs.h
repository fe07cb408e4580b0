// What belongs to USBDriverKit alone: options of its aborts, and the end of what its Copy methods
// return.
#ifndef USBDRIVERKIT_USBDRIVERKITDEFS_H
#define USBDRIVERKIT_USBDRIVERKITDEFS_H

#include <USBDriverKit/AppleUSBDefinitions.h>

enum IOUSBAbortOptions {
    kIOUSBAbortAsynchronous = 0,
    kIOUSBAbortSynchronous = 1, // returns when the completions have run
};

// Takes every descriptor, null, too.
extern "C" void IOUSBHostFreeDescriptor(const void * descriptor);

#endif
