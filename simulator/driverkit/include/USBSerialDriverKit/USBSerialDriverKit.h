// All of USBSerialDriverKit that the simulator has.
#ifndef USBSERIALDRIVERKIT_USBSERIALDRIVERKIT_H
#define USBSERIALDRIVERKIT_USBSERIALDRIVERKIT_H

#include <USBSerialDriverKit/IOUserUSBSerial.h>

#endif
