// Calls, subscriptions, rings and ends of connections, as an app could send them: well-formed,
// wrong and hostile. Every test ends with nothing alive: no object, no block, no retained
// completion.
#include "check.h"
#include "dextgen_dext.h"
#include "driverkit.h"

#include <initializer_list>
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

void TestScalars() {
    World world;
    App app(&world.core);
    app.sent = {.scalarInputCount = 1, .scalarOutputCount = 1};
    app.in[0] = 21;
    CHECK(app.Send(1) == kIOReturnSuccess && app.out[0] == 42);
    app.out[0] = 0;
    app.in[0] = 101;
    CHECK(app.Send(1) == kIOReturnBadArgument && app.out[0] == 0);
    uint64_t argument = 9;
    CHECK(app.Rejection(&argument) == kDextgenRuleMax && argument == 0 && app.out[3] == 100 &&
          app.out[4] == 101);
    CHECK(app.Rejection() == kDextgenRuleNone); // read once
    app.sent = {.scalarInputCount = 1, .scalarOutputCount = 1};
    CHECK(app.Send(1) == kIOReturnBadArgument);
    app.sent = {.scalarInputCount = 1, .scalarOutputCount = 1};
    app.in[0] = 1;
    CHECK(app.Send(1) == kIOReturnSuccess &&
          app.Rejection() == kDextgenRuleNone); // of the last call
    app.in[0] = 101;
    app.sent = {.scalarInputCount = 2, .scalarOutputCount = 1};
    CHECK(app.Send(1) == kIOReturnBadArgument && app.Rejection() == kDextgenRuleScalarCount);
    app.sent = {.scalarInputCount = 1, .scalarOutputCount = 0};
    CHECK(app.Send(1) == kIOReturnBadArgument &&
          app.Rejection(&argument) == kDextgenRuleScalarCount);
    CHECK(argument == kDextgenArgumentScalarOutput);
    app.sent = {.completion = app.action, .scalarInputCount = 1, .scalarOutputCount = 1};
    CHECK(app.Send(1) == kIOReturnBadArgument && app.Rejection() == kDextgenRuleCompletion);
    CHECK(gHooks.calls == 2);
    // An error of the driver itself leaves neither outputs nor a rejection.
    gHooks.status = kIOReturnBusy;
    app.sent = {.scalarInputCount = 1, .scalarOutputCount = 1};
    app.in[0] = 3;
    app.out[0] = 77;
    CHECK(app.Send(1) == kIOReturnBusy && app.out[0] == 77 && app.Rejection() == kDextgenRuleNone);
}

void TestSelectors() {
    World world;
    App app(&world.core);
    for (const uint64_t selector :
         {uint64_t{0}, uint64_t{2}, uint64_t{3999999999}, UINT64_MAX, kBase + 9, kBase - 1}) {
        app.sent = {};
        CHECK(app.Send(selector) == kIOReturnUnsupported);
        CHECK(app.Rejection() == kDextgenRuleUnknownSelector && app.out[0] == selector);
    }
    Interface bare = kInterface;
    bare.hasContract = false;
    App other(&world.core, bare);
    CHECK(other.Send(kBase) == kIOReturnUnsupported);
    Interface empty = bare;
    empty.methods = nullptr;
    empty.methodCount = 0;
    App none(&world.core, empty);
    CHECK(none.Send(1) == kIOReturnUnsupported);
}

kern_return_t SendBytes(App & app, uint64_t selector, uint64_t length, bool descriptor) {
    static uint8_t bytes[kLong + 1];
    memset(bytes, 0x33, sizeof bytes);
    app.sent = {};
    OSData * data = nullptr;
    IOMemoryDescriptor * memory = nullptr;
    if (descriptor) {
        memory = new IOMemoryDescriptor(length);
        memset(memory->bytes, 0x33, length);
    } else if (length > 0) {
        data = OSData::withBytes(bytes, length);
    }
    app.sent.structureInput = data;
    app.sent.structureInputDescriptor = memory;
    const kern_return_t status = app.Send(selector);
    OSSafeReleaseNULL(data);
    OSSafeReleaseNULL(memory);
    return status;
}

