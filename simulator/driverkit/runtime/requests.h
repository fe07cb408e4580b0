// What the kernel asks of a dext (ipc/messages.h, kernel → dext).
#ifndef DEXTSIM_DRIVERKIT_REQUESTS_H
#define DEXTSIM_DRIVERKIT_REQUESTS_H

#include "../../ipc/channel.h"

namespace dextsim {

// Runs on the thread that reads the kernel's socket, and so never waits: it puts the work on the
// object's queue, which answers.
void handleKernelMessage(Message & message);

} // namespace dextsim

#endif
