// Faults that strike this dext at the very call or completion, and what it reports for a recording
// (ipc/machine.h). One look at the page when nothing is armed.
#ifndef DEXTSIM_DRIVERKIT_FAULTS_H
#define DEXTSIM_DRIVERKIT_FAULTS_H

#include "data_channel.h"

#include "../../ipc/machine.h"

namespace dextsim {

// The kernel's page, with the name that faults know this dext by.
void enterMachine(Message & message);

// Just before the event. Returns when a fault that it met has struck; one that kills this process
// does not return.
void meetFaults(FaultEvent event, uint64_t userClient, uint32_t selector);

// Reports the call when a recording is made; 0 when none is.
uint64_t reportCall(uint64_t userClient, const IncomingCall & call);
// `output`: the client's memory of `size` bytes, if it takes the structure in one.
void reportOutcome(uint64_t number, const CallOutcome & outcome, const Fd & output, uint64_t size);

} // namespace dextsim

#endif
