// Descriptors that another process passed and this one had no number left for (RLIMIT_NOFILE).
#ifndef DEXTSIM_IPC_STARVED_H
#define DEXTSIM_IPC_STARVED_H

namespace dextsim {

// Whether this happened; what was received with them is given up.
bool hasStarved();
// The same, and forgets it.
bool takeStarvation();

} // namespace dextsim

#endif
