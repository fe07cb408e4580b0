// Events on their way to the connections that follow them: rings, and completions where no ring is
// open.
#ifndef DEXTGEN_STREAM_H
#define DEXTGEN_STREAM_H

#include "core.h"

namespace dextgen {

struct Records {
    const void * bytes;
    uint32_t count;
};

/// Sends records of event number `event` of `interface` to everybody who follows it.
void EmitRecords(Core * core, const Interface & interface, uint32_t event, const Records & records);

/// Opens the ring of an event, or starts it anew. A subscription made before is ended.
kern_return_t StreamOpen(Connection * connection, uint32_t event);

/// Ends the ring, then its doorbell. The memory stays until the connection stops.
void StreamClose(Connection * connection, uint32_t event, kern_return_t reason);

/// Rings the doorbell if the app waits and records (or the ring's start) are there to see.
void StreamWake(Connection * connection, uint32_t event);

/// Tells the driver when the number of its followers has changed.
void StreamCount(Connection * connection, uint32_t event);

} // namespace dextgen

#endif
