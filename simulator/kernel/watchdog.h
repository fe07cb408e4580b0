// Sentences about what a dext does not come back from. It is not stopped, as it would not be on a
// Mac (contract §1.8).
#ifndef DEXTSIM_KERNEL_WATCHDOG_H
#define DEXTSIM_KERNEL_WATCHDOG_H

#include "kernel.h"

namespace dextsim {

// CallLasts of a client.
void callLasts(Kernel & kernel, Session & session, Reader & reader);

// The kernel waits for an answer of a dext from now on; call what this returns when it has come.
// `method` is "LabDriver::NewUserClient", `consequence` what waits with it.
std::function<void()> watchAnswer(Kernel & kernel, const DextProcess & process,
                                  const std::string & method, const std::string & consequence);

} // namespace dextsim

#endif
