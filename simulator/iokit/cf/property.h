// CoreFoundation objects to the simulator's Values and back, as IOCFSerialize and IOCFUnserialize
// do.
#ifndef DEXTSIM_IOKIT_CF_PROPERTY_H
#define DEXTSIM_IOKIT_CF_PROPERTY_H

#include "ipc/value.h"

#include <CoreFoundation/CoreFoundation.h>

namespace dextsim::cf {

// False when it holds something that does not survive (contract §6.4): a real number, a key that is
// no string, a foreign type.
bool toValue(CFTypeRef object, Value & value);
// +1; null for an empty value.
CFTypeRef createObject(const Value & value);
// "" when it is null or no string.
std::string toString(CFStringRef string);

} // namespace dextsim::cf

#endif
