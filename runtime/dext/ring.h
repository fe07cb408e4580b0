// Writes records into a ring that an app maps read-only (dextgen_wire.h has the layout).
// Depends on nothing of DriverKit: who owns the memory and who sends the doorbell is stream.h's.
#ifndef DEXTGEN_RING_H
#define DEXTGEN_RING_H

#include "dextgen_wire.h"

namespace dextgen {

struct RingShape {
    uint32_t recordSize;
    uint32_t capacity; // records; a power of two
    uint32_t policy;   // kDextgenPolicy…
    uint32_t eventId;
};

/// The driver's own view. Nothing in it is ever read back from memory that an app can write.
struct RingWriter {
    DextgenRingHeader * header;
    const DextgenRingControl * control; // the app's page: hostile
    uint8_t * records;
    uint64_t written;
    uint64_t lost;
    RingShape shape;
    uint32_t answered; // the arming that was answered last
};

struct RingResult {
    uint32_t written;
    uint32_t lost;
    bool broken; // the app's indices are impossible: end the ring
};

/// Bytes of header and records, without rounding to pages.
uint64_t RingBytes(const RingShape & shape);

/// `memory` has RingBytes bytes and `control` one line; both live until the ring has ended.
void RingStart(RingWriter * ring, void * memory, const void * control, const RingShape & shape);

/// Appends `count` records. An overwriting ring takes them all; a bounded one takes what fits.
RingResult RingWrite(RingWriter * ring, const void * records, uint32_t count);

/// True when the app waits for a wake-up that it has not had; call it after the records were
/// written.
bool RingIsArmed(const RingWriter * ring, uint32_t * arming);

/// Remembers that `arming` was answered, so that it is answered once.
void RingAnswer(RingWriter * ring, uint32_t arming);

/// `reason` is the IOReturn that the app's stream ends with.
void RingEnd(RingWriter * ring, uint32_t reason);

} // namespace dextgen

#endif
