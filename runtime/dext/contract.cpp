// Contract selectors 0…8 (dextgen_wire.h numbers them). They pass the same admission as any method.
#include "contract.h"

#include "call.h"
#include "core.h"
#include "stream.h"
#include "subscription.h"

namespace dextgen {

namespace {

constexpr ValueRule kAnyWord = {.scalar = Scalar::U64};
constexpr ValueRule kWords[] = {kAnyWord, kAnyWord, kAnyWord, kAnyWord};

constexpr uint32_t kUnknown = UINT32_MAX;

Call * CallOf(void * reference) {
    return static_cast<Call *>(reference);
}

/// A number that names nothing of this connection.
kern_return_t Unknown(Call * call, uint64_t selector, uint64_t number) {
    return CallRefuse(call->connection, call->connection->interface->contractBase + selector,
                      {.argument = 0, .rule = kDextgenRuleHandle, .limit = 0, .actual = number});
}

uint32_t FindEvent(const Interface & interface, uint64_t id) {
    for (uint32_t i = 0; i < interface.eventCount; i++) {
        if (interface.events[i].id == id) {
            return i;
        }
    }
    return kUnknown;
}

/// The event whose live subscription `id` is.
uint32_t FindSubscription(const Connection & connection, uint64_t id) {
    const uint32_t index = FindEvent(*connection.interface, static_cast<uint32_t>(id));
    if (index == kUnknown) {
        return kUnknown;
    }
    const Subscription & subscription = connection.events[index].subscription;
    return subscription.action != nullptr && subscription.id == id ? index : kUnknown;
}

/// Succeeds on a mismatch: an error would drop the outputs that explain it (contract §0.3).
kern_return_t Handshake(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    const Interface & interface = *call->connection->interface;
    call->out[0] = interface.hashHigh;
    call->out[1] = interface.hashLow;
    call->out[2] = interface.version;
    call->out[3] = 0; // features: none beyond version 1
    call->out[4] = kMaxPendingCalls | static_cast<uint64_t>(interface.maxClients) << 16;
    return kIOReturnSuccess;
}

kern_return_t LastRejection(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    Connection * connection = call->connection;
    const Fault & last = connection->rejection;
    call->out[0] = last.rule != kDextgenRuleNone ? connection->rejectedSelector : 0;
    call->out[1] = last.argument;
    call->out[2] = last.rule;
    call->out[3] = last.limit;
    call->out[4] = last.actual;
    connection->rejection = {};
    return kIOReturnSuccess;
}

kern_return_t Subscribe(OSObject *, void * reference, IOUserClientMethodArguments * arguments) {
    Call * call = CallOf(reference);
    Connection * connection = call->connection;
    const uint32_t event = FindEvent(*connection->interface, call->in[0]);
    if (event == kUnknown) {
        return Unknown(call, kDextgenSubscribe, call->in[0]);
    }
    // Records too large for 16 words have no slow path.
    if (!connection->events[event].ringOpen && connection->interface->events[event].words == 0) {
        return CallRefuse(
            connection, connection->interface->contractBase + kDextgenSubscribe,
            {.argument = 0, .rule = kDextgenRuleState, .limit = 0, .actual = call->in[0]});
    }
    const kern_return_t status =
        SubscriptionBegin(connection, event, arguments->completion, &call->out[0]);
    if (status != kIOReturnSuccess) {
        return status;
    }
    if (connection->events[event].ringOpen) {
        StreamWake(connection, event); // an arming may be older than its doorbell
    }
    StreamCount(connection, event);
    return kIOReturnSuccess;
}

kern_return_t Unsubscribe(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    const uint32_t event = FindSubscription(*call->connection, call->in[0]);
    if (event == kUnknown) {
        return Unknown(call, kDextgenUnsubscribe, call->in[0]);
    }
    SubscriptionEnd(call->connection, event, kIOReturnAborted);
    StreamCount(call->connection, event);
    return kIOReturnSuccess;
}

kern_return_t RingOpen(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    Connection * connection = call->connection;
    const uint32_t index = FindEvent(*connection->interface, call->in[0]);
    if (index == kUnknown || !connection->interface->events[index].ring) {
        return Unknown(call, kDextgenRingOpen, call->in[0]);
    }
    const kern_return_t status = StreamOpen(connection, index);
    if (status != kIOReturnSuccess) {
        return status;
    }
    StreamCount(connection, index);
    const Event & event = connection->interface->events[index];
    call->out[0] = event.capacity;
    call->out[1] = event.payloadSize;
    call->out[2] = event.ringMemoryType;
    call->out[3] = event.controlMemoryType;
    return kIOReturnSuccess;
}

kern_return_t RingClose(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    Connection * connection = call->connection;
    const uint32_t index = FindEvent(*connection->interface, call->in[0]);
    if (index == kUnknown || !connection->events[index].ringOpen) {
        return Unknown(call, kDextgenRingClose, call->in[0]);
    }
    StreamClose(connection, index, kIOReturnAborted);
    StreamCount(connection, index);
    return kIOReturnSuccess;
}

/// For rings from app to driver, of which no interface has one yet.
kern_return_t RingKick(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    return Unknown(call, kDextgenRingKick, call->in[0]);
}

kern_return_t ReadStatistics(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    const Statistics & statistics = call->connection->statistics;
    call->out[0] = statistics.calls;
    call->out[1] = statistics.rejections;
    call->out[2] = statistics.completions;
    call->out[3] = statistics.lost;
    call->out[4] = statistics.records;
    return kIOReturnSuccess;
}

kern_return_t Acknowledge(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    Connection * connection = call->connection;
    const uint32_t event = FindSubscription(*connection, call->in[0]);
    if (event == kUnknown) {
        return Unknown(call, kDextgenAcknowledge, call->in[0]);
    }
    if (SubscriptionAcknowledge(connection, event, call->in[1])) {
        return kIOReturnSuccess;
    }
    return CallRefuse(connection, connection->interface->contractBase + kDextgenAcknowledge,
                      {.argument = 1,
                       .rule = kDextgenRuleCount,
                       .limit = connection->events[event].subscription.outstanding,
                       .actual = call->in[1]});
}

struct Shape {
    IOUserClientMethodFunction function;
    uint32_t completion;
    uint32_t in;
    uint32_t out;
};

constexpr Method RowOf(const Shape & shape) {
    return {.selector = 0,
            .dispatch = {.function = shape.function,
                         .checkCompletionExists = shape.completion,
                         .checkScalarInputCount = shape.in,
                         .checkStructureInputSize = 0,
                         .checkScalarOutputCount = shape.out,
                         .checkStructureOutputSize = 0},
            .scalars = kWords};
}

constexpr Method kRows[] = {
    RowOf({.function = Handshake, .completion = 0, .in = 4, .out = 5}),
    RowOf({.function = LastRejection, .completion = 0, .in = 0, .out = 5}),
    RowOf({.function = Subscribe, .completion = 1, .in = 1, .out = 1}),
    RowOf({.function = Unsubscribe, .completion = 0, .in = 1, .out = 0}),
    RowOf({.function = RingOpen, .completion = 0, .in = 1, .out = 4}),
    RowOf({.function = RingClose, .completion = 0, .in = 1, .out = 0}),
    RowOf({.function = RingKick, .completion = 0, .in = 1, .out = 0}),
    RowOf({.function = ReadStatistics, .completion = 0, .in = 0, .out = 5}),
    RowOf({.function = Acknowledge, .completion = 0, .in = 2, .out = 0}),
};
static_assert(sizeof kRows / sizeof kRows[0] == kDextgenContractCount,
              "one row per contract selector");

} // namespace

const Method * ContractMethod(const Interface & interface, uint64_t selector) {
    if (!interface.hasContract || selector < interface.contractBase) {
        return nullptr;
    }
    const uint64_t number = selector - interface.contractBase;
    return number < kDextgenContractCount ? &kRows[number] : nullptr;
}

} // namespace dextgen
