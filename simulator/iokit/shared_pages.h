// Memory of this process that a driver asked for with CreateMemoryDescriptorFromClient.
#ifndef DEXTSIM_IOKIT_SHARED_PAGES_H
#define DEXTSIM_IOKIT_SHARED_PAGES_H

#include "ipc/connection.h"

namespace dextsim::client {

// Answers ShareMemory of the kernel.
void shareMemory(Connection & kernel, Message & message);

} // namespace dextsim::client

#endif
