// Options of the events that event services dispatch.
#ifndef HIDDRIVERKIT_IOHIDEVENTSERVICETYPES_H
#define HIDDRIVERKIT_IOHIDEVENTSERVICETYPES_H

#include <stdint.h>

typedef enum { kIOHIDKeyboardEventOptionsNoKeyRepeat = 1 << 8 } IOHIDKeyboardEventOptions;
typedef enum { kIOHIDPointerEventOptionsNoAcceleration = 1 << 8 } IOHIDPointerEventOptions;
typedef enum { kIOHIDScrollEventOptionsNoAcceleration = 1 << 8 } IOHIDScrollEventOptions;

typedef enum : uint32_t {
    kIOHIDServiceSensorControlDecimation = 1 << 0,
    kIOHIDServiceSensorControlAggregation = 1 << 1,
    kIOHIDServiceSensorControlDispatchControl = 1 << 2
} IOHIDServiceSensorControlOptions;

#endif
