// A connection from its first call to its end. Stop is the only notice that a client has gone
// (contract §4.5).
#include "connection.h"

#include "async-call.h"
#include "client-memory.h"
#include "feed.h"
#include "guard.h"
#include "stream.h"
#include "subscription.h"

#include <DriverKit/IOLib.h>

namespace dextgen {

namespace {

void Detach(Connection * connection) {
    if (!connection->attached) {
        return;
    }
    connection->attached = false;
    CoreRemove(connection->core, connection);
    for (uint32_t i = 0; i < connection->interface->eventCount; i++) {
        StreamCount(connection, i);
    }
    for (uint32_t i = 0; i < connection->interface->feedCount; i++) {
        FeedCount(connection, i);
    }
}

void ReleaseMemory(Connection * connection) {
    for (uint32_t i = 0; connection->events != nullptr && i < connection->interface->eventCount;
         i++) {
        EventState * state = &connection->events[i];
        MemoryRelease(&state->ring);
        MemoryRelease(&state->control);
        if (state->scratch != nullptr) {
            IOFree(state->scratch, state->scratchBytes);
            state->scratch = nullptr;
        }
    }
    MemoryReleaseAll(&connection->memory);
}

} // namespace

kern_return_t ConnectionStart(Connection * connection, const Interface & interface,
                              const Parties & parties) {
    connection->interface = &interface;
    connection->core = parties.core;
    connection->driver = parties.driver;
    connection->client = parties.client;
    if (interface.eventCount > 0 && connection->events == nullptr) {
        connection->events = IONewZero(EventState, interface.eventCount);
    }
    if (interface.handleTypeCount > 0 && connection->handles == nullptr) {
        connection->handles = IONewZero(HandleTable, interface.handleTypeCount);
    }
    if (interface.feedCount > 0 && connection->feeds == nullptr) {
        connection->feeds = IONewZero(FeedState, interface.feedCount);
    }
    const bool complete = (interface.eventCount == 0 || connection->events != nullptr) &&
                          (interface.handleTypeCount == 0 || connection->handles != nullptr) &&
                          (interface.feedCount == 0 || connection->feeds != nullptr);
    return complete ? kIOReturnSuccess : kIOReturnNoMemory;
}

kern_return_t ConnectionAttach(Connection * connection) {
    if (connection->attached) {
        return kIOReturnSuccess;
    }
    if (connection->closed || connection->core == nullptr || connection->core->stopped) {
        return kIOReturnNotReady;
    }
    connection->core->driver = connection->driver;
    if (!CoreAdd(connection->core, connection)) {
        return kIOReturnNoResources;
    }
    const Interface & interface = *connection->interface;
    const kern_return_t status =
        interface.clientOpened != nullptr
            ? interface.clientOpened(connection->driver, connection->client)
            : kIOReturnSuccess;
    connection->attached = status == kIOReturnSuccess;
    if (!connection->attached) {
        CoreRemove(connection->core, connection);
    }
    return status;
}

void ConnectionSettle(Connection * connection, kern_return_t reason) {
    PendingSettle(connection, reason);
    for (uint32_t i = 0; i < connection->interface->eventCount; i++) {
        StreamClose(connection, i, reason);
        SubscriptionEnd(connection, i, reason);
    }
    for (uint32_t i = 0; i < connection->interface->feedCount; i++) {
        FeedEnd(connection, i, reason);
    }
    HandlesRelease(connection);
    GuardRelease(connection);
    if (connection->interface->clientClosed != nullptr) {
        connection->interface->clientClosed(connection->driver, connection->client);
    }
}

void ConnectionStop(Connection * connection) {
    if (connection->closed) {
        return;
    }
    connection->closed = true;
    if (connection->attached) {
        ConnectionSettle(connection, kIOReturnAborted);
        Detach(connection);
    }
    ReleaseMemory(connection);
}

void ConnectionFree(Connection * connection) {
    if (connection->interface == nullptr) {
        return;
    }
    ConnectionStop(connection);
    HandlesFree(connection);
    IOSafeDeleteNULL(connection->events, EventState, connection->interface->eventCount);
    for (uint32_t i = 0; connection->feeds != nullptr && i < connection->interface->feedCount;
         i++) {
        FeedFree(connection, i);
    }
    IOSafeDeleteNULL(connection->feeds, FeedState, connection->interface->feedCount);
}

} // namespace dextgen
