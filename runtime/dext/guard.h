// What a call needs besides good arguments: an entitlement, a role, a state.
#ifndef DEXTGEN_GUARD_H
#define DEXTGEN_GUARD_H

#include "call.h"

namespace dextgen {

/// Whether the app has the method's entitlement. Asked first, so that who may not call learns
/// nothing else.
bool GuardEntitlement(const Call & call, Fault * fault);

/// Roles and states, once the arguments are known to be good. On failure `*code` is what the call
/// fails with; 0 where the rule's own code is meant.
bool GuardEnter(const Call & call, Fault * fault, kern_return_t * code);

/// What a successful call leads to.
void GuardLeave(const Call & call);

/// The connection has ended: its roles are free, and the driver hears of each.
void GuardRelease(Connection * connection);

uint32_t StateOf(const Connection & connection, uint32_t machine);
void StateSet(Connection * connection, uint32_t machine, uint32_t state);

} // namespace dextgen

#endif
