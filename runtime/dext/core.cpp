// The list of connections and what the driver shares among them.
#include "core.h"

#include "client-memory.h"

#include <DriverKit/IOLib.h>

namespace dextgen {

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

uint32_t CoreSubscribers(const Core * core, uint32_t event) {
    uint32_t count = 0;
    for (const Connection * connection : core->clients) {
        if (connection != nullptr && connection->events[event].counted) {
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
    for (uint32_t i = 0; i < core->sharedCount; i++) {
        MemoryRelease(&core->shared[i]);
    }
    IOSafeDeleteNULL(core->shared, ClientMemory, core->sharedCount);
    core->sharedCount = 0;
}

kern_return_t CoreMemory(Core * core, const Interface & interface, uint32_t buffer,
                         ClientMemory * memory) {
    if (core->stopped) {
        return kIOReturnNotReady;
    }
    if (core->shared == nullptr) {
        core->shared = IONewZero(ClientMemory, interface.bufferCount);
        if (core->shared == nullptr) {
            return kIOReturnNoMemory;
        }
        core->sharedCount = interface.bufferCount;
    }
    const kern_return_t status =
        MemoryCreate(&core->shared[buffer], interface.buffers[buffer].size);
    *memory = core->shared[buffer];
    return status;
}

} // namespace dextgen
