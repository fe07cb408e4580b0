// The dext's half of power management; the kernel decides who is told what, and in which order.
#include <DriverKit/IOService.h>

#include "../runtime/kernel.h"
#include "../runtime/objects.h"

using namespace dextsim;

kern_return_t IOService::JoinPMTree_Impl() {
    return tellKernel(MessageType::JoinPowerTree, Writer().u64(kernelId(this)));
}

// Reached by SetPowerState(flags, SUPERDISPATCH): the driver is safe in the new state.
kern_return_t IOService::SetPowerState_Impl(IOService_SetPowerState_Args) {
    static_cast<void>(powerFlags);
    return tellKernel(MessageType::PowerAcknowledged, Writer().u64(kernelId(this)));
}

kern_return_t IOService::ChangePowerState_Impl(IOService_ChangePowerState_Args) {
    return tellKernel(MessageType::ChangePowerState, Writer().u64(kernelId(this)).u32(powerFlags));
}