void TestInputs() {
    World world;
    App app(&world.core);
    uint64_t argument = 0;
    CHECK(SendBytes(app, 7, 0, false) == kIOReturnBadArgument);
    CHECK(app.Rejection(&argument) == kDextgenRuleStructSize && argument == kDextgenArgumentStruct);
    CHECK(app.out[3] == 2 && app.out[4] == 0);
    CHECK(SendBytes(app, 7, 2, false) == kIOReturnSuccess && gHooks.length == 2);
    CHECK(SendBytes(app, 7, 4096, false) == kIOReturnSuccess && gHooks.length == 4096);
    CHECK(SendBytes(app, 7, 4097, true) == kIOReturnSuccess && gHooks.length == 4097);
    CHECK(SendBytes(app, 7, kLong, true) == kIOReturnSuccess && gHooks.bytes[kLong - 1] == 0x33);
    CHECK(SendBytes(app, 7, kLong + 1, true) == kIOReturnBadArgument &&
          app.Rejection() == kDextgenRuleStructSize);
    CHECK(SendBytes(app, 1, 4, false) == kIOReturnBadArgument); // a struct where none belongs
    app.sent = {};
    IOMemoryDescriptor * memory = new IOMemoryDescriptor(5000);
    memory->mapStatus = kIOReturnVMError;
    app.sent.structureInputDescriptor = memory;
    CHECK(app.Send(7) == kIOReturnVMError);
    memory->release();
    CHECK(SendBytes(app, 8, 7, false) == kIOReturnBadArgument &&
          SendBytes(app, 8, 9, false) == kIOReturnBadArgument);
    CHECK(SendBytes(app, 8, 8, false) == kIOReturnBadArgument); // 0x33 is no bool
    CHECK(app.Rejection(&argument) == kDextgenRuleMax &&
          argument == kDextgenArgumentStruct + 1 + 4);
}

void TestOutputs() {
    World world;
    App app(&world.core);
    const auto ask = [&](uint64_t selector, uint32_t outputs, uint64_t room,
                         IOMemoryDescriptor * memory = nullptr) {
        app.sent = {};
        app.sent.scalarOutputCount = outputs;
        app.sent.structureOutputMaximumSize = memory != nullptr ? memory->length : room;
        app.sent.structureOutputDescriptor = memory;
        const kern_return_t status = app.Send(selector);
        return status;
    };
    const auto taken = [&] {
        const size_t length =
            app.sent.structureOutput != nullptr ? app.sent.structureOutput->length : SIZE_MAX;
        OSSafeReleaseNULL(app.sent.structureOutput);
        return length;
    };
    gHooks.answerLength = 10;
    CHECK(ask(9, 1, 100) == kIOReturnSuccess && app.out[0] == 10 && gHooks.length == 100 &&
          taken() == 10);
    gHooks.answerLength = 0; // nothing is an answer too
    CHECK(ask(9, 1, 100) == kIOReturnSuccess && app.out[0] == 0 && taken() == 0);
    CHECK(ask(9, 1, 0) == kIOReturnSuccess && taken() == 0);
    gHooks.answerLength = kLong;
    CHECK(ask(9, 1, kAny) == kIOReturnSuccess && gHooks.length == kLong && taken() == kLong);
    gHooks.answerLength = 101; // a hook that overran its room
    CHECK(ask(9, 1, 100) == kIOReturnInternalError && taken() == SIZE_MAX);
    IOMemoryDescriptor * memory = new IOMemoryDescriptor(6000);
    gHooks.answerLength = 5000;
    CHECK(ask(9, 1, 0, memory) == kIOReturnSuccess && app.out[0] == 5000 && taken() == SIZE_MAX);
    CHECK(static_cast<uint8_t *>(memory->bytes)[4999] == 0x5A &&
          static_cast<uint8_t *>(memory->bytes)[5000] == 0);
    // Without a scalar for it the length could not be told.
    CHECK(ask(10, 0, 0, memory) == kIOReturnBadArgument &&
          app.Rejection() == kDextgenRuleStructSize);
    memory->mapStatus = kIOReturnError;
    CHECK(ask(9, 1, 0, memory) == kIOReturnError);
    memory->release();
    CHECK(ask(11, 0, 7) == kIOReturnBadArgument && ask(11, 0, 9) == kIOReturnBadArgument);
    CHECK(ask(11, 0, 8) == kIOReturnSuccess);
    const uint8_t * bytes = static_cast<const uint8_t *>(app.sent.structureOutput->bytes);
    CHECK(bytes[4] == 0xFF && bytes[5] == 0 && bytes[7] == 0);
    CHECK(taken() == 8);
    gHooks.status = kIOReturnBusy;
    CHECK(ask(11, 0, 8) == kIOReturnBusy && taken() == SIZE_MAX);
}

