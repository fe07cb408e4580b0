// Power management of dexts: the system's sleep and wake, and a driver's own changes. Every service
// in the power tree is told with SetPowerState, one after the other, and has to pass the call to
// IOService when it is safe in the new state.
#ifndef DEXTSIM_KERNEL_POWER_H
#define DEXTSIM_KERNEL_POWER_H

#include "kernel.h"

namespace dextsim {

// Clients go to sleep before their providers and wake after them. `done` gets kIOReturnBusy when a
// change is under way, and how many services were told.
void setSystemPower(Kernel & kernel, bool asleep, std::function<void(int32_t, uint32_t)> done);
// Before an object is freed: nobody waits for its acknowledgement any more.
void forgetPower(Kernel & kernel, uint64_t object);

} // namespace dextsim

#endif
