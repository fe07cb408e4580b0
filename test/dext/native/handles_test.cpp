// Handles of calls and of answers, at random and at every limit, driven as an app and a hook would.
// Every test ends with nothing alive.
#include "handles_app.h"

#include "handle-calls.h"

#include <initializer_list>
#include <string.h>

namespace {

/// A call of a method that does one thing with one handle.
struct Step {
    Step(Connection * connection, uint32_t type, HandleUse use)
        : slot{.index = 0, .type = type, .use = use}, method{.handles = &slot, .handleCount = 1} {
        call.connection = connection;
        call.method = &method;
        call.inCount = 1;
    }
    HandleSlot slot;
    Method method;
    Call call = {};
    Fault fault = {};
};

void Leave(Call * call) {
    CHECK(HandlesResolve(call));
    HandlesDone(call);
    HandlesLeave(call);
}

uint64_t Create(Connection * connection, uint32_t type, uint64_t object) {
    Step step(connection, type, HandleUse::Creates);
    if (!HandlesEnter(&step.call, &step.fault)) {
        CHECK(step.fault.rule == kDextgenRuleQuota);
        return 0;
    }
    step.call.out[0] = object;
    Leave(&step.call);
    return step.call.out[0];
}

/// The object, or all ones.
uint64_t Use(Connection * connection, uint32_t type, uint64_t handle, HandleUse use) {
    Step step(connection, type, use);
    step.call.in[0] = handle;
    if (!HandlesEnter(&step.call, &step.fault)) {
        CHECK(step.fault.rule == kDextgenRuleHandle && step.fault.actual == handle);
        return UINT64_MAX;
    }
    Leave(&step.call);
    return step.call.in[0];
}

uint32_t gSeed = 1;

uint32_t Random(uint32_t below) {
    gSeed = gSeed * 1664525u + 1013904223u;
    return (gSeed >> 8) % below;
}

/// Against a plain list of what should be there.
void TestHandlesAtRandom() {
    World world;
    Client client(&world.core);
    static uint64_t handles[kMost], dead[kMost];
    uint32_t count = 0, deadCount = 0;
    for (uint64_t step = 1; step <= 20000; step++) {
        const uint32_t what = Random(5);
        if (what < 2) {
            const uint64_t handle = Create(&client.connection, kBuffers, step);
            CHECK((handle == 0) == (count == kMost));
            if (handle != 0) {
                for (uint32_t i = 0; i < count; i++) {
                    CHECK(handles[i] != handle);
                }
                handles[count++] = handle;
            }
        } else if (what == 2 && count > 0) {
            const uint32_t index = Random(count);
            const uint64_t object =
                Use(&client.connection, kBuffers, handles[index], HandleUse::Closes);
            CHECK(gReleased.objects[(gReleased.count - 1) % 512] == object);
            dead[deadCount++ % kMost] = handles[index];
            handles[index] = handles[--count];
        } else if (what == 3 && count > 0) {
            const uint64_t handle = handles[Random(count)];
            uint64_t object = 0;
            CHECK(HandleFind(client.connection, kBuffers, handle, &object));
            CHECK(Use(&client.connection, kBuffers, handle, HandleUse::Uses) == object);
            CHECK(HandleOf(client.connection, kBuffers, object) == handle);
        } else if (deadCount > 0) {
            const uint32_t known = deadCount < kMost ? deadCount : kMost;
            CHECK(Use(&client.connection, kBuffers, dead[Random(known)], HandleUse::Uses) ==
                  UINT64_MAX);
        }
    }
    gReleased = {};
    HandlesRelease(&client.connection);
    CHECK(gReleased.count == count);
    for (uint32_t i = 1; i < gReleased.count; i++) {
        CHECK(gReleased.objects[i - 1] > gReleased.objects[i]); // newest first
    }
}

void TestForeignHandles() {
    World world;
    Client one(&world.core), two(&world.core);
    const uint64_t buffer = Create(&one.connection, kBuffers, 7);
    const uint64_t slot = Create(&one.connection, kSlots, 8);
    CHECK(buffer == (UINT64_C(1) << 32 | 1) && slot == (1u << 16 | 1));
    CHECK(Use(&two.connection, kBuffers, buffer, HandleUse::Uses) == UINT64_MAX);
    CHECK(Use(&one.connection, kSlots, buffer, HandleUse::Uses) == UINT64_MAX);
    for (uint64_t bit = 0; bit < 64; bit++) {
        CHECK(Use(&one.connection, kBuffers, buffer ^ UINT64_C(1) << bit, HandleUse::Uses) ==
              UINT64_MAX);
    }
    // What the driver forgot is not released a second time.
    HandleForget(&one.connection, kBuffers, 7);
    HandleForget(&one.connection, kBuffers, 7);
    CHECK(Use(&one.connection, kBuffers, buffer, HandleUse::Uses) == UINT64_MAX);
    CHECK(gReleased.count == 0);
    CHECK(Use(&one.connection, kSlots, slot, HandleUse::Uses) == 8);
    // An object without a handle must not leave as one.
    Step step(&one.connection, kBuffers, HandleUse::Returns);
    CHECK(HandlesEnter(&step.call, &step.fault));
    step.call.out[0] = 99;
    CHECK(!HandlesResolve(&step.call) && step.call.out[0] == 0);
    HandlesDone(&step.call);
}

/// What a call that is under way was promised, nobody else gets.
void TestPromisedHandles() {
    World world;
    Client client(&world.core);
    Connection * connection = &client.connection;
    const HandleSlot slots[] = {{.index = 0, .type = kBuffers, .use = HandleUse::Creates},
                                {.index = 1, .type = kBuffers, .use = HandleUse::Creates},
                                {.index = 2, .type = kSlots, .use = HandleUse::Returns}};
    const Method method = {.answerHandles = slots, .answerHandleCount = 3};
    Fault fault = {};
    for (uint32_t i = 0; i < kMost - 2; i++) {
        CHECK(Create(connection, kBuffers, i) != 0);
    }
    CHECK(HandlesHold(connection, method, &fault));
    CHECK(Create(connection, kBuffers, 1000) == 0);
    CHECK(HandleMake(connection, kBuffers, 1000) == 0 && HandleMake(connection, kBuffers, 5) != 0);
    CHECK(!HandlesHold(connection, method, &fault));
    CHECK(fault.rule == kDextgenRuleQuota && fault.limit == kMost && fault.actual == kMost);
    HandlesUnhold(connection, method);
    // One is missing: none is made.
    uint64_t words[] = {2000, 2001, 7};
    const uint64_t order = connection->handleOrder;
    CHECK(!HandlesAnswer(connection, method, words));
    CHECK(HandleOf(*connection, kBuffers, 2000) == 0);
    const uint64_t slot = HandleMake(connection, kSlots, 7);
    uint64_t again[] = {2000, 2001, 7};
    CHECK(HandlesAnswer(connection, method, again));
    CHECK(again[0] == HandleOf(*connection, kBuffers, 2000) && again[2] == slot);
    CHECK(again[0] != again[1] && gReleased.count == 0);
    HandlesUndo(connection, order);
    CHECK(HandleOf(*connection, kSlots, 7) == slot && gReleased.count == 0);
    CHECK(HandleMake(connection, kBuffers, 2000) == again[0]); // the app has it
}

/// Inside a struct, in either byte order.
void TestHandlesInStructs() {
    World world;
    Client one(&world.core), two(&world.core);
    const FieldRule fields[] = {{.offset = 0,
                                 .count = 2,
                                 .stride = 8,
                                 .value = {.scalar = Scalar::U64},
                                 .handle = kBuffers},
                                {.offset = 16,
                                 .count = 1,
                                 .stride = 4,
                                 .value = {.scalar = Scalar::U32},
                                 .bigEndian = true,
                                 .handle = kSlots}};
    const StructRule rule = {.size = 20, .fields = fields, .fieldCount = 2};
    const uint64_t buffer = HandleMake(&one.connection, kBuffers, 70);
    const uint64_t slot = HandleMake(&one.connection, kSlots, 80);
    uint8_t bytes[20] = {};
    memcpy(bytes, &buffer, 8);
    memcpy(bytes + 8, &buffer, 8);
    for (uint32_t i = 0; i < 4; i++) {
        bytes[16 + i] = static_cast<uint8_t>(slot >> (24 - 8 * i));
    }
    Fault fault = {};
    const HandleLookup mine = HandlesOf(&one.connection), others = HandlesOf(&two.connection);
    CHECK(CheckStruct(rule, bytes, &fault, &mine));
    CHECK(!CheckStruct(rule, bytes, &fault, &others) && fault.rule == kDextgenRuleHandle);
    CHECK(fault.argument == kDextgenArgumentStruct + 1 && fault.actual == buffer);
    CHECK(!CheckStruct(rule, bytes, &fault)); // nobody to ask
    bytes[8] ^= 1;
    CHECK(!CheckStruct(rule, bytes, &fault, &mine));
    CHECK(fault.argument == kDextgenArgumentStruct + 1 + 8);
    bytes[8] ^= 1;
    HandleForget(&one.connection, kSlots, 80);
    CHECK(!CheckStruct(rule, bytes, &fault, &mine));
    CHECK(fault.argument == kDextgenArgumentStruct + 1 + 16 && fault.actual == slot);
}

/// Every place of the smaller handles, and a generation that goes round.
void TestManySlots() {
    World world;
    Client client(&world.core);
    uint64_t last = 0;
    for (uint32_t i = 0; i < kMostSlots; i++) {
        last = Create(&client.connection, kSlots, i);
        CHECK(last >> 16 == 1 && (last & 0xFFFF) == i + 1);
    }
    CHECK(Create(&client.connection, kSlots, 1) == 0);
    for (uint32_t i = 0; i < 0x10000; i++) {
        CHECK(Use(&client.connection, kSlots, last, HandleUse::Closes) != UINT64_MAX);
        last = Create(&client.connection, kSlots, i);
        CHECK(last != 0 && last <= UINT32_MAX && (last & 0xFFFF) == kMostSlots);
    }
}

/// A call that fails takes back what it made itself, and nothing that an answer gave out meanwhile.
void TestAnswerWithinAFailingCall() {
    for (const bool succeeded : {false, true}) {
        World world;
        Client client(&world.core);
        Connection * connection = &client.connection;
        const HandleSlot slots[] = {{.index = 0, .type = kBuffers, .use = HandleUse::Creates},
                                    {.index = 1, .type = kBuffers, .use = HandleUse::Returns}};
        const Method other = {.answerHandles = slots, .answerHandleCount = 2};
        Step step(connection, kBuffers, HandleUse::Creates);
        step.call.handleOrder = connection->handleOrder;
        CHECK(HandlesEnter(&step.call, &step.fault));
        const uint64_t own = HandleMake(connection, kBuffers, 51);
        CHECK(own != 0 && HandleMake(connection, kBuffers, 52) != 0);
        uint64_t words[] = {50, 52};
        CHECK(HandlesAnswer(connection, other, words));
        step.call.out[0] = 53;
        if (succeeded) {
            HandlesAbandon(&step.call); // the hook did, but its outputs could not leave
        }
        HandlesDone(&step.call);
        HandlesUndo(connection, step.call.handleOrder);
        uint64_t object = 0;
        CHECK(HandleFind(*connection, kBuffers, words[0], &object) && object == 50);
        CHECK(HandleFind(*connection, kBuffers, words[1], &object) && object == 52);
        CHECK(!HandleFind(*connection, kBuffers, own, &object));
        CHECK(gReleased.count == (succeeded ? 2u : 0u));
        CHECK(!succeeded || (gReleased.objects[0] == 53 && gReleased.objects[1] == 51));
        gReleased = {};
        ConnectionStop(connection); // the end takes all of them
        CHECK(gReleased.count == 2 && gReleased.objects[0] + gReleased.objects[1] == 102);
    }
}

Connection * gGreedy;

void ReleaseAndMake(OSObject *, IOUserClient *, uint64_t object) {
    Release(nullptr, nullptr, object);
    while (gGreedy != nullptr && HandleMake(gGreedy, 0, 1000 + gGreedy->handleOrder) != 0) {
    }
}

/// What a call was promised is made before the driver hears of what the call closes.
void TestCloseAndCreate() {
    World world;
    const HandleType types[] = {{.max = 2, .release = ReleaseAndMake}};
    const Interface interface = {.maxClients = 1, .handles = types, .handleTypeCount = 1};
    Client client(&world.core, interface);
    const uint64_t closed = HandleMake(&client.connection, 0, 7);
    const HandleSlot slots[] = {{.index = 0, .type = 0, .use = HandleUse::Closes},
                                {.index = 0, .type = 0, .use = HandleUse::Creates}};
    const Method method = {.handles = slots, .handleCount = 2};
    Call call = {.connection = &client.connection, .method = &method, .inCount = 1};
    call.in[0] = closed;
    Fault fault = {};
    CHECK(HandlesEnter(&call, &fault) && call.in[0] == 7);
    call.out[0] = 8;
    gGreedy = &client.connection;
    Leave(&call);
    gGreedy = nullptr;
    uint64_t object = 0;
    CHECK(HandleFind(client.connection, 0, call.out[0], &object) && object == 8);
    CHECK(gReleased.count == 1 && gReleased.objects[0] == 7);
}

/// The end of a subscription makes nothing, so there is nothing to get rid of when it fails.
void TestLeavingCreatesNothing() {
    World world;
    Client client(&world.core);
    Step step(&client.connection, kBuffers, HandleUse::Creates);
    step.method.leaves = true;
    IOUserClientMethodArguments sent = {};
    step.call.arguments = &sent;
    CHECK(HandlesEnter(&step.call, &step.fault));
    HandlesAbandon(&step.call);
    CHECK(gReleased.count == 0);
}

} // namespace

int main() {
    TestHandlesAtRandom();
    TestForeignHandles();
    TestPromisedHandles();
    TestHandlesInStructs();
    TestManySlots();
    TestAnswerWithinAFailingCall();
    TestCloseAndCreate();
    TestLeavingCreatesNothing();
    CHECK(gLiveBlocks == 0);
    CHECK(gLiveObjects == 0);
    return Finish();
}
