// Memory of this process that a driver asked for with CreateMemoryDescriptorFromClient.
#ifndef DEXTSIM_IOKIT_SHARED_PAGES_H
#define DEXTSIM_IOKIT_SHARED_PAGES_H

#include "ipc/connection.h"

namespace dextsim::client {

// Between a call's stores and the thread that lends their pages: the order goes through two other
// processes, where neither compiler nor sanitizer sees it.
void orderStores();
// Answers ShareMemory of the kernel.
void shareMemory(Connection & kernel, Message & message);

} // namespace dextsim::client

#endif
