// What is said to who asks for a kernel class that a simulated machine does not have.
#ifndef DEXTSIM_KERNEL_CLASS_NAMES_H
#define DEXTSIM_KERNEL_CLASS_NAMES_H

#include <string>

namespace dextsim {

// The class that a name was probably meant to be, or "".
std::string nearestClass(const std::string & className);

} // namespace dextsim

#endif
