// Completions with selectors of an interface's own: whoever ends them, and in whatever order, each
// is sent its end once and released once.
#include "check.h"
#include "dextgen_dext.h"
#include "driverkit.h"

using namespace dextgen;

namespace {

kern_return_t gRefusal = kIOReturnSuccess;
uint32_t gFollowers = 0;

Call * CallOf(void * reference) {
    return static_cast<Call *>(reference);
}

template <uint32_t feed>
kern_return_t Begin(OSObject *, void * reference, IOUserClientMethodArguments * arguments) {
    Call * call = CallOf(reference);
    if (arguments->completion == nullptr) {
        return FeedLeave(call, feed);
    }
    return gRefusal == kIOReturnSuccess ? FeedBegin(call, feed) : gRefusal;
}

/// Begins, and fails after all.
kern_return_t Broken(OSObject *, void * reference, IOUserClientMethodArguments *) {
    (void)FeedBegin(CallOf(reference), 0);
    return kIOReturnBusy;
}

void Notify(OSObject *, uint32_t count) {
    gFollowers = count;
}

constexpr uint32_t kAny = kIOUserClientVariableStructureSize;
const Method kMethods[] = {
    {.selector = 0, .dispatch = {Begin<0>, kAny, 0, 0, 0, 0}},
    {.selector = 1, .dispatch = {Begin<1>, kAny, 0, 0, 0, 0}},
    {.selector = 2, .dispatch = {Broken, 1, 0, 0, 0, 0}},
};
const Feed kFeeds[] = {
    {.rearmed = false,
     .raw = true,
     .eventId = 1,
     .endWords = 1,
     .queue = 0,
     .policy = kDextgenPolicyDropOldest,
     .notify = Notify},
    {.rearmed = true,
     .raw = false,
     .eventId = 2,
     .endWords = 3,
     .queue = 2,
     .policy = kDextgenPolicyDropOldest,
     .notify = Notify},
};
const FeedEvent kFeedEvents[] = {
    {.feed = 0, .id = 1, .payloadSize = 8, .minWords = 1, .maxWords = 1},
    {.feed = 1, .id = 2, .payloadSize = 8, .minWords = 3, .maxWords = 3},
    {.feed = 0, .id = 3, .minWords = 3, .maxWords = 5, .tagged = true, .word0 = 9},
};
const Interface kInterface = {.hashHigh = 1,
                              .hashLow = 2,
                              .version = 0x10000,
                              .hasContract = false,
                              .contractBase = 0,
                              .methods = kMethods,
                              .methodCount = 3,
                              .events = nullptr,
                              .eventCount = 0,
                              .buffers = nullptr,
                              .bufferCount = 0,
                              .feeds = kFeeds,
                              .feedCount = 2,
                              .feedEvents = kFeedEvents,
                              .maxClients = 4};

struct App {
    explicit App(Core * core) : client(new IOUserClient) {
        CHECK(ConnectionStart(&connection, kInterface,
                              {.core = core, .driver = nullptr, .client = client}) ==
              kIOReturnSuccess);
    }
    ~App() {
        ConnectionStop(&connection);
        ConnectionFree(&connection);
        client->release();
    }

    kern_return_t Send(uint64_t selector, OSAction * completion) {
        IOUserClientMethodArguments sent = {};
        sent.completion = completion;
        Call call = {};
        kern_return_t status = CallBegin(&call, &connection, selector, &sent);
        if (status == kIOReturnSuccess) {
            status = call.method->dispatch.function(client, &call, &sent);
        }
        return CallEnd(&call, status);
    }

    const Completion & Last() { return client->completions[client->completionCount - 1]; }

