// When iterateObjects of a collection ends.
#ifndef DEXTSIM_DRIVERKIT_ITERATION_H
#define DEXTSIM_DRIVERKIT_ITERATION_H

#include "../../ipc/assumptions.h"

namespace dextsim {

// What a block returns that wants more, and iterateObjects when every block has.
inline bool goesOn() {
    return !assumed(Assumption::Iteration);
}

} // namespace dextsim

#endif
