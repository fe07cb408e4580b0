// How objects end: termination of a tree (contract §4.5, §4.6, §4.9), Stop of the dext's halves,
// and what happens when a dext dies (§4.7).
#ifndef DEXTSIM_KERNEL_LIFECYCLE_H
#define DEXTSIM_KERNEL_LIFECYCLE_H

#include "kernel.h"

namespace dextsim {

// Terminates an entry and everything below it, in the kernel's order: all inactive and connections
// cut, IOServiceTerminate, IOServiceWillTerminate, Stop, kIOMessageServiceIsTerminated.
void terminate(Kernel & kernel, uint64_t entry);
// The dext's Stop reached super.
void didStop(Kernel & kernel, uint64_t object);
// A completion of a user client was retained beyond its call, or its last reference went.
void actionHeld(Kernel & kernel, uint64_t userClient, uint64_t action);
void actionReleased(Kernel & kernel, uint64_t userClient, uint64_t action);
// Removes an object that never came to life: no Stop, no notifications.
void dropObject(Kernel & kernel, uint64_t object);
// Everything that lived in a process that is gone; `rematch` starts it again for its providers.
void dropProcess(Kernel & kernel, DextProcess & process, bool rematch);

} // namespace dextsim

#endif
