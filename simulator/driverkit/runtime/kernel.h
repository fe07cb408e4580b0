// The connection to the kernel process. Requests block the caller until the kernel has answered.
#ifndef DEXTSIM_DRIVERKIT_KERNEL_H
#define DEXTSIM_DRIVERKIT_KERNEL_H

#include "../../ipc/connection.h"

namespace dextsim {

// Takes the socket that the kernel left in the environment (kDextFdVariable). False: there is none.
bool connectToKernel();
// Null before connectToKernel.
Connection * kernelConnection();

// kIOReturnOffline when the kernel is gone; then this process is about to end.
Reply askKernel(MessageType type, const Writer & body, std::span<const int> fds = {});
// The same for requests whose answer is only a status.
int32_t tellKernel(MessageType type, const Writer & body);
void notifyKernel(MessageType type, const Writer & body);

} // namespace dextsim

#endif
