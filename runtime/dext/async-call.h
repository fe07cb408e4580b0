// Asynchronous calls between their start and their answer. A call's token outlives its client
// safely.
#ifndef DEXTGEN_ASYNC_CALL_H
#define DEXTGEN_ASYNC_CALL_H

#include "core.h"

namespace dextgen {

/// Retains the completion and names the call by a token; 0 when the connection has too many calls
/// open.
uint64_t PendingBegin(Connection * connection, const Method & method, OSAction * completion);

/// Calls of one method that the driver has not answered yet.
uint32_t PendingOf(const Connection & connection, uint64_t selector);

/// Forgets a call whose method failed: an error and a completion exclude each other (contract
/// §1.7).
void PendingDrop(Core * core, uint64_t token);

/// Answers a call; `outputs` are its scalars. A token that is stale, unknown or 0 is ignored, and
/// false; so is an answer whose objects cannot have handles, which leaves as
/// kIOReturnInternalError.
bool PendingComplete(Core * core, uint64_t token, kern_return_t status, const uint64_t * outputs,
                     uint32_t count);

/// Answers everything that is open with `reason`.
void PendingSettle(Connection * connection, kern_return_t reason);

} // namespace dextgen

#endif
