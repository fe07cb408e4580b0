// The list of connections and what the driver shares among them.
#include "core.h"

#include "client-memory.h"

#include <DriverKit/IOLib.h>

namespace dextgen {

namespace {

/// The entry of a buffer, new and empty the first time; null without memory.
SharedMemory * FindShared(Core * core, const Buffer * buffer) {
    for (SharedMemory * shared = core->shared; shared != nullptr; shared = shared->next) {
        if (shared->buffer == buffer) {
            return shared;
        }
    }
    SharedMemory * shared = IONewZero(SharedMemory, 1);
    if (shared != nullptr) {
        shared->next = core->shared;
        shared->buffer = buffer;
        core->shared = shared;
    }
    return shared;
}

} // namespace

bool CoreBind(Core * core) {
    uint32_t bound = __atomic_load_n(&core->bound, __ATOMIC_RELAXED);
    while (bound < kMaxClients) {
        if (__atomic_compare_exchange_n(&core->bound, &bound, bound + 1, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return false;
}

void CoreUnbind(Core * core) {
    __atomic_fetch_sub(&core->bound, 1, __ATOMIC_RELAXED);
}

bool CoreIsFull(const Core * core) {
    return __atomic_load_n(&core->bound, __ATOMIC_RELAXED) >= kMaxClients;
}

uint32_t CoreSubscribers(const Core * core, const Interface & interface, uint32_t event) {
    uint32_t count = 0;
    for (const Connection * connection : core->clients) {
        if (connection != nullptr && connection->interface == &interface &&
            connection->events[event].counted) {
            count++;
        }
    }
    return count;
}

void CoreStop(Core * core, kern_return_t reason) {
    core->stopped = true;
    for (Connection *& connection : core->clients) {
        if (connection != nullptr) {
            ConnectionSettle(connection, reason);
            connection->attached = false;
            connection = nullptr;
        }
    }
    while (core->shared != nullptr) {
        SharedMemory * shared = core->shared;
        core->shared = shared->next;
        MemoryRelease(&shared->memory);
        IOSafeDeleteNULL(shared, SharedMemory, 1);
    }
}

kern_return_t CoreMemory(Core * core, const Interface & interface, uint32_t buffer,
                         ClientMemory * memory) {
    if (core->stopped) {
        return kIOReturnNotReady;
    }
    SharedMemory * shared = FindShared(core, &interface.buffers[buffer]);
    if (shared == nullptr) {
        return kIOReturnNoMemory;
    }
    const kern_return_t status = MemoryCreate(&shared->memory, shared->buffer->size);
    *memory = shared->memory;
    return status;
}

} // namespace dextgen
