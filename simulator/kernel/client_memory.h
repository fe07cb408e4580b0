// Ranges of an app's address space as memory of a dext (contract §1.10). The app's library copies
// them, or turns their pages into shared memory, when the kernel asks for it.
#ifndef DEXTSIM_KERNEL_CLIENT_MEMORY_H
#define DEXTSIM_KERNEL_CLIENT_MEMORY_H

#include "kernel.h"

namespace dextsim {

// 0 or an IOReturn. The ranges are not looked at.
int32_t createClientMemory(Kernel & kernel, DextProcess & process, uint64_t userClient,
                           uint64_t options, std::vector<ClientRange> ranges,
                           MemoryDescriptor *& made);

// Gets hold of the pages of a descriptor, before they are mapped or used. `then` runs at once when
// they are there already, or when there is no such descriptor; kIOReturnVMError: the app has
// nothing at one of the addresses.
void referenceMemory(Kernel & kernel, uint64_t memory, std::function<void(int32_t status)> then);

} // namespace dextsim

#endif
