// Where the kernel's messages to SCSI controllers go.
#ifndef DEXTSIM_DRIVERKIT_SCSI_H
#define DEXTSIM_DRIVERKIT_SCSI_H

#include "../../ipc/channel.h"
#include "../../ipc/families.h"

namespace dextsim {

// ScsiTaskAsked, ScsiTargetAsked, ScsiManageAsked; the reader stands behind the object. Null until
// a controller has started: most drivers have none, and do not link the class.
using ScsiHandler = void (*)(FamilyOp operation, Message & message, uint64_t object, Reader & body);
extern ScsiHandler scsiHandler;

} // namespace dextsim

#endif
