// What the kernel says of interrupts.
#ifndef DEXTSIM_DRIVERKIT_INTERRUPTS_H
#define DEXTSIM_DRIVERKIT_INTERRUPTS_H

#include "../../ipc/wire.h"

namespace dextsim {

// InterruptFired of a source; the reader stands behind its number.
void interruptFired(uint64_t number, Reader & body);

} // namespace dextsim

#endif
