// What a SCSI controller of this process carries.
#ifndef DEXTSIM_DRIVERKIT_SCSI_CONTROLLER_H
#define DEXTSIM_DRIVERKIT_SCSI_CONTROLLER_H

#include <DriverKit/OSCollections.h>
#include <SCSIControllerDriverKit/IOUserSCSIParallelInterfaceController.h>

#include <map>
#include <mutex>
#include <utility>
#include <vector>

struct IOUserSCSIParallelInterfaceController_IVars {
    std::mutex lock;
    std::vector<uint64_t> freeTasks; // identifiers that UserMapHBAData gave
    // Of tasks under way, by target and identifier; each retained by its task.
    std::map<std::pair<uint64_t, uint64_t>, IOBufferMemoryDescriptor *> buffers;
    bool hasConstraints = false;
};

namespace dextsim {

// From here on the kernel's tasks find their way.
void linkScsiTasks();

} // namespace dextsim

#endif
