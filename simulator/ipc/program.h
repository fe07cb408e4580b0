// Where the program of this process lies.
#ifndef DEXTSIM_IPC_PROGRAM_H
#define DEXTSIM_IPC_PROGRAM_H

#include <string>

namespace dextsim {

// "" when the system does not tell.
std::string programPath();

} // namespace dextsim

#endif
