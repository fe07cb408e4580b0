// Container objects as the plain values that travel between processes, and back.
#ifndef DEXTSIM_LIBRARY_OS_VALUE_H
#define DEXTSIM_LIBRARY_OS_VALUE_H

#include "ipc/value.h"
#include <DriverKit/OSCollections.h>

namespace dextsim {

// Kind None for NULL and for classes that cannot travel (contract §6.4); such members are left out.
Value toValue(const OSMetaClassBase * object);

// With a reference for the caller; NULL for kind None.
OSContainer * fromValue(const Value & value);

} // namespace dextsim

#endif
