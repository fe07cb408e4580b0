// All of SerialDriverKit that the simulator has.
#ifndef SERIALDRIVERKIT_SERIALDRIVERKIT_H
#define SERIALDRIVERKIT_SERIALDRIVERKIT_H

#include <SerialDriverKit/IOUserSerial.h>
#include <SerialDriverKit/SerialDriverKitTypes.h>
#include <SerialDriverKit/SerialPortInterface.h>

#endif
