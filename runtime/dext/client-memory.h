// Descriptors that an app may map, and CopyClientMemoryForType over them (contract §2.4).
#ifndef DEXTGEN_CLIENT_MEMORY_H
#define DEXTGEN_CLIENT_MEMORY_H

#include "core.h"

namespace dextgen {

/// Allocates `size` bytes in whole pages, so that nothing else of the dext shares a page with them.
/// `partial`: an app sees `size` bytes, and not the zeroes behind them. Does nothing when `memory`
/// has a descriptor already.
kern_return_t MemoryCreate(ClientMemory * memory, uint64_t size, bool partial = false);

void MemoryRelease(ClientMemory * memory);
void MemoryReleaseAll(OwnedMemory ** list);

/// The body of CopyClientMemoryForType. `*memory` is +1; `*options` is always written.
kern_return_t MemoryCopyForType(Connection * connection, uint64_t type, uint64_t * options,
                                IOMemoryDescriptor ** memory);

/// The memory of a buffer of one connection, for the driver to fill. `type` is the whole number.
kern_return_t MemoryOfBuffer(Connection * connection, uint32_t buffer, uint64_t type,
                             ClientMemory * memory);

/// The memory of a shared buffer.
kern_return_t CoreMemory(Core * core, const Buffer & buffer, uint64_t type, ClientMemory * memory);

/// The next request asks the driver anew; what is mapped stays mapped, and can be unmapped only by
/// closing (contract §2.2).
void MemoryForget(OwnedMemory ** list, const Buffer & buffer, uint64_t type);

} // namespace dextgen

#endif
