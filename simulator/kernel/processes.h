// Dext processes: where an instance is placed (contract §5.3), launching, check-in, death and end.
#ifndef DEXTSIM_KERNEL_PROCESSES_H
#define DEXTSIM_KERNEL_PROCESSES_H

#include "kernel.h"

namespace dextsim {

struct Placement {
    const Bundle * bundle;
    std::string serverName;
    bool oneProcess;
    uint64_t provider;
};

// Finds or launches the process for an instance and calls `ready` once it has checked in, or with
// null when that failed. The process is kept until releaseProcess.
void placeProcess(Kernel & kernel, const Placement & placement,
                  std::function<void(DextProcess *)> ready);
void releaseProcess(Kernel & kernel, uint32_t process);
// Ends the process if nothing lives in it any more.
void retireIfUnused(Kernel & kernel, uint32_t process);
// CheckIn of a dext. An IOReturn.
int32_t checkIn(Kernel & kernel, DextProcess & process, Reader & reader);
// Reaps children that ended.
void reapChildren(Kernel & kernel);
void endAllProcesses(Kernel & kernel);

// Requests of a dext, in dext_requests.cpp and dext_usb_requests.cpp.
void handleDext(Kernel & kernel, DextProcess & process, Message & message);
// False: not a USB message.
bool handleDextUsb(Kernel & kernel, DextProcess & process, Message & message);

} // namespace dextsim

#endif
