// The list of connections and what the driver shares among them.
#include "core.h"

#include "client-memory.h"

#include <DriverKit/IOLib.h>

namespace dextgen {

namespace {

/// The connection of a user client; null when it has called nothing yet, or is gone.
Connection * FindClient(const Core & core, const IOUserClient * client) {
    for (uint32_t i = 0; i < core.capacity; i++) {
        if (core.clients[i] != nullptr && core.clients[i]->client == client) {
            return core.clients[i];
        }
    }
    return nullptr;
}

/// One for all, or a client's own; null for a client that is not there.
uint8_t * FindState(Core * core, const IOUserClient * client, uint32_t machine) {
    if (client == nullptr) {
        return &core->states[machine];
    }
    Connection * connection = FindClient(*core, client);
    return connection != nullptr ? &connection->states[machine] : nullptr;
}

} // namespace

bool CoreBind(Core * core, uint32_t maximum) {
    uint32_t bound = __atomic_load_n(&core->bound, __ATOMIC_RELAXED);
    while (bound < maximum) {
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

bool CoreIsFull(const Core * core, uint32_t maximum) {
    return __atomic_load_n(&core->bound, __ATOMIC_RELAXED) >= maximum;
}

bool CoreAdd(Core * core, Connection * connection) {
    if (core->clients == nullptr) {
        core->clients = IONewZero(Connection *, connection->interface->maxClients);
        core->capacity = core->clients != nullptr ? connection->interface->maxClients : 0;
    }
    for (uint32_t i = 0; i < core->capacity; i++) {
        if (core->clients[i] == nullptr) {
            core->clients[i] = connection;
            connection->index = i;
            return true;
        }
    }
    return false;
}

void CoreRemove(Core * core, Connection * connection) {
    core->clients[connection->index] = nullptr;
}

void * CoreContext(const Core * core, const IOUserClient * client) {
    const Connection * connection = FindClient(*core, client);
    return connection != nullptr ? connection->context : nullptr;
}

void CoreSetContext(Core * core, const IOUserClient * client, void * context) {
    Connection * connection = FindClient(*core, client);
    if (connection != nullptr) {
        connection->context = context;
    }
}

uint32_t CoreState(Core * core, const IOUserClient * client, uint32_t machine) {
    const uint8_t * state = FindState(core, client, machine);
    return state != nullptr ? *state : 0;
}

void CoreSetState(Core * core, const IOUserClient * client, uint32_t machine, uint32_t state) {
    uint8_t * place = FindState(core, client, machine);
    if (place != nullptr) {
        *place = static_cast<uint8_t>(state % kMaxStates);
    }
}

void CoreForget(Core * core, const IOUserClient * client, uint32_t type, uint64_t object) {
    Connection * connection = FindClient(*core, client);
    if (connection != nullptr) {
        HandleForget(connection, type, object);
    }
}

bool CoreFind(Core * core, const IOUserClient * client, uint32_t type, uint64_t handle,
              uint64_t * object) {
    const Connection * connection = FindClient(*core, client);
    *object = 0;
    return connection != nullptr && HandleFind(*connection, type, handle, object);
}

uint64_t CoreMake(Core * core, const IOUserClient * client, uint32_t type, uint64_t object) {
    Connection * connection = FindClient(*core, client);
    return connection != nullptr ? HandleMake(connection, type, object) : 0;
}

uint32_t CoreSubscribers(const Core * core, const Interface & interface, uint32_t event) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < core->capacity; i++) {
        const Connection * connection = core->clients[i];
        if (connection != nullptr && connection->interface == &interface &&
            connection->events[event].counted) {
            count++;
        }
    }
    return count;
}

void CoreStop(Core * core, kern_return_t reason) {
    core->stopped = true;
    for (uint32_t i = 0; i < core->capacity; i++) {
        Connection * connection = core->clients[i];
        if (connection != nullptr) {
            ConnectionSettle(connection, reason);
            connection->attached = false;
            core->clients[i] = nullptr;
        }
    }
    IOSafeDeleteNULL(core->clients, Connection *, core->capacity);
    core->capacity = 0;
    MemoryReleaseAll(&core->shared);
}

} // namespace dextgen