void TestAsyncCalls() {
    World world;
    uint64_t orphan = 0;
    const uint64_t words[] = {1, 2};
    {
        App app(&world.core);
        const auto call = [&] {
            app.sent = {};
            app.sent.completion = app.action;
            return app.Send(4000000000u);
        };
        CHECK(call() == kIOReturnSuccess && app.action->references == 2);
        const uint64_t token = gHooks.token;
        PendingComplete(&world.core, token ^ (UINT64_C(1) << 32), kIOReturnSuccess, words, 2);
        PendingComplete(&world.core, token + 1, kIOReturnSuccess, words, 2);
        PendingComplete(&world.core, token + (UINT64_C(1) << 16), kIOReturnSuccess, words, 2);
        PendingComplete(&world.core, 0, kIOReturnSuccess, words, 2);
        PendingComplete(&world.core, UINT64_MAX, kIOReturnSuccess, words, 2);
        CHECK(app.client->completionCount == 0);
        PendingComplete(&world.core, token, kIOReturnSuccess, words, 2);
        PendingComplete(&world.core, token, kIOReturnSuccess, words, 2); // twice is once
        CHECK(app.client->completionCount == 1 && app.action->references == 1);
        CHECK(app.Last().count == 4 && app.Last().words[0] == 4000000000u &&
              app.Last().words[3] == 2);
        gHooks.status = kIOReturnBusy;
        CHECK(call() == kIOReturnBusy && app.action->references == 1);
        PendingComplete(&world.core, gHooks.token, kIOReturnSuccess, words, 2);
        CHECK(app.client->completionCount == 1);
        gHooks.status = kIOReturnSuccess;
        for (uint32_t i = 0; i < kMaxPendingCalls; i++) {
            CHECK(call() == kIOReturnSuccess);
        }
        CHECK(call() == kIOReturnNoResources && app.Rejection() == kDextgenRuleQuota);
        orphan = gHooks.token;
        ConnectionStop(&app.connection);
        CHECK(app.client->completionCount == 1 + kMaxPendingCalls &&
              app.Last().status == kIOReturnAborted);
        CHECK(app.Last().count == 4 && app.action->references == 1);
        CHECK(call() == kIOReturnNotReady);
    }
    App next(&world.core); // takes the slot of the one that went
    next.sent = {};
    next.sent.completion = next.action;
    CHECK(next.Send(4000000000u) == kIOReturnSuccess);
    PendingComplete(&world.core, orphan, kIOReturnSuccess, words, 2);
    CHECK(next.client->completionCount == 0);
}

void Emit(Core * core, uint32_t event, uint32_t first, uint32_t count) {
    static uint8_t records[64 * 200];
    const uint32_t size = kEvents[event].payloadSize;
    memset(records, 0xFF, sizeof records);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t number = first + i;
        memcpy(records + i * size, &number, sizeof number);
    }
    EmitRecords(core, kInterface, event, {records, count});
}

