// Subscriptions, rings, memory and ends of connections, of apps that keep the rules and of those
// that do not. Every test ends with nothing alive.
#include "runtime_app.h"

#include <initializer_list>

namespace {

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
    TestSubscriptions();
    TestDropOldestCompletions();
    TestRings();
    TestHostileControlPage();
    TestMemory();
    TestManyClients();
    TestNeverStarted();
    CHECK(gLiveObjects == 0);
    CHECK(gLiveBlocks == 0);
    return Finish();
}
