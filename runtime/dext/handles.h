// Handles of one connection: numbers that name the driver's objects, good for this connection and
// this kind only.
#ifndef DEXTGEN_HANDLES_H
#define DEXTGEN_HANDLES_H

#include <stddef.h>
#include <stdint.h>

namespace dextgen {

struct Connection;
struct Interface;
struct Call;
struct Fault;

/// One place of a table. Those in use are a list from the newest to the oldest, the others a list
/// of free ones.
struct HandleEntry {
    uint64_t object;
    uint64_t order;      // of creation, within the connection; 0 while free
    uint32_t generation; // of the handle that it has, or had last
    uint32_t newer;      // index + 1, or 0
    uint32_t older;      // index + 1, or 0; of a free place the next free one
};

/// The handles of one kind.
struct HandleTable {
    HandleEntry * entries;
    uint32_t capacity;
    uint32_t count;
    uint32_t newest; // index + 1, or 0
    uint32_t free;   // index + 1, or 0
};

/// Looks up what a call names, and makes room for what it creates. The words of handles become the
/// driver's objects.
bool HandlesEnter(Call * call, Fault * fault);

/// After a successful hook: the objects that it returned become their handles. False when one has
/// none.
bool HandlesResolve(Call * call);

/// When nothing can fail any more: ends what the call closes, and gives handles to what it created.
void HandlesLeave(Call * call);

/// The hook succeeded and the call fails: releases what it created, since no handle will name it.
void HandlesAbandon(Call * call);

/// The object of a handle; false when it names nothing.
bool HandleFind(const Connection & connection, uint32_t type, uint64_t handle, uint64_t * object);

/// The handle of an object; 0 when it has none.
uint64_t HandleOf(const Connection & connection, uint32_t type, uint64_t object);

/// The driver has got rid of the object by itself: its handle names nothing from now on.
void HandleForget(Connection * connection, uint32_t type, uint64_t object);

/// Releases every object through the driver, the newest first, whatever its kind.
void HandlesRelease(Connection * connection);

/// Frees the tables.
void HandlesFree(Connection * connection);

} // namespace dextgen

#endif