void TestSubscriptions() {
    World world;
    App app(&world.core);
    app.in[0] = 3;
    CHECK(app.Contract(kDextgenSubscribe, 1, 1, true) == kIOReturnNotFound &&
          app.Rejection() == kDextgenRuleHandle);
    app.in[0] = 2;
    CHECK(app.Contract(kDextgenSubscribe, 1, 1, false) == kIOReturnBadArgument);
    app.in[0] = 5; // too large for words, and no ring open
    CHECK(app.Contract(kDextgenSubscribe, 1, 1, true) == kIOReturnNotReady);
    const uint64_t first = app.Subscribe(2);
    CHECK(gHooks.followers[1] == 1 && app.action->references == 2);
    const uint64_t second = app.Subscribe(2);
    CHECK(second != first && gHooks.followers[1] == 1 && app.action->references == 2);
    CHECK(app.client->completionCount == 1 && app.Last().status == kIOReturnAborted);
    CHECK(app.Last().count == 3 && app.Last().words[0] == (2 | kDextgenWordEnded));
    CHECK(app.Acknowledge(first, 0) == kIOReturnNotFound);
    Emit(&world.core, 1, 0, 5); // a window of 2, drop-newest
    CHECK(app.client->completionCount == 3 && app.Last().count == 3);
    CHECK(app.Acknowledge(second, 3) == kIOReturnBadArgument &&
          app.Rejection() == kDextgenRuleCount);
    CHECK(app.Acknowledge(second, UINT64_MAX) == kIOReturnBadArgument);
    CHECK(app.Acknowledge(second, 1) == kIOReturnSuccess);
    Emit(&world.core, 1, 5, 1);
    CHECK(app.Last().words[0] == (2 | kDextgenWordLossy) && app.Last().words[1] == 3);
    app.in[0] = second;
    CHECK(app.Contract(kDextgenUnsubscribe, 1, 0) == kIOReturnSuccess && gHooks.followers[1] == 0);
    CHECK(app.action->references == 1 && app.Last().words[0] == (2 | kDextgenWordEnded));
    CHECK(app.Contract(kDextgenUnsubscribe, 1, 0) == kIOReturnNotFound);
    CHECK(app.Contract(kDextgenStatistics, 0, 5) == kIOReturnSuccess && app.out[3] == 3);
}

/// Without a ring the same event comes as completions; the window of 4 keeps the newest of what it
/// cannot send.
void TestDropOldestCompletions() {
    World world;
    App app(&world.core);
    const uint64_t id = app.Subscribe(1);
    Emit(&world.core, 0, 0, 4);
    Emit(&world.core, 0, 4, 7); // 4 wait, 3 are dropped
    CHECK(app.client->completionCount == 4);
    CHECK((app.Last().words[2] >> 40) == 0); // padding of the payload
    CHECK(app.Acknowledge(id, 2) == kIOReturnSuccess && app.client->completionCount == 6);
    const Completion & oldest = app.client->completions[4];
    CHECK(static_cast<uint32_t>(oldest.words[2]) == 7 && oldest.words[1] == 3);
    CHECK(app.client->completions[5].words[1] == 0);
    Emit(&world.core, 0, 11, 1); // behind those that wait, never before them
    CHECK(app.client->completionCount == 6);
    CHECK(app.Acknowledge(id, 4) == kIOReturnSuccess && app.client->completionCount == 9);
    CHECK(static_cast<uint32_t>(app.Last().words[2]) == 11);
    Emit(&world.core, 0, 12, 3);
    ConnectionStop(&app.connection);
    CHECK(app.Last().words[0] == (1 | kDextgenWordEnded | kDextgenWordLossy) &&
          app.Last().words[1] == 2);
}

IOMemoryDescriptor * Map(App & app, uint64_t type, uint64_t * options) {
    IOMemoryDescriptor * memory = nullptr;
    *options = 0xBAD;
    const kern_return_t status = MemoryCopyForType(&app.connection, type, options, &memory);
    CHECK((status == kIOReturnSuccess) == (memory != nullptr) && *options != 0xBAD);
    return memory;
}

