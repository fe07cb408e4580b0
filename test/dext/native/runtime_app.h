// An interface with one method and one event of each kind, the hooks behind it, and an app that
// calls it: what the tests of the dext's runtime have in common.
#ifndef RUNTIME_APP_H
#define RUNTIME_APP_H

#include "check.h"
#include "dextgen_dext.h"
#include "driverkit.h"

#include <string.h>

using namespace dextgen;

namespace {

constexpr uint64_t kBase = 0xDE000000;
constexpr uint32_t kLong = 10000;
constexpr uint32_t kClients = 32;

/// What the hooks below saw and answer.
struct Hooks {
    uint32_t calls;
    uint8_t bytes[kLong];
    uint64_t length;
    uint64_t answerLength;
    kern_return_t status;
    uint64_t token;
    uint32_t followers[3];
} gHooks;

Call * CallOf(void * reference) {
    return static_cast<Call *>(reference);
}

kern_return_t Double(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    gHooks.calls++;
    call->out[0] = call->in[0] * 2;
    return gHooks.status;
}

kern_return_t Take(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    gHooks.calls++;
    gHooks.length = call->inputSize;
    memcpy(gHooks.bytes, call->input, call->inputSize);
    return gHooks.status;
}

kern_return_t Give(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    gHooks.calls++;
    gHooks.length = call->outputCapacity;
    for (uint64_t i = 0; i < call->outputCapacity; i++) {
        CHECK(call->output[i] == 0);
    }
    if (gHooks.answerLength <= call->outputCapacity) {
        memset(call->output, 0x5A, gHooks.answerLength);
    }
    return CallFinishBytes(call, gHooks.status, gHooks.answerLength);
}

kern_return_t Fixed(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    gHooks.calls++;
    memset(call->output, 0xFF, 8); // a careless hook: padding and all
    return gHooks.status;
}

kern_return_t Later(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    const kern_return_t opened = CallOpen(call);
    if (opened != kIOReturnSuccess) {
        return opened;
    }
    gHooks.calls++;
    gHooks.token = call->token;
    return gHooks.status;
}

struct Padded {
    uint32_t number;
    uint8_t flag;
};

const ValueRule kDoubleScalars[] = {
    {.scalar = Scalar::U32, .bounds = kHasMin | kHasMax, .min = {.u = 1}, .max = {.u = 100}}};
const FieldRule kPaddedFields[] = {
    {.offset = 4, .count = 1, .stride = 1, .value = {.scalar = Scalar::Bool}}};
const PaddingRule kPaddedPadding[] = {{.offset = 5, .size = 3, .count = 1, .stride = 0}};
const StructRule kPadded = {.size = 8,
                            .fields = kPaddedFields,
                            .fieldCount = 1,
                            .padding = kPaddedPadding,
                            .paddingCount = 1};

constexpr uint32_t kAny = kIOUserClientVariableStructureSize;
const Method kMethods[] = {
    {.selector = 1, .dispatch = {Double, 0, 1, 0, 1, 0}, .scalars = kDoubleScalars},
    {.selector = 7,
     .dispatch = {Take, 0, 0, kAny, 0, 0},
     .input = Carrier::Bytes,
     .inputMin = 2,
     .inputMax = kLong},
    {.selector = 8,
     .dispatch = {Take, 0, 0, 8, 0, 0},
     .input = Carrier::Fixed,
     .inputMin = 8,
     .inputMax = 8,
     .inputRule = &kPadded},
    {.selector = 9,
     .dispatch = {Give, 0, 0, 0, 1, kAny},
     .output = Carrier::Bytes,
     .outputMax = kLong,
     .lengthScalar = 0},
    {.selector = 10,
     .dispatch = {Give, 0, 0, 0, 0, kAny},
     .output = Carrier::Bytes,
     .outputMax = 4096},
    {.selector = 11,
     .dispatch = {Fixed, 0, 0, 0, 0, 8},
     .output = Carrier::Fixed,
     .outputMax = 8,
     .outputRule = &kPadded},
    {.selector = 4000000000u, .dispatch = {Later, 1, 0, 0, 0, 0}, .completionWords = 4},
};

template <int event> void Notify(OSObject *, uint32_t count) {
    gHooks.followers[event] = count;
}

const Event kEvents[] = {
    {.id = 1,
     .ring = true,
     .payloadSize = 8,
     .words = 3,
     .capacity = 4,
     .policy = kDextgenPolicyDropOldest,
     .inFlight = 4,
     .ringMemoryType = 0x100,
     .controlMemoryType = 0x101,
     .layout = &kPadded,
     .notify = Notify<0>},
    {.id = 2,
     .ring = false,
     .payloadSize = 8,
     .words = 3,
     .policy = kDextgenPolicyDropNewest,
     .inFlight = 2,
     .notify = Notify<1>},
    {.id = 5,
     .ring = true,
     .payloadSize = 200,
     .words = 0,
     .capacity = 2,
     .policy = kDextgenPolicyDropNewest,
     .inFlight = 4,
     .ringMemoryType = 0x102,
     .controlMemoryType = 0x103,
     .notify = Notify<2>},
};
const Buffer kBuffers[] = {
    {.memoryType = 1, .size = 16384, .readOnly = true, .shared = true},
    {.memoryType = 2, .size = 16384, .readOnly = false, .shared = false},
};
const Interface kInterface = {.hashHigh = 11,
                              .hashLow = 12,
                              .version = 0x10002,
                              .hasContract = true,
                              .contractBase = kBase,
                              .methods = kMethods,
                              .methodCount = 7,
                              .events = kEvents,
                              .eventCount = 3,
                              .buffers = kBuffers,
                              .bufferCount = 2,
                              .maxClients = kClients};

/// One connection, with what its app's calls need.
struct App {
    explicit App(Core * core, const Interface & interface = kInterface) : client(new IOUserClient) {
        CHECK(ConnectionStart(&connection, interface,
                              {.core = core, .driver = nullptr, .client = client}) ==
              kIOReturnSuccess);
    }
    ~App() {
        ConnectionStop(&connection);
        ConnectionFree(&connection);
        action->release();
        client->release();
    }

