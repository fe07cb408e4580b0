// Calls as an app could send them: well-formed, wrong and hostile. Every test ends with nothing
// alive: no object, no block, no retained completion.
#include "runtime_app.h"

#include <initializer_list>

namespace {

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

} // namespace

int main() {
    TestScalars();
    TestSelectors();
    TestInputs();
    TestOutputs();
    TestAsyncCalls();
    TestHandshake();
    CHECK(gLiveObjects == 0);
    CHECK(gLiveBlocks == 0);
    return Finish();
}
