// A handle is a generation above an index: a place that was used again does not answer to an old
// number.
#include "handles.h"

#include "connection.h"

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

bool IsHandle(const void * owner, uint32_t type, uint64_t handle) {
    uint64_t object = 0;
    return HandleFind(*static_cast<const Connection *>(owner), type, handle, &object);
}

void Release(Connection * connection, uint32_t type, HandleEntry * entry) {
    const uint64_t object = entry->object;
    // Before the driver hears of it: what it does then may look at the table.
    Remove(&connection->handles[type], entry);
    connection->interface->handles[type].release(connection->driver, connection->client, object);
}

/// The newest handle of one kind, or the newest since `order` that no answer told an app of.
HandleEntry * Newest(const HandleTable & table, uint64_t order, bool told) {
    uint32_t place = table.newest;
    while (place != 0 && table.entries[place - 1].told && !told) {
        place = table.entries[place - 1].older;
    }
    HandleEntry * entry = place != 0 ? &table.entries[place - 1] : nullptr;
    return entry != nullptr && entry->order > order ? entry : nullptr;
}

/// False when there was none left.
bool ReleaseNewest(Connection * connection, uint64_t order, bool told) {
    const uint32_t types =
        connection->handles != nullptr ? connection->interface->handleTypeCount : 0;
    HandleEntry * newest = nullptr;
    uint32_t type = 0;
    for (uint32_t t = 0; t < types; t++) {
        const uint64_t least = newest != nullptr ? newest->order : order;
        HandleEntry * entry = Newest(connection->handles[t], least, told);
        if (entry != nullptr) {
            newest = entry;
            type = t;
        }
    }
    if (newest != nullptr) {
        Release(connection, type, newest);
    }
    return newest != nullptr;
}

} // namespace

bool HandleHasRoom(HandleTable * table, const HandleType & type) {
    return Reserve(table, type, table->held + 1);
}

uint64_t HandleAdd(Connection * connection, uint32_t type, uint64_t object) {
    HandleTable * table = &connection->handles[type];
    const uint32_t place = table->free;
    HandleEntry * entry = &table->entries[place - 1];
    table->free = entry->older;
    entry->object = object;
    entry->order = ++connection->handleOrder;
    entry->generation++;
    entry->told = false;
    entry->newer = 0;
    entry->older = table->newest;
    if (table->newest != 0) {
        table->entries[table->newest - 1].newer = place;
    }
    table->newest = place;
    table->count++;
    return Number(connection->interface->handles[type], *entry, place - 1);
}

void HandleRelease(Connection * connection, uint32_t type, uint64_t handle) {
    HandleEntry * entry =
        Locate(connection->handles[type], connection->interface->handles[type], handle);
    if (entry != nullptr) {
        Release(connection, type, entry);
    }
}

void HandlesUndo(Connection * connection, uint64_t order) {
    const uint32_t types = connection->handles != nullptr && connection->handleOrder != order
                               ? connection->interface->handleTypeCount
                               : 0;
    for (uint32_t t = 0; t < types; t++) {
        HandleTable * table = &connection->handles[t];
        for (HandleEntry * entry = Newest(*table, order, false); entry != nullptr;
             entry = Newest(*table, order, false)) {
            Remove(table, entry);
        }
    }
}

void HandleTold(Connection * connection, uint32_t type, uint64_t handle) {
    HandleEntry * entry =
        Locate(connection->handles[type], connection->interface->handles[type], handle);
    if (entry != nullptr) {
        entry->told = true;
    }
}

HandleLookup HandlesOf(const Connection * connection) {
    return {.owner = connection, .isHandle = IsHandle};
}

uint64_t HandleMake(Connection * connection, uint32_t type, uint64_t object) {
    const uint64_t handle = HandleOf(*connection, type, object);
    if (handle != 0) {
        return handle;
    }
    const bool room =
        HandleHasRoom(&connection->handles[type], connection->interface->handles[type]);
    return room ? HandleAdd(connection, type, object) : 0;
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
    while (ReleaseNewest(connection, 0, true)) {
    }
}

void HandlesRevoke(Connection * connection, uint64_t order) {
    while (ReleaseNewest(connection, order, false)) {
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
