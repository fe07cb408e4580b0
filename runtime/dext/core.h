// The driver's half: which connections it has, and what they share. A zeroed Core is ready for use.
#ifndef DEXTGEN_CORE_H
#define DEXTGEN_CORE_H

#include "connection.h"

namespace dextgen {

struct Core {
    OSObject * driver;     // borrowed: the Core lies in it
    Connection ** clients; // attached connections; the user clients own them
    uint32_t capacity;     // of `clients`; made when the first attaches
    OwnedMemory * shared;  // what was needed so far of the shared buffers
    uint32_t bound;        // user clients that exist; atomic, since they are freed on any thread
    uint32_t generation;   // of the asynchronous call begun last
    bool stopped;
    uint8_t states[kMaxMachines];  // of the state machines that the driver has one of
    Connection * roles[kMaxRoles]; // who has each
};

/// Counts a user client in; false when the driver has as many as it may.
bool CoreBind(Core * core, uint32_t maximum);
void CoreUnbind(Core * core);
bool CoreIsFull(const Core * core, uint32_t maximum);

/// A place among the attached connections; false when there is none.
bool CoreAdd(Core * core, Connection * connection);
void CoreRemove(Core * core, Connection * connection);

/// What the driver keeps for a client that has called; null for any other.
void * CoreContext(const Core * core, const IOUserClient * client);
void CoreSetContext(Core * core, const IOUserClient * client, void * context);

/// The state of a machine: a client's own, or without a client the one that the driver has for all.
uint32_t CoreState(Core * core, const IOUserClient * client, uint32_t machine);
void CoreSetState(Core * core, const IOUserClient * client, uint32_t machine, uint32_t state);

/// The object is no more: its handle names nothing from now on.
void CoreForget(Core * core, const IOUserClient * client, uint32_t type, uint64_t object);

/// The object of a handle of that client; false when it names nothing.
bool CoreFind(Core * core, const IOUserClient * client, uint32_t type, uint64_t handle,
              uint64_t * object);

/// The handle of an object, made when it has none; 0 when there is no room, or no such client.
uint64_t CoreMake(Core * core, const IOUserClient * client, uint32_t type, uint64_t object);

/// Connections that follow an event of their interface.
uint32_t CoreSubscribers(const Core * core, const Interface & interface, uint32_t event);

/// Settles every connection with `reason`, forgets them and releases what they share.
void CoreStop(Core * core, kern_return_t reason);

} // namespace dextgen

#endif
