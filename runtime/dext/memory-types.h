// Which buffer a memory type names, and what an app chose of it. The number is the app's: hostile.
// Depends on nothing but the tables.
#ifndef DEXTGEN_MEMORY_TYPES_H
#define DEXTGEN_MEMORY_TYPES_H

#include "interface.h"

namespace dextgen {

/// True when the number is one of the buffer's; `parts` has room for kMaxMemoryParts.
bool MemoryTypeMatches(const Buffer & buffer, uint64_t type, uint64_t * parts);

/// Index of the buffer that has the number, or -1.
int32_t MemoryTypeOwner(const Interface & interface, uint64_t type);

} // namespace dextgen

#endif
