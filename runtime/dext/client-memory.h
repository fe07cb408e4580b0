// Descriptors that an app may map, and CopyClientMemoryForType over them (contract §2.4).
#ifndef DEXTGEN_CLIENT_MEMORY_H
#define DEXTGEN_CLIENT_MEMORY_H

#include "connection.h"

namespace dextgen {

/// Allocates `size` bytes, rounded up to whole pages, so that nothing else of the dext shares a
/// page with them. Does nothing when `memory` has a descriptor already.
kern_return_t MemoryCreate(ClientMemory * memory, uint64_t size);

void MemoryRelease(ClientMemory * memory);

/// The body of CopyClientMemoryForType. `*memory` is +1; `*options` is always written.
kern_return_t MemoryCopyForType(Connection * connection, uint64_t type, uint64_t * options,
                                IOMemoryDescriptor ** memory);

/// The private buffer of one connection, for the driver to fill.
kern_return_t MemoryOfBuffer(Connection * connection, uint32_t buffer, ClientMemory * memory);

} // namespace dextgen

#endif
