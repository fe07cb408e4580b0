// A handle is a generation above an index: a place that was used again does not answer to an old
// number.
#include "handles.h"

#include "call.h"

#include <DriverKit/IOLib.h>
#include <string.h>

namespace dextgen {

namespace {

constexpr uint32_t kFirstCapacity = 8;

uint32_t IndexBits(const HandleType & type) {
    return type.is32 ? 16 : 32;
}

uint64_t Number(const HandleType & type, const HandleEntry & entry, uint32_t index) {
    const uint32_t bits = IndexBits(type);
    const uint64_t generation =
        type.is32 ? static_cast<uint16_t>(entry.generation) : entry.generation;
    return generation << bits | (static_cast<uint64_t>(index) + 1);
}

/// The place that a number names; null when it was never given out, or not any more.
HandleEntry * Locate(const HandleTable & table, const HandleType & type, uint64_t handle) {
    const uint64_t mask = (UINT64_C(1) << IndexBits(type)) - 1;
    const uint64_t place = handle & mask;
    if (place == 0 || place > table.capacity) {
        return nullptr;
    }
    const uint32_t index = static_cast<uint32_t>(place - 1);
    HandleEntry * entry = &table.entries[index];
    return entry->order != 0 && Number(type, *entry, index) == handle ? entry : nullptr;
}

/// The table doubles until it has as many places as the schema allows.
bool Grow(HandleTable * table, const HandleType & type) {
    const uint32_t wanted = table->capacity == 0 ? kFirstCapacity : table->capacity * 2;
    const uint32_t capacity = wanted < type.max ? wanted : type.max;
    if (capacity <= table->capacity) {
        return false;
    }
    HandleEntry * entries = IONewZero(HandleEntry, capacity);
    if (entries == nullptr) {
        return false;
    }
    if (table->capacity > 0) {
        memcpy(entries, table->entries, table->capacity * sizeof(HandleEntry));
        IODelete(table->entries, HandleEntry, table->capacity);
    }
    for (uint32_t i = capacity; i > table->capacity; i--) {
        entries[i - 1].older = table->free;
        table->free = i;
    }
    table->entries = entries;
    table->capacity = capacity;
    return true;
}

bool Reserve(HandleTable * table, const HandleType & type, uint32_t places) {
    while (table->capacity - table->count < places) {
        if (!Grow(table, type)) {
            return false;
        }
    }
    return true;
}

/// Handles of the slot's kind that the call creates, up to and with that slot.
uint32_t Creations(const Method & method, uint32_t last) {
    uint32_t count = 0;
    for (uint32_t i = 0; i <= last; i++) {
        const HandleSlot & slot = method.handles[i];
        const bool same = slot.type == method.handles[last].type;
        count += same && slot.use == HandleUse::Creates ? 1 : 0;
    }
    return count;
}

uint64_t Add(Connection * connection, uint32_t type, uint64_t object) {
    HandleTable * table = &connection->handles[type];
    const uint32_t place = table->free;
    HandleEntry * entry = &table->entries[place - 1];
    table->free = entry->older;
    entry->object = object;
    entry->order = ++connection->handleOrder;
    entry->generation++;
    entry->newer = 0;
    entry->older = table->newest;
    if (table->newest != 0) {
        table->entries[table->newest - 1].newer = place;
    }
    table->newest = place;
    table->count++;
    return Number(connection->interface->handles[type], *entry, place - 1);
}

void Remove(HandleTable * table, HandleEntry * entry) {
    const uint32_t place = static_cast<uint32_t>(entry - table->entries) + 1;
    if (entry->newer != 0) {
        table->entries[entry->newer - 1].older = entry->older;
    } else {
        table->newest = entry->older;
    }
    if (entry->older != 0) {
        table->entries[entry->older - 1].newer = entry->newer;
    }
    entry->order = 0;
    entry->object = 0;
    entry->older = table->free;
    table->free = place;
    table->count--;
}

HandleEntry * EntryOf(const HandleTable & table, uint64_t object) {
    for (uint32_t place = table.newest; place != 0; place = table.entries[place - 1].older) {
        if (table.entries[place - 1].object == object) {
            return &table.entries[place - 1];
        }
    }
    return nullptr;
}

void Release(Connection * connection, uint32_t type, HandleEntry * entry) {
    const uint64_t object = entry->object;
    // Before the driver hears of it: what it does then may look at the table.
    Remove(&connection->handles[type], entry);
    connection->interface->handles[type].release(connection->driver, connection->client, object);
}

} // namespace

bool HandlesEnter(Call * call, Fault * fault) {
    const Method & method = *call->method;
    for (uint32_t i = 0; i < method.handleCount; i++) {
        const HandleSlot & slot = method.handles[i];
        const HandleType & type = call->connection->interface->handles[slot.type];
        HandleTable * table = &call->connection->handles[slot.type];
        if (slot.use == HandleUse::Creates) {
            if (!Reserve(table, type, Creations(method, i))) {
                *fault = {.argument = kDextgenArgumentScalarOutput,
                          .rule = kDextgenRuleQuota,
                          .limit = type.max,
                          .actual = table->count};
                return false;
            }
        } else if (slot.use != HandleUse::Returns && slot.index < call->inCount) {
            const uint64_t handle = call->in[slot.index];
            const HandleEntry * entry = Locate(*table, type, handle);
            if (entry == nullptr) {
                *fault = {.argument = slot.index,
                          .rule = kDextgenRuleHandle,
                          .limit = 0,
                          .actual = handle};
                return false;
            }
            call->handles[slot.index] = handle;
            call->in[slot.index] = entry->object;
        }
    }
    return true;
}

bool HandlesResolve(Call * call) {
    const Method & method = *call->method;
    for (uint32_t i = 0; i < method.handleCount; i++) {
        const HandleSlot & slot = method.handles[i];
        if (slot.use == HandleUse::Returns) {
            uint64_t * word = &call->out[slot.index];
            *word = HandleOf(*call->connection, slot.type, *word);
            if (*word == 0) {
                return false;
            }
        }
    }
    return true;
}

void HandlesLeave(Call * call) {
    const Method & method = *call->method;
    Connection * connection = call->connection;
    for (uint32_t i = 0; i < method.handleCount; i++) {
        const HandleSlot & slot = method.handles[i];
        if (slot.use == HandleUse::Closes && slot.index < call->inCount) {
            const HandleType & type = connection->interface->handles[slot.type];
            HandleEntry * entry =
                Locate(connection->handles[slot.type], type, call->handles[slot.index]);
            if (entry != nullptr) { // unless the hook forgot it
                Release(connection, slot.type, entry);
            }
        } else if (slot.use == HandleUse::Creates) {
            call->out[slot.index] = Add(connection, slot.type, call->out[slot.index]);
        }
    }
}

void HandlesAbandon(Call * call) {
    const Connection & connection = *call->connection;
    for (uint32_t i = 0; i < call->method->handleCount; i++) {
        const HandleSlot & slot = call->method->handles[i];
        if (slot.use == HandleUse::Creates) {
            connection.interface->handles[slot.type].release(connection.driver, connection.client,
                                                             call->out[slot.index]);
        }
    }
}

bool HandleFind(const Connection & connection, uint32_t type, uint64_t handle, uint64_t * object) {
    const HandleEntry * entry =
        Locate(connection.handles[type], connection.interface->handles[type], handle);
    *object = entry != nullptr ? entry->object : 0;
    return entry != nullptr;
}

uint64_t HandleOf(const Connection & connection, uint32_t type, uint64_t object) {
    const HandleTable & table = connection.handles[type];
    const HandleEntry * entry = EntryOf(table, object);
    return entry == nullptr ? 0
                            : Number(connection.interface->handles[type], *entry,
                                     static_cast<uint32_t>(entry - table.entries));
}

void HandleForget(Connection * connection, uint32_t type, uint64_t object) {
    HandleEntry * entry = EntryOf(connection->handles[type], object);
    if (entry != nullptr) {
        Remove(&connection->handles[type], entry);
    }
}

void HandlesRelease(Connection * connection) {
    const uint32_t types =
        connection->handles != nullptr ? connection->interface->handleTypeCount : 0;
    for (;;) {
        HandleEntry * newest = nullptr;
        uint32_t type = 0;
        for (uint32_t t = 0; t < types; t++) {
            const HandleTable & table = connection->handles[t];
            HandleEntry * entry = table.newest != 0 ? &table.entries[table.newest - 1] : nullptr;
            if (entry != nullptr && (newest == nullptr || entry->order > newest->order)) {
                newest = entry;
                type = t;
            }
        }
        if (newest == nullptr) {
            return;
        }
        Release(connection, type, newest);
    }
}

void HandlesFree(Connection * connection) {
    if (connection->handles == nullptr) {
        return;
    }
    for (uint32_t t = 0; t < connection->interface->handleTypeCount; t++) {
        HandleTable * table = &connection->handles[t];
        IOSafeDeleteNULL(table->entries, HandleEntry, table->capacity);
    }
    IOSafeDeleteNULL(connection->handles, HandleTable, connection->interface->handleTypeCount);
}

} // namespace dextgen
