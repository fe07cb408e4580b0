// What the driver of the calls interface remembers.
#ifndef CALLS_STATE_H
#define CALLS_STATE_H

#include "CallsDriver.h"
#include "CallsDriverCore.h"

/// A buffer: its address is its object value.
struct Buffer {
    uint32_t size;
    uint8_t value;
};

constexpr uint32_t kMaxReleased = 4;

struct CallsDriver_IVars {
    CallsDriverCore core;
    Buffer * largest;
    uint64_t released[kMaxReleased]; // sizes of buffers, numbers of slots, 1000 for the role
    uint32_t releasedCount;
    uint64_t nextSlot;
    uint64_t held[2]; // calls of Measure
    uint32_t heldCount;
    uint64_t opening; // a call of OpenLater
};

#endif