    /// The way of ExternalMethod in a generated user client; the base class's part is its row
    /// check.
    kern_return_t Send(uint64_t selector) {
        sent.scalarInput = in;
        sent.scalarOutput = out;
        Call call = {};
        kern_return_t status = CallBegin(&call, &connection, selector, &sent);
        if (status == kIOReturnSuccess) {
            status = call.method->dispatch.function(client, &call, &sent);
        }
        return CallEnd(&call, status);
    }

    kern_return_t Contract(uint64_t number, uint32_t inputs, uint32_t outputs,
                           bool completion = false) {
        sent = {};
        sent.scalarInputCount = inputs;
        sent.scalarOutputCount = outputs;
        sent.completion = completion ? action : nullptr;
        return Send(kBase + number);
    }

    uint64_t Subscribe(uint64_t event) {
        in[0] = event;
        CHECK(Contract(kDextgenSubscribe, 1, 1, true) == kIOReturnSuccess);
        return out[0];
    }

    kern_return_t Acknowledge(uint64_t subscription, uint64_t count) {
        in[0] = subscription;
        in[1] = count;
        return Contract(kDextgenAcknowledge, 2, 0);
    }

    /// The stored rejection: rule, and by reference the argument.
    uint64_t Rejection(uint64_t * argument = nullptr) {
        CHECK(Contract(kDextgenLastRejection, 0, 5) == kIOReturnSuccess);
        if (argument != nullptr) {
            *argument = out[1];
        }
        return out[2];
    }

    const Completion & Last() { return client->completions[client->completionCount - 1]; }

    IOUserClient * client;
    OSAction * action = new OSAction;
    Connection connection = {};
    IOUserClientMethodArguments sent = {};
    uint64_t in[16] = {};
    uint64_t out[16] = {};
};

struct World {
    World() { gHooks = {}; }
    ~World() { CoreStop(&core, kIOReturnAborted); }
    Core core = {};
};

} // namespace

#endif
