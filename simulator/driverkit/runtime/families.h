// How classes of the families beyond USB ask the kernel (ipc/families.h).
#ifndef DEXTSIM_DRIVERKIT_FAMILIES_H
#define DEXTSIM_DRIVERKIT_FAMILIES_H

#include "kernel.h"
#include "objects.h"

#include "../../ipc/families.h"

namespace dextsim {

// The start of a FamilyRequest.
Writer familyBody(FamilyOp operation, uint64_t object);
inline Writer familyBody(FamilyOp operation, const OSObject * object) {
    return familyBody(operation, kernelId(object));
}
Reply askFamily(const Writer & body);
int32_t tellFamily(const Writer & body);

} // namespace dextsim

#endif
