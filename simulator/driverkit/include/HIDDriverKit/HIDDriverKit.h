// All of HIDDriverKit that the simulator has.
#ifndef HIDDRIVERKIT_HIDDRIVERKIT_H
#define HIDDRIVERKIT_HIDDRIVERKIT_H

#include <DriverKit/DriverKit.h>

#include <HIDDriverKit/IOHIDDevice.h>
#include <HIDDriverKit/IOHIDDeviceKeys.h>
#include <HIDDriverKit/IOHIDDeviceTypes.h>
#include <HIDDriverKit/IOHIDDigitizerCollection.h>
#include <HIDDriverKit/IOHIDDigitizerStructs.h>
#include <HIDDriverKit/IOHIDElement.h>
#include <HIDDriverKit/IOHIDEventService.h>
#include <HIDDriverKit/IOHIDEventServiceKeys.h>
#include <HIDDriverKit/IOHIDEventServiceTypes.h>
#include <HIDDriverKit/IOHIDInterface.h>
#include <HIDDriverKit/IOHIDUsageTables.h>
#include <HIDDriverKit/IOUserHIDDevice.h>
#include <HIDDriverKit/IOUserHIDEventDriver.h>
#include <HIDDriverKit/IOUserHIDEventService.h>
#include <HIDDriverKit/IOUserUSBHostHIDDevice.h>

#endif
