// The kernel classes that a simulated machine can have, for who asks for another.
#ifndef DEXTSIM_KERNEL_CLASS_NAMES_H
#define DEXTSIM_KERNEL_CLASS_NAMES_H

#include <string>

namespace dextsim {

bool isKnownClass(const std::string & className);
// The class that a name was probably meant to be, or "".
std::string nearestClass(const std::string & className);

} // namespace dextsim

#endif
