// Scalars that are more or fewer than declared, entitlements, roles and states, driven as an app
// and a hook would. Every test ends with nothing alive.
#include "handles_app.h"

#include "scalars.h"

#include <string.h>

namespace {

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
    TestRolesAndStates();
    TestEntitlements();
    TestCounts();
    CHECK(gLiveBlocks == 0);
    CHECK(gLiveObjects == 0);
    return Finish();
}
