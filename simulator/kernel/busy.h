// Which entries are busy: those that say so, those whose drivers are being started, and what is
// above them.
#ifndef DEXTSIM_KERNEL_BUSY_H
#define DEXTSIM_KERNEL_BUSY_H

#include "registry.h"

namespace dextsim {

// From and to 0, the provider changes by one in the same direction. An unknown entry changes
// nothing.
void changeBusy(Registry & registry, uint64_t id, int32_t delta);

} // namespace dextsim

#endif
