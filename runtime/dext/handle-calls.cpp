// The order in which a call looks up, promises, makes and ends handles; the tables are
// handles.cpp's.
#include "handle-calls.h"

#include "call.h"

namespace dextgen {

namespace {

bool IsOutput(const HandleSlot & slot) {
    return slot.use == HandleUse::Creates || slot.use == HandleUse::Returns;
}

/// The word of an output, which is an object, becomes its handle; false when it has none.
bool Exchange(Connection * connection, const HandleSlot & slot, uint64_t * word) {
    if (slot.use != HandleUse::Creates) {
        *word = HandleOf(*connection, slot.type, *word);
    } else {
        const bool room = connection->handles[slot.type].free != 0;
        *word = room ? HandleAdd(connection, slot.type, *word) : 0;
    }
    return *word != 0;
}

struct Slots {
    const HandleSlot * slots;
    uint32_t count;
};

void Unhold(Connection * connection, const Slots & list) {
    for (uint32_t i = 0; connection->handles != nullptr && i < list.count; i++) {
        const HandleSlot & slot = list.slots[i];
        connection->handles[slot.type].held -= slot.use == HandleUse::Creates ? 1 : 0;
    }
}

/// A place for each handle that is going to be made; none when there is not one for all of them.
bool Hold(Connection * connection, const Slots & list, Fault * fault) {
    for (uint32_t i = 0; i < list.count; i++) {
        const HandleSlot & slot = list.slots[i];
        if (slot.use != HandleUse::Creates) {
            continue;
        }
        const HandleType & type = connection->interface->handles[slot.type];
        HandleTable * table = &connection->handles[slot.type];
        if (!HandleHasRoom(table, type)) {
            Unhold(connection, {list.slots, i});
            *fault = {.argument = kDextgenArgumentScalarOutput,
                      .rule = kDextgenRuleQuota,
                      .limit = type.max,
                      .actual = table->count + table->held};
            return false;
        }
        table->held++;
    }
    return true;
}

/// The end of a subscription, whose arguments mean nothing.
bool Leaves(const Call & call) {
    return call.method->leaves && call.arguments->completion == nullptr;
}

bool AnyHandle(const void *, uint32_t, uint64_t) {
    return true;
}

/// Whether its outputs are those of the call itself, rather than of a completion.
bool AnswersAtOnce(const Call & call) {
    const IOUserClientMethodDispatch & row = call.method->dispatch;
    const bool optional = row.checkCompletionExists == kIOUserClientVariableStructureSize;
    return !optional || call.method->completionWords == 0 || call.arguments->completion == nullptr;
}

} // namespace

bool HandlesEnter(Call * call, Fault * fault) {
    const Method & method = *call->method;
    if (Leaves(*call)) {
        return true;
    }
    for (uint32_t i = 0; i < method.handleCount; i++) {
        const HandleSlot & slot = method.handles[i];
        if (IsOutput(slot) || slot.index >= call->inCount) {
            continue;
        }
        const uint64_t handle = call->in[slot.index];
        uint64_t object = 0;
        if (!HandleFind(*call->connection, slot.type, handle, &object)) {
            *fault = {
                .argument = slot.index, .rule = kDextgenRuleHandle, .limit = 0, .actual = handle};
            return false;
        }
        call->handles[slot.index] = handle;
        if (slot.use != HandleUse::Checks) {
            call->in[slot.index] = object;
        }
    }
    if (!AnswersAtOnce(*call)) {
        return true;
    }
    call->handlesHeld = Hold(call->connection, {method.handles, method.handleCount}, fault);
    return call->handlesHeld;
}

HandleLookup HandlesIn(const Call & call) {
    return Leaves(call) ? HandleLookup{.owner = nullptr, .isHandle = AnyHandle}
                        : HandlesOf(call.connection);
}

void HandlesDone(Call * call) {
    if (call->handlesHeld) {
        Unhold(call->connection, {call->method->handles, call->method->handleCount});
        call->handlesHeld = false;
    }
}

bool HandlesResolve(Call * call) {
    const Method & method = *call->method;
    for (uint32_t i = 0; !Leaves(*call) && AnswersAtOnce(*call) && i < method.handleCount; i++) {
        const HandleSlot & slot = method.handles[i];
        if (slot.use == HandleUse::Returns &&
            !Exchange(call->connection, slot, &call->out[slot.index])) {
            return false;
        }
    }
    return true;
}

void HandlesLeave(Call * call) {
    const Method & method = *call->method;
    Connection * connection = call->connection;
    const uint32_t count = Leaves(*call) ? 0 : method.handleCount;
    for (uint32_t i = 0; AnswersAtOnce(*call) && i < count; i++) {
        if (method.handles[i].use == HandleUse::Creates) {
            // A place was held for it until now.
            (void)Exchange(connection, method.handles[i], &call->out[method.handles[i].index]);
        }
    }
    // Last, since the driver hears of these, and may make handles then.
    for (uint32_t i = 0; i < count; i++) {
        const HandleSlot & slot = method.handles[i];
        if (slot.use == HandleUse::Closes && slot.index < call->inCount) {
            HandleRelease(connection, slot.type, call->handles[slot.index]);
        }
    }
}

void HandlesAbandon(Call * call) {
    Connection * connection = call->connection;
    const uint32_t count = Leaves(*call) ? 0 : call->method->handleCount;
    for (uint32_t i = 0; AnswersAtOnce(*call) && i < count; i++) {
        const HandleSlot & slot = call->method->handles[i];
        if (slot.use == HandleUse::Creates) {
            connection->interface->handles[slot.type].release(
                connection->driver, connection->client, call->out[slot.index]);
        }
    }
    HandlesRevoke(connection, call->handleOrder);
}

bool HandlesHold(Connection * connection, const Method & method, Fault * fault) {
    return Hold(connection, {method.answerHandles, method.answerHandleCount}, fault);
}

void HandlesUnhold(Connection * connection, const Method & method) {
    Unhold(connection, {method.answerHandles, method.answerHandleCount});
}

bool HandlesAnswer(Connection * connection, const Method & method, uint64_t * outputs) {
    const uint64_t order = connection->handleOrder;
    for (uint32_t i = 0; i < method.answerHandleCount; i++) {
        const HandleSlot & slot = method.answerHandles[i];
        if (!Exchange(connection, slot, &outputs[slot.index])) {
            HandlesUndo(connection, order);
            return false;
        }
    }
    // The call that the driver answers from may fail; this answer stands.
    for (uint32_t i = 0; i < method.answerHandleCount; i++) {
        const HandleSlot & slot = method.answerHandles[i];
        HandleTold(connection, slot.type, outputs[slot.index]);
    }
    return true;
}

} // namespace dextgen
