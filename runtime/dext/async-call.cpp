// Token: generation (32) | index of the connection (16) | slot + 1 (16). The generation is the
// driver's, so a connection or slot that was used again never answers to an old token.
#include "async-call.h"

#include "subscription.h"
#include "handle-calls.h"

#include <DriverKit/OSAction.h>
#include <string.h>

namespace dextgen {

namespace {

/// Words of ours in front of the outputs.
uint32_t HeaderOf(const Method & method) {
    return method.completionRaw ? 0 : 2;
}

struct Located {
    Connection * connection;
    PendingCall * call;
};

Located Locate(Core * core, uint64_t token) {
    const uint32_t generation = static_cast<uint32_t>(token >> 32);
    const uint32_t index = static_cast<uint32_t>(token >> 16) & 0xFFFF;
    const uint32_t slot = static_cast<uint32_t>(token) & 0xFFFF;
    if (index >= core->capacity || slot == 0 || slot > kMaxPendingCalls) {
        return {};
    }
    Connection * connection = core->clients[index];
    if (connection == nullptr) {
        return {};
    }
    PendingCall * call = &connection->calls[slot - 1];
    if (call->completion == nullptr || call->generation != generation) {
        return {};
    }
    return {.connection = connection, .call = call};
}

/// False when objects among the outputs have no handle: then the call fails.
bool Answer(const Located & located, kern_return_t status, const uint64_t * outputs,
            uint32_t count) {
    // The slot is free before the message leaves: what follows it may use the slot again.
    const PendingCall call = *located.call;
    *located.call = {};
    const Method & method = *call.method;
    uint64_t words[kDextgenMaxCompletionWords] = {};
    const uint32_t header = HeaderOf(method);
    if (header > 0) {
        words[0] = method.selector;
    }
    if (count > 0) {
        memcpy(words + header, outputs, count * sizeof(uint64_t));
    }
    HandlesUnhold(located.connection, method);
    const bool answered = status != kIOReturnSuccess || count == 0 ||
                          HandlesAnswer(located.connection, method, words + header);
    if (!answered) {
        memset(words + header, 0, (method.completionWords - header) * sizeof(uint64_t));
        status = kIOReturnInternalError;
    }
    if (method.answerRule != nullptr) {
        ClearPadding(*method.answerRule, words + header + method.answerWord);
    }
    SendCompletion(located.connection, call.completion, status, words, method.completionWords);
    call.completion->release();
    return answered;
}

} // namespace

uint64_t PendingBegin(Connection * connection, const Method & method, OSAction * completion) {
    for (uint32_t slot = 0; slot < kMaxPendingCalls; slot++) {
        PendingCall * call = &connection->calls[slot];
        if (call->completion != nullptr) {
            continue;
        }
        completion->retain();
        *call = {.completion = completion,
                 .generation = ++connection->core->generation,
                 .method = &method};
        return static_cast<uint64_t>(call->generation) << 32 |
               static_cast<uint64_t>(connection->index) << 16 | (slot + 1);
    }
    return 0;
}

uint32_t PendingOf(const Connection & connection, uint64_t selector) {
    uint32_t count = 0;
    for (const PendingCall & call : connection.calls) {
        count += call.completion != nullptr && call.method->selector == selector ? 1 : 0;
    }
    return count;
}

void PendingDrop(Core * core, uint64_t token) {
    const Located located = Locate(core, token);
    if (located.call != nullptr) {
        OSAction * completion = located.call->completion;
        HandlesUnhold(located.connection, *located.call->method);
        *located.call = {};
        completion->release();
    }
}

bool PendingComplete(Core * core, uint64_t token, kern_return_t status, const uint64_t * outputs,
                     uint32_t count) {
    const Located located = Locate(core, token);
    return located.call != nullptr &&
           count + HeaderOf(*located.call->method) <= located.call->method->completionWords &&
           Answer(located, status, outputs, count) && status == kIOReturnSuccess;
}

void PendingSettle(Connection * connection, kern_return_t reason) {
    for (PendingCall & call : connection->calls) {
        if (call.completion != nullptr) {
            (void)Answer({.connection = connection, .call = &call}, reason, nullptr, 0);
        }
    }
}

} // namespace dextgen
