// The names that assumptions have on the command line.
#ifndef DEXTSIM_KERNEL_ASSUMPTIONS_H
#define DEXTSIM_KERNEL_ASSUMPTIONS_H

#include "ipc/assumptions.h"

#include <string>

namespace dextsim {

// Takes KEY=VALUE into the bits. False: `error` is one sentence for the user.
bool takeAssumption(const std::string & text, uint32_t & bits, std::string & error);

// One line for each, for the help.
std::string describeAssumptions();

} // namespace dextsim

#endif
