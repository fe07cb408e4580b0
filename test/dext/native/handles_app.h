// An interface with handles, entitlements, roles and states, and clients of it: what the tests of
// handles and of guards have in common.
#ifndef HANDLES_APP_H
#define HANDLES_APP_H

#include "check.h"
#include "dextgen_dext.h"
#include "driverkit.h"

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
    explicit Client(Core * core, const Interface & interface = kInterface)
        : client(new IOUserClient) {
        CHECK(ConnectionStart(&connection, interface,
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

} // namespace

#endif
