// The registry as those who look inside see it.
#ifndef DEXTSIM_KERNEL_REGISTRY_TREE_H
#define DEXTSIM_KERNEL_REGISTRY_TREE_H

#include "ipc/value.h"

#include <cstdint>

namespace dextsim {

struct Kernel;

// {entry, name, class, state, registered, matched, active, busy, busyTime (ns), retain, properties,
// children}
Value registryTree(const Kernel & kernel, uint64_t id);

} // namespace dextsim

#endif
