// Connections of apps to user clients: open, close, mapping of memory (contract §4.3, §4.5, §2.1,
// §2.2).
#ifndef DEXTSIM_KERNEL_USER_CLIENTS_H
#define DEXTSIM_KERNEL_USER_CLIENTS_H

#include "kernel.h"

namespace dextsim {

// The connection of this session, or null.
DextObject * connectionOf(Kernel & kernel, Session & session, uint64_t connect);

// Each answers the request `reply` of the session, now or when the dext has answered.
void openUserClient(Kernel & kernel, Session & session, uint64_t reply, uint64_t service,
                    uint32_t type);
void closeUserClient(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect);
void mapMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect, uint32_t type);
void mapMoreMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect,
                   uint32_t first, Reader & which);
void unmapMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect,
                 uint32_t type);
// MapDropped of a client.
void mapDropped(Kernel & kernel, Session & session, Reader & reader);
// One more socket between the app and the dext, for a call at the same time.
void addChannel(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect);

// The app cannot call from now on; it may still close (contract §4.6 steps 1 and 2).
void cutConnection(Kernel & kernel, uint64_t userClient);
// Everything a client process had open, when it is gone.
void abandonConnections(Kernel & kernel, Session & session);

} // namespace dextsim

#endif
