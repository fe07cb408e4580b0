// Handles, scalars that are more or fewer than declared, entitlements, roles and states, driven as
// an app and a hook would. Every test ends with nothing alive.
#include "check.h"
#include "dextgen_dext.h"
#include "driverkit.h"
#include "handle-calls.h"
#include "scalars.h"

#include <string.h>

using namespace dextgen;

namespace {

constexpr uint32_t kBuffers = 0, kSlots = 1;
constexpr uint32_t kMost = 100, kMostSlots = 65535;

struct Released {
    uint64_t objects[512];
    uint32_t count;
    uint32_t rolesLost;
} gReleased;

void Release(OSObject *, IOUserClient *, uint64_t object) {
    gReleased.objects[gReleased.count++ % 512] = object;
}

void Lost(OSObject *, IOUserClient *, uint32_t role) {
    gReleased.rolesLost |= 1u << role;
}

const HandleType kHandles[] = {
    {.max = kMost, .is32 = false, .release = Release},
    {.max = kMostSlots, .is32 = true, .release = Release},
};
const char * const kEntitlements[] = {"a.first", "a.second", "a.third"};
const Interface kInterface = {.maxClients = 4,
                              .handles = kHandles,
                              .handleTypeCount = 2,
                              .entitlements = kEntitlements,
                              .entitlementCount = 3,
                              .driverMachines = 1u << 1,
                              .roleLost = Lost};

struct Client {
    explicit Client(Core * core) : client(new IOUserClient) {
        CHECK(ConnectionStart(&connection, kInterface,
                              {.core = core, .driver = nullptr, .client = client}) ==
              kIOReturnSuccess);
        CHECK(ConnectionAttach(&connection) == kIOReturnSuccess);
    }
    ~Client() {
        ConnectionStop(&connection);
        ConnectionFree(&connection);
        client->release();
    }
    IOUserClient * client;
    Connection connection = {};
};

struct World {
    World() { gReleased = {}; }
    ~World() { CoreStop(&core, kIOReturnAborted); }
    Core core = {};
};

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
    HandlesRelease(&client.connection, 0);
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
    CHECK(HandleOf(*connection, kSlots, 7) == 0 && gReleased.count == 0);
    CHECK(HandleMake(connection, kBuffers, 2000) != again[0]);
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

void TestRolesAndStates() {
    World world;
    Client one(&world.core);
    const StateNeed needs[] = {{.machine = 0, .states = 1u << 1 | 1u << 31},
                               {.machine = 1, .states = 1u << 0}};
    const StateChange change[] = {{.machine = 1, .state = 1}};
    const Guard claim = {.claims = 2};
    const Guard guarded = {
        .requires_ = 2, .when = needs, .whenCount = 2, .leadsTo = change, .leadsToCount = 1};
    const Method claims = {.guard = &claim}, method = {.guard = &guarded};
    Call call = {.connection = &one.connection, .method = &method};
    Fault fault = {};
    kern_return_t code = 0;
    {
        Client two(&world.core);
        Call other = {.connection = &two.connection, .method = &claims};
        CHECK(!GuardEnter(call, &fault, &code) && fault.argument == kDextgenArgumentRole);
        CHECK(code == kIOReturnNotPermitted && fault.limit == 2 && fault.actual == 0);
        CHECK(GuardEnter(other, &fault, &code));
        CHECK(GuardEnter(other, &fault, &code)); // nothing is taken before the hook succeeded
        GuardLeave(other);
        CHECK(!GuardEnter(call, &fault, &code) && code == kIOReturnExclusiveAccess);
    }
    CHECK(gReleased.rolesLost == 1u << 2);
    call.method = &claims;
    CHECK(GuardEnter(call, &fault, &code));
    GuardLeave(call);
    call.method = &method;
    CHECK(!GuardEnter(call, &fault, &code) && fault.rule == kDextgenRuleState &&
          fault.limit == (1u << 1 | 1u << 31) && fault.actual == 0);
    CoreSetState(&world.core, one.client, 0, 31);
    CHECK(GuardEnter(call, &fault, &code));
    GuardLeave(call);
    CHECK(CoreState(&world.core, nullptr, 1) == 1 && StateOf(one.connection, 1) == 1);
    CHECK(CoreState(&world.core, one.client, 0) == 31);
    CHECK(!GuardEnter(call, &fault, &code) && fault.actual == (UINT64_C(1) << 32 | 1));
    Client three(&world.core);
    CHECK(StateOf(three.connection, 0) == 0 && StateOf(three.connection, 1) == 1);
    IOUserClient * stranger = new IOUserClient;
    CoreSetState(&world.core, stranger, 0, 5);
    CHECK(CoreState(&world.core, stranger, 0) == 0);
    stranger->release();
}

void TestEntitlements() {
    World world;
    Client client(&world.core);
    OSDictionary * entitlements = new OSDictionary;
    OSObject * value = new OSObject;
    entitlements->names[0] = "a.first";
    entitlements->values[0] = value;
    entitlements->names[1] = "a.second";
    entitlements->values[1] = kOSBooleanFalse;
    client.client->entitlements = entitlements;
    for (int round = 0; round < 2; round++) {
        for (int32_t i = 0; i < 3; i++) {
            const Guard guard = {.entitlement = i};
            const Method method = {.guard = &guard};
            Fault fault = {};
            const Call call = {.connection = &client.connection, .method = &method};
            CHECK(GuardEntitlement(call, &fault) == (i == 0));
            CHECK(i == 0 || (fault.rule == kDextgenRuleEntitlement &&
                             fault.limit == static_cast<uint64_t>(i)));
        }
    }
    CHECK(client.client->entitlementCopies == 1);
    Client mute(&world.core); // cannot be asked
    const Guard guard = {.entitlement = 0};
    const Method method = {.guard = &guard};
    Fault fault = {};
    CHECK(!GuardEntitlement({.connection = &mute.connection, .method = &method}, &fault));
    entitlements->release();
    value->release();
}

/// Every count that an app can send, against the ranges as they are written.
void TestCounts() {
    const CountRange ranges[] = {{.first = 1, .last = 1}, {.first = 4, .last = 6}};
    const ValueRule any = {.scalar = Scalar::U64};
    const ValueRule rules[] = {any, any, any, any, any};
    const uint64_t defaults[] = {0, 10, 20, 30, 40};
    const Method method = {.dispatch = {nullptr, 0, kIOUserClientVariableStructureSize, 0, 0, 0},
                           .scalars = rules,
                           .inputCounts = ranges,
                           .inputCountRanges = 2,
                           .scalarInputs = 5,
                           .defaults = defaults};
    uint64_t words[16];
    memset(words, 0xEE, sizeof words);
    for (uint32_t count = 0; count <= 17; count++) {
        IOUserClientMethodArguments sent = {};
        sent.scalarInput = words;
        sent.scalarInputCount = count;
        Call call = {.method = &method, .arguments = &sent};
        Fault fault = {};
        const bool good = count == 1 || (count >= 4 && count <= 6);
        CHECK(ScalarsCount(&call, &fault) == good);
        if (!good) {
            const uint64_t limit = count == 0 ? 1 : count < 4 ? 4 : count < 17 ? 6 : 16;
            CHECK(fault.rule == kDextgenRuleScalarCount && fault.limit == limit &&
                  fault.actual == count);
            continue;
        }
        CHECK(ScalarsRead(&call, &fault) && call.inCount == (count < 5 ? count : 5));
        for (uint32_t i = 0; i < 5; i++) {
            CHECK(call.in[i] == (i < count ? UINT64_C(0xEEEEEEEEEEEEEEEE) : defaults[i]));
        }
    }
}

} // namespace

int main() {
    TestHandlesAtRandom();
    TestPromisedHandles();
    TestHandlesInStructs();
    TestForeignHandles();
    TestManySlots();
    TestRolesAndStates();
    TestEntitlements();
    TestCounts();
    CHECK(gLiveBlocks == 0);
    CHECK(gLiveObjects == 0);
    return Finish();
}
