// The state of one connection: what a user client owns, and what ends with it.
// All of it is used on the driver's queue only, which the user client shares (contract §9.6).
#ifndef DEXTGEN_CONNECTION_H
#define DEXTGEN_CONNECTION_H

#include "handles.h"
#include "interface.h"
#include "ring.h"

class IOMemoryDescriptor;

namespace dextgen {

struct Core;

/// One descriptor with its address in the dext; the same instance for as long as its owner lives
/// (contract §2.2).
struct ClientMemory {
    IOMemoryDescriptor * descriptor;
    void * address; // null for what the driver supplied
};

/// The memory of a buffer, by the type that it was asked for with; in a list of its owner.
struct OwnedMemory {
    OwnedMemory * next;
    const Buffer * buffer;
    uint64_t type;
    ClientMemory memory;
};

/// A retained completion that many events go through.
struct Subscription {
    OSAction * action; // retained; null when there is none
    uint64_t id;
    bool doorbell;
    uint32_t outstanding; // completions sent and not yet acknowledged
    uint64_t lost;        // since the last completion
    uint64_t * queue;     // payloads that wait for an acknowledgement; drop-oldest only
    uint32_t queueHead;
    uint32_t queueCount;
};

struct EventState {
    Subscription subscription;
    ClientMemory ring; // kept after a close: an app may unmap late
    ClientMemory control;
    RingWriter writer;
    uint8_t * scratch; // records without their padding, on the way into the ring
    size_t scratchBytes;
    bool ringOpen;
    bool counted; // as one of the event's subscribers
};

/// What one completion of a feed says.
struct FeedCompletion {
    uint32_t event; // id
    uint32_t count;
    uint64_t words[kDextgenMaxCompletionWords];
};

struct FeedState {
    OSAction * action; // retained; null when there is none
    bool following;    // since the call that began it, with or without a completion at the moment
    bool counted;      // as one of the feed's followers
    uint64_t lost;     // since the last completion
    FeedCompletion * queue; // of a re-armed feed; kept until the connection is freed
    uint32_t queueHead;
    uint32_t queueCount;
};

/// An asynchronous call that the driver has not answered yet.
struct PendingCall {
    OSAction * completion; // retained; null when the slot is free
    uint32_t generation;
    const Method * method;
};

struct Statistics {
    uint64_t calls;
    uint64_t rejections;
    uint64_t completions;
    uint64_t lost;
    uint64_t records;
};

struct Connection {
    const Interface * interface;
    Core * core;
    OSObject * driver; // borrowed: the user client retains it
    IOUserClient * client;
    bool attached;
    bool closed;
    uint32_t index; // in the core while attached
    uint32_t subscriptionGeneration;
    uint64_t rejectedSelector;
    Fault rejection;
    Statistics statistics;
    EventState * events;  // one per event of the interface
    FeedState * feeds;    // one per feed of the interface
    OwnedMemory * memory; // what was needed so far of its own buffers
    PendingCall calls[kMaxPendingCalls];
    uint8_t states[kMaxMachines]; // of the state machines that each connection has
    uint64_t entitlements;        // a bit for each of the interface's that the app has
    bool entitlementsRead;
    HandleTable * handles; // one per kind of the interface
    uint64_t handleOrder;  // of the handle made last
    void * context;        // the driver's own
};

struct Parties {
    Core * core;
    OSObject * driver;
    IOUserClient * client;
};

/// Prepares a zeroed connection. Touches no state of the driver: it may run on any queue.
kern_return_t ConnectionStart(Connection * connection, const Interface & interface,
                              const Parties & parties);

/// Makes the connection known to its driver; every entry from the app begins with it.
kern_return_t ConnectionAttach(Connection * connection);

/// Settles what is open: calls, subscriptions, rings. Each ends with `reason`. The memory stays.
void ConnectionSettle(Connection * connection, kern_return_t reason);

/// Settles with kIOReturnAborted and releases everything. A second call does nothing.
void ConnectionStop(Connection * connection);

/// Frees what ConnectionStart allocated, for a user client that is being freed.
void ConnectionFree(Connection * connection);

} // namespace dextgen

#endif
