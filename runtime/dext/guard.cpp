// Entitlements are read once per connection: an app's do not change while it runs.
#include "guard.h"

#include "core.h"

#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSDictionary.h>

namespace dextgen {

namespace {

bool Fail(Fault * fault, const Fault & what) {
    *fault = what;
    return false;
}

/// Any value but false grants it, as the kernel has it (contract §4.3).
bool Grants(const OSDictionary * entitlements, const char * name) {
    OSObject * value = entitlements->getObject(name);
    return value != nullptr && value != kOSBooleanFalse;
}

void ReadEntitlements(Connection * connection) {
    const Interface & interface = *connection->interface;
    OSDictionary * entitlements = nullptr;
    connection->entitlementsRead = true;
    if (connection->client->CopyClientEntitlements(&entitlements) != kIOReturnSuccess ||
        entitlements == nullptr) {
        return; // an app that cannot be asked has none
    }
    for (uint32_t i = 0; i < interface.entitlementCount; i++) {
        if (Grants(entitlements, interface.entitlements[i])) {
            connection->entitlements |= UINT64_C(1) << i;
        }
    }
    entitlements->release();
}

const Guard * GuardOf(const Call & call) {
    const Method & method = *call.method;
    const bool leaves = method.leaves && call.arguments->completion == nullptr;
    return leaves ? method.leaveGuard : method.guard;
}

bool HasRole(const Connection & connection, int32_t role) {
    return connection.core->roles[role] == &connection;
}

bool CheckRoles(const Call & call, Fault * fault, kern_return_t * code) {
    const Guard & guard = *GuardOf(call);
    const Connection & connection = *call.connection;
    const int32_t needed[] = {guard.requires_, guard.releases, guard.claims};
    for (const int32_t role : needed) {
        if (role < 0 || HasRole(connection, role)) {
            continue;
        }
        const bool taken = connection.core->roles[role] != nullptr;
        if (role == guard.claims && !taken) {
            continue;
        }
        *code = guard.roleError != 0 ? guard.roleError
                : taken              ? kIOReturnExclusiveAccess
                                     : kIOReturnNotPermitted;
        return Fail(fault, {.argument = kDextgenArgumentRole,
                            .rule = kDextgenRuleState,
                            .limit = static_cast<uint64_t>(role),
                            .actual = taken ? UINT64_C(1) : UINT64_C(0)});
    }
    return true;
}

bool CheckStates(const Call & call, Fault * fault, kern_return_t * code) {
    const Guard & guard = *GuardOf(call);
    for (uint32_t i = 0; i < guard.whenCount; i++) {
        const StateNeed & need = guard.when[i];
        const uint32_t state = StateOf(*call.connection, need.machine);
        if ((need.states >> state & 1) != 0) {
            continue;
        }
        *code = guard.stateError;
        return Fail(fault, {.argument = kDextgenArgumentNone,
                            .rule = kDextgenRuleState,
                            .limit = need.states,
                            .actual = static_cast<uint64_t>(need.machine) << 32 | state});
    }
    return true;
}

/// One for all connections where the schema says so.
uint8_t * PlaceOf(const Connection & connection, uint32_t machine, uint8_t * own) {
    const bool shared = (connection.interface->driverMachines >> machine & 1) != 0;
    return shared ? &connection.core->states[machine] : own;
}

} // namespace

bool GuardEntitlement(const Call & call, Fault * fault) {
    const Guard * guard = GuardOf(call);
    if (guard == nullptr || guard->entitlement < 0) {
        return true;
    }
    if (!call.connection->entitlementsRead) {
        ReadEntitlements(call.connection);
    }
    return (call.connection->entitlements >> guard->entitlement & 1) != 0 ||
           Fail(fault, {.argument = kDextgenArgumentNone,
                        .rule = kDextgenRuleEntitlement,
                        .limit = static_cast<uint64_t>(guard->entitlement),
                        .actual = 0});
}

bool GuardEnter(const Call & call, Fault * fault, kern_return_t * code) {
    return GuardOf(call) == nullptr ||
           (CheckRoles(call, fault, code) && CheckStates(call, fault, code));
}

void GuardLeave(const Call & call) {
    const Guard * guard = GuardOf(call);
    if (guard == nullptr) {
        return;
    }
    Core * core = call.connection->core;
    if (guard->claims >= 0) {
        core->roles[guard->claims] = call.connection;
    }
    if (guard->releases >= 0) {
        core->roles[guard->releases] = nullptr;
    }
    for (uint32_t i = 0; i < guard->leadsToCount; i++) {
        StateSet(call.connection, guard->leadsTo[i].machine, guard->leadsTo[i].state);
    }
}

void GuardRelease(Connection * connection) {
    for (uint32_t role = 0; role < kMaxRoles; role++) {
        if (connection->core->roles[role] != connection) {
            continue;
        }
        connection->core->roles[role] = nullptr;
        if (connection->interface->roleLost != nullptr) {
            connection->interface->roleLost(connection->driver, connection->client, role);
        }
    }
}

uint32_t StateOf(const Connection & connection, uint32_t machine) {
    uint8_t own = connection.states[machine];
    return *PlaceOf(connection, machine, &own);
}

void StateSet(Connection * connection, uint32_t machine, uint32_t state) {
    *PlaceOf(*connection, machine, &connection->states[machine]) =
        static_cast<uint8_t>(state % kMaxStates);
}

} // namespace dextgen