void TestRings() {
    World world;
    App app(&world.core);
    uint64_t options = 0;
    CHECK(Map(app, 0x100, &options) == nullptr);
    app.in[0] = 2; // no ring
    CHECK(app.Contract(kDextgenRingOpen, 1, 4) == kIOReturnNotFound);
    app.in[0] = 1;
    CHECK(app.Contract(kDextgenRingClose, 1, 0) == kIOReturnNotFound);
    app.Subscribe(1); // a subscription to the records themselves, which the ring ends
    app.in[0] = 1;
    CHECK(app.Contract(kDextgenRingOpen, 1, 4) == kIOReturnSuccess);
    CHECK(app.out[0] == 4 && app.out[1] == 8 && app.out[2] == 0x100 && app.out[3] == 0x101);
    CHECK(app.client->completionCount == 1 && gHooks.followers[0] == 1);
    IOMemoryDescriptor * ring = Map(app, 0x100, &options);
    CHECK(options == kIOUserClientMemoryReadOnly);
    IOMemoryDescriptor * control = Map(app, 0x101, &options);
    CHECK(options == 0 && ring->length % 16384 == 0);
    auto * header = static_cast<DextgenRingHeader *>(ring->bytes);
    auto * page = static_cast<DextgenRingControl *>(control->bytes);
    page->armed = 1; // before there is a doorbell
    Emit(&world.core, 0, 0, 2);
    CHECK(app.client->completionCount == 1 && header->written == 2);
    app.Subscribe(1);
    CHECK(app.client->completionCount == 2 && app.Last().count == 3);
    CHECK(app.Last().words[0] == (1 | kDextgenWordDoorbell) && app.Last().words[2] == 1);
    Emit(&world.core, 0, 2, 10);
    CHECK(app.client->completionCount == 2 && header->written == 12 && header->reserved == 12);
    const auto * records =
        static_cast<const Padded *>(ring->bytes) + sizeof(DextgenRingHeader) / sizeof(Padded);
    CHECK(records[11 % 4].number == 11 && records[8 % 4].number == 8);
    CHECK(reinterpret_cast<const uint8_t *>(&records[3])[5] == 0); // padding
    page->armed = 2;
    Emit(&world.core, 0, 12, 1);
    Emit(&world.core, 0, 13, 1);
    CHECK(app.client->completionCount == 3 && app.Last().words[2] == 2);
    app.in[0] = 1;
    CHECK(app.Contract(kDextgenRingClose, 1, 0) == kIOReturnSuccess &&
          header->state == kDextgenRingClosed);
    CHECK(app.Last().words[0] == (1 | kDextgenWordEnded | kDextgenWordDoorbell) &&
          app.Last().count == 3);
    CHECK(gHooks.followers[0] == 0 && app.action->references == 1);
    IOMemoryDescriptor * again =
        Map(app, 0x100, &options); // unmapping late needs the same instance
    CHECK(again == ring);
    app.in[0] = 1;
    CHECK(app.Contract(kDextgenRingOpen, 1, 4) == kIOReturnSuccess);
    CHECK(header->written == 0 && header->state == kDextgenRingOpened &&
          Map(app, 0x100, &options) == ring);
    for (IOMemoryDescriptor * each : {ring, ring, ring, control}) {
        each->release();
    }
}

void TestHostileControlPage() {
    World world;
    App app(&world.core);
    App other(&world.core);
    for (App * each : {&app, &other}) {
        each->in[0] = 5;
        CHECK(each->Contract(kDextgenRingOpen, 1, 4) == kIOReturnSuccess);
        each->Subscribe(5);
    }
    CHECK(gHooks.followers[2] == 2);
    uint64_t options = 0;
    IOMemoryDescriptor * control = Map(app, 0x103, &options);
    static_cast<DextgenRingControl *>(control->bytes)->read = 77;
    control->release();
    Emit(&world.core, 2, 0, 5);
    CHECK(app.Last().words[0] ==
          (5 | kDextgenWordEnded | kDextgenWordDoorbell | kDextgenWordLossy));
    CHECK(app.Last().status == kIOReturnBadArgument && gHooks.followers[2] == 1);
    // The other app loses what its ring of 2 cannot hold, and learns of it when it arms.
    control = Map(other, 0x103, &options);
    static_cast<DextgenRingControl *>(control->bytes)->armed = 1;
    control->release();
    Emit(&world.core, 2, 5, 1);
    CHECK(other.client->completionCount == 1);
    CHECK(other.Last().words[0] == (5 | kDextgenWordDoorbell | kDextgenWordLossy) &&
          other.Last().words[1] == 4);
}

