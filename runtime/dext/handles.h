// Handles of one connection: numbers that name the driver's objects, good for this connection and
// this kind only.
#ifndef DEXTGEN_HANDLES_H
#define DEXTGEN_HANDLES_H

#include <stddef.h>
#include <stdint.h>

namespace dextgen {

struct Connection;
struct Interface;
struct HandleType;
struct HandleLookup;

/// One place of a table. Those in use are a list from the newest to the oldest, the others a list
/// of free ones.
struct HandleEntry {
    uint64_t object;
    uint64_t order;      // of creation, within the connection; 0 while free
    uint32_t generation; // of the handle that it has, or had last
    uint32_t newer;      // index + 1, or 0
    uint32_t older;      // index + 1, or 0; of a free place the next free one
    bool told;           // an app learned of it by an answer: no other call takes it back
};

/// The handles of one kind.
struct HandleTable {
    HandleEntry * entries;
    uint32_t capacity;
    uint32_t count;
    uint32_t held;   // places that calls under way will need for their answers
    uint32_t newest; // index + 1, or 0
    uint32_t free;   // index + 1, or 0
};

/// Forgets the handles that were made since `order`, but those that left in an answer meanwhile: a
/// call that fails has made none.
void HandlesUndo(Connection * connection, uint64_t order);
/// The handle leaves in the answer of a call that came before.
void HandleTold(Connection * connection, uint32_t type, uint64_t handle);

/// Looks up the handles inside structs.
HandleLookup HandlesOf(const Connection * connection);

/// The handle of an object, made when it has none; 0 when there is no room for one more.
uint64_t HandleMake(Connection * connection, uint32_t type, uint64_t object);

/// One place besides those that are promised to calls under way.
bool HandleHasRoom(HandleTable * table, const HandleType & type);

/// A new handle for an object. There is a free place.
uint64_t HandleAdd(Connection * connection, uint32_t type, uint64_t object);

/// Ends the object of a handle through the driver; nothing for a handle that names none any more.
void HandleRelease(Connection * connection, uint32_t type, uint64_t handle);

/// The object of a handle; false when it names nothing.
bool HandleFind(const Connection & connection, uint32_t type, uint64_t handle, uint64_t * object);

/// The handle of an object; 0 when it has none.
uint64_t HandleOf(const Connection & connection, uint32_t type, uint64_t object);

/// The driver has got rid of the object by itself: its handle names nothing from now on.
void HandleForget(Connection * connection, uint32_t type, uint64_t object);

/// Releases through the driver every object with a handle, the newest first, whatever its kind.
void HandlesRelease(Connection * connection);
/// The same for what HandlesUndo would forget.
void HandlesRevoke(Connection * connection, uint64_t order);

/// Frees the tables.
void HandlesFree(Connection * connection);

} // namespace dextgen

#endif
