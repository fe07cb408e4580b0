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
// False: there is no such process. A number that is none, such as that of a dext which was reaped,
// reaches nobody; to kill(2) -1 is every process of the user.
bool signalProcess(pid_t process, int signal);
// Ends the process if nothing lives in it any more.
void retireIfUnused(Kernel & kernel, uint32_t process);
// CheckIn of a dext. An IOReturn.
int32_t checkIn(Kernel & kernel, DextProcess & process, Reader & reader);
// Reaps children that ended.
void reapChildren(Kernel & kernel);
// False: one of them did not end by itself, or not well; standard error says which.
bool endAllProcesses(Kernel & kernel);

// Requests of a dext, in dext_requests.cpp.
void handleDext(Kernel & kernel, DextProcess & process, Message & message);
// Its parts in dext_*_requests.cpp; false: not one of theirs.
bool handleDextMemory(Kernel & kernel, DextProcess & process, Message & message);
bool handleDextPower(Kernel & kernel, DextProcess & process, Message & message);
bool handleDextUsb(Kernel & kernel, DextProcess & process, Message & message);
bool handleDextPipe(Kernel & kernel, DextProcess & process, Message & message);

// One request of a dext.
struct DextRequest {
    Kernel & kernel;
    DextProcess & process;
    uint64_t id;
    Reader reader;
    Fd fd = {}; // that came with it, if the request has one

    void answer(int32_t status, const Writer & body = {}, std::vector<Fd> fds = {}) {
        process.link->reply(id, status, body, std::move(fds));
    }
    // The entry, if it is an object of this dext.
    Entry * own(uint64_t entry) {
        DextObject * object = kernel.object(entry);
        return object != nullptr && object->process == process.id ? kernel.registry.find(entry)
                                                                  : nullptr;
    }
};
using DextHandler = void (*)(DextRequest &);

} // namespace dextsim

#endif