void TestMemory() {
    World world;
    App app(&world.core);
    App other(&world.core);
    uint64_t options = 0;
    IOMemoryDescriptor * shared = Map(app, 1, &options);
    CHECK(options == kIOUserClientMemoryReadOnly);
    IOMemoryDescriptor * same = Map(other, 1, &options);
    CHECK(shared == same);
    IOMemoryDescriptor * own = Map(app, 2, &options);
    CHECK(options == 0);
    IOMemoryDescriptor * others = Map(other, 2, &options);
    CHECK(own != others);
    CHECK(Map(app, 3, &options) == nullptr && Map(app, UINT64_MAX, &options) == nullptr);
    for (IOMemoryDescriptor * each : {shared, same, own, others}) {
        each->release();
    }
    ConnectionStop(&app.connection);
    CHECK(Map(app, 2, &options) == nullptr);
}

void TestHandshake() {
    World world;
    App app(&world.core);
    app.in[0] = 99; // another contract: the answer is what tells
    CHECK(app.Contract(kDextgenHandshake, 4, 5) == kIOReturnSuccess);
    CHECK(app.out[0] == 11 && app.out[1] == 12 && app.out[2] == 0x10002);
    CHECK((app.out[4] & 0xFFFF) == kMaxPendingCalls && app.out[4] >> 16 == kClients);
    CHECK(app.Contract(kDextgenHandshake, 3, 5) == kIOReturnBadArgument);
    CHECK(app.Contract(kDextgenRingKick, 1, 0) == kIOReturnNotFound);
}

void TestManyClients() {
    World world;
    static App * apps[kClients + 1];
    for (App *& app : apps) {
        app = new App(&world.core);
    }
    for (uint32_t i = 0; i < kClients; i++) {
        apps[i]->Subscribe(2);
    }
    CHECK(gHooks.followers[1] == kClients);
    CHECK(apps[kClients]->Contract(kDextgenStatistics, 0, 5) == kIOReturnNoResources);
    Emit(&world.core, 1, 1, 1);
    for (uint32_t i = 0; i < kClients; i++) {
        CHECK(apps[i]->client->completionCount == 1);
    }
    delete apps[3];
    CHECK(gHooks.followers[1] == kClients - 1);
    CHECK(apps[kClients]->Contract(kDextgenStatistics, 0, 5) == kIOReturnSuccess);
    CoreStop(&world.core, kIOReturnNotReady); // the device has gone
    for (uint32_t i = 0; i <= kClients; i++) {
        if (i != 3) {
            CHECK(i == kClients || apps[i]->Last().status == kIOReturnNotReady);
            CHECK(apps[i]->Contract(kDextgenStatistics, 0, 5) == kIOReturnNotReady);
            delete apps[i];
        }
    }
    CHECK(CoreBind(&world.core, kClients) && !CoreIsFull(&world.core, kClients));
    while (CoreBind(&world.core, kClients)) {
    }
    CHECK(CoreIsFull(&world.core, kClients) && world.core.bound == kClients);
}

void TestNeverStarted() {
    Connection connection = {};
    ConnectionStop(&connection);
    ConnectionFree(&connection);
    CHECK(connection.closed || connection.interface == nullptr);
}

} // namespace

int main() {
    TestScalars();
    TestSelectors();
    TestInputs();
    TestOutputs();
    TestAsyncCalls();
    TestSubscriptions();
    TestDropOldestCompletions();
    TestRings();
    TestHostileControlPage();
    TestMemory();
    TestHandshake();
    TestManyClients();
    TestNeverStarted();
    CHECK(gLiveObjects == 0);
    CHECK(gLiveBlocks == 0);
    return Finish();
}
