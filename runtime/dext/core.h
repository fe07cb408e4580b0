// The driver's half: which connections it has, and what they share. A zeroed Core is ready for use.
#ifndef DEXTGEN_CORE_H
#define DEXTGEN_CORE_H

#include "connection.h"

namespace dextgen {

/// Memory of a shared buffer, in a list: user clients of several classes may share one driver.
struct SharedMemory {
    SharedMemory * next;
    const Buffer * buffer;
    ClientMemory memory;
};

struct Core {
    Connection * clients[kMaxClients]; // attached connections; the user clients own them
    SharedMemory * shared;             // what was needed so far
    uint32_t bound;      // user clients that exist; atomic, since they are freed on any thread
    uint32_t generation; // of the asynchronous call begun last
    bool stopped;
};

/// Counts a user client in; false when the driver has as many as it may.
bool CoreBind(Core * core);
void CoreUnbind(Core * core);
bool CoreIsFull(const Core * core);

/// Connections that follow an event of their interface.
uint32_t CoreSubscribers(const Core * core, const Interface & interface, uint32_t event);

/// Settles every connection with `reason`, forgets them and releases what they share.
void CoreStop(Core * core, kern_return_t reason);

/// Memory of a shared buffer, made at the first request.
kern_return_t CoreMemory(Core * core, const Interface & interface, uint32_t buffer,
                         ClientMemory * memory);

} // namespace dextgen

#endif
