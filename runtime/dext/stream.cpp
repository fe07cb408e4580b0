// Fan-out of records. One batch costs each connection one copy and at most one doorbell.
#include "stream.h"

#include "client-memory.h"
#include "subscription.h"

#include <DriverKit/IOLib.h>
#include <string.h>

namespace dextgen {

namespace {

constexpr uint32_t kScratch = 4096;

uint32_t ScratchRecords(const Event & event) {
    return event.payloadSize < kScratch ? kScratch / event.payloadSize : 1;
}

/// An event without padding needs none.
kern_return_t MakeScratch(const Event & event, EventState * state) {
    if (event.layout == nullptr || state->scratch != nullptr) {
        return kIOReturnSuccess;
    }
    state->scratchBytes = static_cast<size_t>(ScratchRecords(event)) * event.payloadSize;
    state->scratch = static_cast<uint8_t *>(IOMallocZero(state->scratchBytes));
    return state->scratch != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

void Broken(Connection * connection, uint32_t index) {
    StreamClose(connection, index, kIOReturnBadArgument);
    StreamCount(connection, index);
}

/// False when the ring had to be closed.
bool WriteRing(Connection * connection, uint32_t index, const uint8_t * records, uint32_t count) {
    EventState * state = &connection->events[index];
    const RingResult result = RingWrite(&state->writer, records, count);
    connection->statistics.records += result.written;
    connection->statistics.lost += result.lost;
    state->subscription.lost += result.lost;
    if (result.broken) {
        Broken(connection, index);
        return false;
    }
    return true;
}

/// Through a copy whose padding is zero: an app can see a ring's record before it counts as
/// written.
bool WriteScrubbed(Connection * connection, uint32_t index, const uint8_t * records,
                   uint32_t count) {
    const Event & event = connection->interface->events[index];
    uint8_t * scratch = connection->events[index].scratch;
    const uint32_t chunk = ScratchRecords(event);
    while (count > 0) {
        const uint32_t now = count < chunk ? count : chunk;
        memcpy(scratch, records, static_cast<size_t>(now) * event.payloadSize);
        for (uint32_t i = 0; i < now; i++) {
            ClearPadding(*event.layout, scratch + static_cast<size_t>(i) * event.payloadSize);
        }
        if (!WriteRing(connection, index, scratch, now)) {
            return false;
        }
        records += static_cast<size_t>(now) * event.payloadSize;
        count -= now;
    }
    return true;
}

void EmitToRing(Connection * connection, uint32_t index, const uint8_t * records, uint32_t count) {
    const Event & event = connection->interface->events[index];
    const bool open = event.layout == nullptr ? WriteRing(connection, index, records, count)
                                              : WriteScrubbed(connection, index, records, count);
    if (open) {
        StreamWake(connection, index);
    }
}

void EmitToSubscription(Connection * connection, uint32_t index, const uint8_t * records,
                        uint32_t count) {
    const uint32_t size = connection->interface->events[index].payloadSize;
    for (uint32_t i = 0; i < count; i++) {
        SubscriptionDeliver(connection, index, records + static_cast<size_t>(i) * size);
    }
}

} // namespace

void EmitRecords(Core * core, const Interface & interface, uint32_t event,
                 const Records & records) {
    const uint8_t * bytes = static_cast<const uint8_t *>(records.bytes);
    const uint32_t count = records.count;
    if (count == 0) {
        return;
    }
    for (uint32_t i = 0; i < core->capacity; i++) {
        Connection * connection = core->clients[i];
        if (connection == nullptr || connection->interface != &interface) {
            continue;
        }
        const EventState & state = connection->events[event];
        if (state.ringOpen) {
            EmitToRing(connection, event, bytes, count);
        } else if (state.subscription.action != nullptr) {
            EmitToSubscription(connection, event, bytes, count);
        }
    }
}

kern_return_t StreamOpen(Connection * connection, uint32_t index) {
    const Event & event = connection->interface->events[index];
    EventState * state = &connection->events[index];
    const RingShape shape = {.recordSize = event.payloadSize,
                             .capacity = event.capacity,
                             .policy = event.policy,
                             .eventId = event.id};
    kern_return_t status = MemoryCreate(&state->ring, RingBytes(shape));
    if (status == kIOReturnSuccess) {
        status = MemoryCreate(&state->control, sizeof(DextgenRingControl));
    }
    if (status == kIOReturnSuccess) {
        status = MakeScratch(event, state);
    }
    if (status != kIOReturnSuccess) {
        return status;
    }
    StreamClose(connection, index, kIOReturnAborted);
    SubscriptionEnd(connection, index, kIOReturnAborted);
    RingStart(&state->writer, state->ring.address, state->control.address, shape);
    state->ringOpen = true;
    return kIOReturnSuccess;
}

void StreamClose(Connection * connection, uint32_t index, kern_return_t reason) {
    EventState * state = &connection->events[index];
    if (!state->ringOpen) {
        return;
    }
    // The state first: who hears the final completion finds the ring closed.
    RingEnd(&state->writer, static_cast<uint32_t>(reason));
    state->ringOpen = false;
    SubscriptionEnd(connection, index, reason);
}

void StreamWake(Connection * connection, uint32_t index) {
    EventState * state = &connection->events[index];
    uint32_t arming = 0;
    // Without a doorbell the arming stays unanswered, until one is there (SubscriptionBegin's
    // caller asks again).
    if (state->subscription.action == nullptr || !RingIsArmed(&state->writer, &arming)) {
        return;
    }
    RingAnswer(&state->writer, arming);
    const uint64_t lost = state->subscription.lost;
    state->subscription.lost = 0;
    SubscriptionRing(connection, index, arming, lost);
}

void StreamCount(Connection * connection, uint32_t index) {
    EventState * state = &connection->events[index];
    const bool counts =
        connection->attached && (state->ringOpen || state->subscription.action != nullptr);
    if (counts == state->counted) {
        return;
    }
    state->counted = counts;
    if (!connection->core->stopped) {
        connection->interface->events[index].notify(
            connection->driver, CoreSubscribers(connection->core, *connection->interface, index));
    }
}

} // namespace dextgen
