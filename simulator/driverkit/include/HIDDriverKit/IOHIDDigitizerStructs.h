// What drivers of digitizers dispatch: the state of one stylus, or of each touch.
#ifndef HIDDRIVERKIT_IOHIDDIGITIZERSTRUCTS_H
#define HIDDRIVERKIT_IOHIDDIGITIZERSTRUCTS_H

#include <DriverKit/IOTypes.h>
#include <stdint.h>

typedef struct IOHIDDigitizerStylusData {
    uint32_t identifier;
    IOFixed x; // 0 … 1
    IOFixed y;
    uint32_t inRange : 1;
    uint32_t tip : 1;
    uint32_t barrelSwitch : 1;
    uint32_t invert : 1;
    uint32_t eraser : 1;
    IOFixed tipPressure; // 0 … 1
    IOFixed barrelPressure;
    IOFixed tiltX; // degrees, -90 … 90
    IOFixed tiltY;
    IOFixed twist; // degrees, 0 … 360
    uint32_t pointerType;
    uint32_t effect;
    uint64_t uniqueID;
    uint32_t tipChanged : 1; // since the last event
    uint32_t positionChanged : 1;
    uint32_t rangeChanged : 1;
} IOHIDDigitizerStylusData;

typedef struct IOHIDDigitizerTouchData {
    uint32_t identifier;
    IOFixed x; // 0 … 1
    IOFixed y;
    uint32_t inRange : 1;
    uint32_t touch : 1;
    uint32_t touchValid : 1;
    uint32_t touchChanged : 1; // since the last event
    uint32_t positionChanged : 1;
    uint32_t rangeChanged : 1;
} IOHIDDigitizerTouchData;

#endif
