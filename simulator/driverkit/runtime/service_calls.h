// Calls of the system above a driver, as a session plays it, to a service of this process
// (ipc/service_calls.h). Classes of a family say who takes theirs.
#ifndef DEXTSIM_DRIVERKIT_SERVICE_CALLS_H
#define DEXTSIM_DRIVERKIT_SERVICE_CALLS_H

#include "kernel.h"

#include "../../ipc/service_calls.h"

#include <DriverKit/IOService.h>

namespace dextsim {

// Runs on the thread of the socket: it neither waits nor calls the driver. `id` is to be answered
// once; `service` has a reference, which the handler releases; `body` ends with the handler.
using ServiceCallHandler = void (*)(uint64_t id, uint16_t call, IOService * service, Reader & body);

void takeServiceCalls(ServiceFamily family, ServiceCallHandler handler);
void serviceAsked(uint64_t id, uint64_t object, Reader & body);
void answerServiceCall(uint64_t id, kern_return_t status, const Writer & body = {});

} // namespace dextsim

#endif
