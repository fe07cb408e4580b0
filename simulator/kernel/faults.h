// Faults on demand: what is armed, and what happens when one strikes. Calls and completions are
// counted by the dext that has them, in the page of ipc/machine.h; packets are counted here.
#ifndef DEXTSIM_KERNEL_FAULTS_H
#define DEXTSIM_KERNEL_FAULTS_H

#include "ipc/machine.h"
#include "ipc/wire.h"

#include <cstdint>
#include <string>

namespace dextsim {

struct Kernel;
struct Session;
struct UsbTransfer;

// What the page has no room for.
struct ArmedFault {
    uint64_t session = 0; // who wants to hear of it; 0: the slot is free
    uint64_t device = 0;
    uint8_t endpoint = 0;
    std::string dext;
    std::string what; // "kill dext at call 3"
};

// ArmFault: an IOReturn, and the fault's number.
int32_t armFault(Kernel & kernel, Session & session, Reader & reader, uint32_t & fault);
void disarmFault(Kernel & kernel, uint32_t fault);
void disarmFaultsOf(Kernel & kernel, uint64_t session);
// A process plays it, of whatever family.
bool isPluggedDevice(Kernel & kernel, uint64_t entry);
// A dext came to the event of a slot: strikes.
void faultReached(Kernel & kernel, uint32_t slot, uint64_t userClient);
// Tells of faults that a dext met by dying.
void announceStruckFaults(Kernel & kernel);
// Before `bytes` of a transfer are passed on. False: a fault struck and the transfer is gone.
bool meetPacketFaults(Kernel & kernel, const UsbTransfer & transfer, size_t bytes);

} // namespace dextsim

#endif