    IOUserClient * client;
    Connection connection = {};
};

struct World {
    World() {
        gRefusal = kIOReturnSuccess;
        gFollowers = 0;
    }
    ~World() {
        CoreStop(&core, kIOReturnAborted);
        for (OSAction * action : actions) {
            CHECK(action->references == 1); // whatever happened, nobody else has it
            action->release();
        }
    }
    void Emit(uint32_t event, uint64_t value, const IOUserClient * client = nullptr) {
        FeedEmit({.core = &core, .interface = &kInterface, .client = client}, event, &value);
    }
    Core core = {};
    OSAction * actions[3] = {new OSAction, new OSAction, new OSAction};
};

void TestStanding() {
    World world;
    App app(&world.core);
    world.Emit(0, 1); // nobody follows
    CHECK(app.client->completionCount == 0);
    CHECK(app.Send(0, world.actions[0]) == kIOReturnSuccess && gFollowers == 1);
    CHECK(world.actions[0]->references == 2);
    world.Emit(0, 7);
    world.Emit(0, 8);
    CHECK(app.client->completionCount == 2 && app.Last().count == 1 && app.Last().words[0] == 8);
    CHECK(app.Send(0, world.actions[1]) == kIOReturnSuccess && gFollowers == 1); // replaced
    CHECK(app.client->completionCount == 3 && app.Last().status == kIOReturnAborted);
    CHECK(app.Last().count == 1 && world.actions[0]->references == 1);
    CHECK(app.Send(0, nullptr) == kIOReturnSuccess && gFollowers == 0); // left
    CHECK(app.client->completionCount == 4 && world.actions[1]->references == 1);
    CHECK(app.Send(0, nullptr) == kIOReturnSuccess && app.client->completionCount == 4);
    CHECK(app.Send(0, world.actions[2]) == kIOReturnSuccess);
    ConnectionStop(&app.connection);
    CHECK(app.client->completionCount == 5 && world.actions[2]->references == 1);
    CHECK(app.Send(0, world.actions[2]) == kIOReturnNotReady);
    world.Emit(0, 9);
    CHECK(app.client->completionCount == 5);
}

void TestRefused() {
    World world;
    App app(&world.core);
    gRefusal = kIOReturnBusy;
    CHECK(app.Send(0, world.actions[0]) == kIOReturnBusy);
    CHECK(world.actions[0]->references == 1 && app.client->completionCount == 0);
    CHECK(app.Send(2, world.actions[1]) == kIOReturnBusy); // kept, then revoked without a word
    CHECK(world.actions[1]->references == 1 && app.client->completionCount == 0);
    CHECK(gFollowers == 0);
    gRefusal = kIOReturnSuccess;
    CHECK(app.Send(0, world.actions[0]) == kIOReturnSuccess);
    gRefusal = kIOReturnBusy;
    CHECK(app.Send(0, world.actions[1]) == kIOReturnBusy); // the one before stays
    world.Emit(0, 3);
    CHECK(app.client->completionCount == 1 && app.Last().words[0] == 3);
}

void TestRearmed() {
    World world;
    App app(&world.core);
    CHECK(app.Send(1, world.actions[0]) == kIOReturnSuccess && gFollowers == 1);
    for (uint64_t i = 0; i < 5; i++) {
        world.Emit(1, i); // one is sent, two wait, the oldest two are lost
    }
    CHECK(app.client->completionCount == 1 && world.actions[0]->references == 1);
    CHECK(app.Last().words[0] == 2 && app.Last().words[2] == 0 && gFollowers == 1);
    CHECK(app.Send(1, world.actions[0]) == kIOReturnSuccess);
    CHECK(app.client->completionCount == 2 && app.Last().words[2] == 3);
    CHECK(app.Last().words[0] == (2 | kDextgenWordLossy) && app.Last().words[1] == 2);
    CHECK(app.Send(1, world.actions[1]) == kIOReturnSuccess && app.Last().words[2] == 4);
    CHECK(app.Send(1, world.actions[0]) == kIOReturnSuccess); // armed, nothing waits
    CHECK(app.Send(1, world.actions[1]) == kIOReturnSuccess); // twice: the first ends
    CHECK(app.Last().words[0] == (2 | kDextgenWordEnded) && app.Last().count == 3);
    CHECK(world.actions[0]->references == 1 && world.actions[1]->references == 2);
    CHECK(app.Send(1, nullptr) == kIOReturnSuccess && gFollowers == 0);
    CHECK(app.Last().status == kIOReturnAborted && world.actions[1]->references == 1);
    world.Emit(1, 9);
    const int sent = app.client->completionCount;
    CHECK(app.Send(1, world.actions[2]) == kIOReturnSuccess);
    CHECK(app.client->completionCount == sent); // what came while nobody followed is not kept
}

void TestRecipients() {
    World world;
    App first(&world.core);
    App second(&world.core);
    CHECK(first.Send(0, world.actions[0]) == kIOReturnSuccess);
    CHECK(second.Send(0, world.actions[1]) == kIOReturnSuccess && gFollowers == 2);
    world.Emit(0, 1, first.client);
    CHECK(first.client->completionCount == 1 && second.client->completionCount == 0);
    const uint64_t words[16] = {4, 5, 6};
    const Recipients all = {.core = &world.core, .interface = &kInterface, .client = nullptr};
    CHECK(!FeedEmitWords(all, 2, words, 1) && !FeedEmitWords(all, 2, words, 5));
    CHECK(!FeedEmitWords(all, 2, words, UINT32_MAX));
    CHECK(FeedEmitWords(all, 2, words, 3) && second.Last().count == 4);
    CHECK(second.Last().words[0] == 9 && second.Last().words[3] == 6);
    CoreStop(&world.core, kIOReturnNotReady); // the device has gone
    CHECK(first.Last().status == kIOReturnNotReady && second.Last().status == kIOReturnNotReady);
    CHECK(world.actions[0]->references == 1 && world.actions[1]->references == 1);
}

} // namespace

int main() {
    TestStanding();
    TestRefused();
    TestRearmed();
    TestRecipients();
    CHECK(gLiveObjects == 0);
    CHECK(gLiveBlocks == 0);
    return Finish();
}
