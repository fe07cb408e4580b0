// Handles in the arguments and answers of calls.
#ifndef DEXTGEN_HANDLE_CALLS_H
#define DEXTGEN_HANDLE_CALLS_H

#include "call.h"

namespace dextgen {

/// Looks up what a call names, and makes room for what it creates. The words of handles become the
/// driver's objects.
bool HandlesEnter(Call * call, Fault * fault);

/// Looks up the handles inside the structs of a call; the end of a subscription has any.
HandleLookup HandlesIn(const Call & call);

/// After a successful hook: the objects that it returned become their handles. False when one has
/// none.
bool HandlesResolve(Call * call);

/// When nothing can fail any more: ends what the call closes, and gives handles to what it created.
void HandlesLeave(Call * call);

/// The hook succeeded and the call fails: releases what it created and made handles of, since the
/// app will never know them.
void HandlesAbandon(Call * call);

/// What HandlesEnter made room for is made, or never will be. A second call does nothing.
void HandlesDone(Call * call);

/// Room for the handles that the completion of a call will make; false, with what is full, when
/// there is none.
bool HandlesHold(Connection * connection, const Method & method, Fault * fault);
void HandlesUnhold(Connection * connection, const Method & method);

/// Makes handles of the objects in the words of a completion; false when one of them has none.
bool HandlesAnswer(Connection * connection, const Method & method, uint64_t * outputs);

} // namespace dextgen

#endif
