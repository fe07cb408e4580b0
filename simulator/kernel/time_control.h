// Holding, resuming and stepping the machine's clock: everybody who waits on it is told, and a step
// goes from deadline to deadline, each process's timers in turn.
#ifndef DEXTSIM_KERNEL_TIME_CONTROL_H
#define DEXTSIM_KERNEL_TIME_CONTROL_H

#include "kernel.h"

namespace dextsim {

using TimeReached = std::function<void(uint64_t now)>;

// `done` runs when every dext has noticed.
void holdClock(Kernel & kernel, bool held, TimeReached done);
// The clock must be held. `done` runs when all that was due up to `to` has run.
void stepClock(Kernel & kernel, uint64_t to, TimeReached done);

} // namespace dextsim

#endif
