// The dext's runtime in one process; the test plays the kernel's end of the socket where there is one.
#include "check.h"
#include "sample.h"

#include "driverkit/runtime/kernel.h"
#include "driverkit/runtime/objects.h"
#include "driverkit/runtime/requests.h"
#include "driverkit/runtime/timers.h"
#include "driverkit/runtime/user_client.h"
#include "ipc/os.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/OSCollections.h>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/wait.h>
#include <thread>

using namespace dextsim;
using namespace std::chrono_literals;

namespace {

template <typename Class> Class * make(OSMetaClass * meta) {
    OSObject * object = nullptr;
    CHECK(OSObjectAllocate(meta, &object) == kIOReturnSuccess);
    CHECK(object->init());
    return static_cast<Class *>(object);
}

template <typename Condition> bool waitFor(Condition holds) {
    std::unique_lock lock(gRecord.lock);
    return gRecord.called.wait_for(lock, 5s, holds);
}

// Whether `work` ends the process; a sanitizer turns the signal into an exit code.
template <typename Work> bool dies(Work work) {
    const pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

// ── objects and messages ──

void testClasses() {
    SampleDerived * const derived = make<SampleDerived>(OSTypeID(SampleDerived));
    OSObject * const object = derived;
    CHECK(OSDynamicCast(SampleService, object) == derived);
    CHECK(OSDynamicCast(IOUserClient, object) == nullptr);
    CHECK(OSDynamicCast(IOService, static_cast<OSObject *>(nullptr)) == nullptr);
    CHECK(OSRequiredCast(IOService, object) == derived);
    CHECK(dies([object] { (void)OSRequiredCast(IOUserClient, object); }));
    CHECK(strcmp(derived->GetClassName(), "SampleDerived") == 0);
    CHECK(derived->getMetaClass() == OSTypeID(SampleDerived));
    CHECK(derived->Kind() == 11);
    derived->retain();
    derived->release();
    CHECK(gRecord.freed == 0);
    derived->release();
    CHECK(gRecord.freed == 1);
}

void testMessages(SampleDerived * sample) {
    uint64_t number = 0;
    OSString * text = nullptr;
    CHECK(sample->Describe(kSampleFast, "label", &number, &text) == kIOReturnSuccess);
    CHECK(number == 5); // 2·2 of the base, 1 of the override
    CHECK(strcmp(text->getCStringNoCopy(), "label") == 0);
    text->release();
    const std::string tooLong(200, 'x');
    CHECK(sample->Describe(kSampleSlow, tooLong.c_str(), nullptr, &text) == kIOReturnSuccess);
    CHECK(text->getLength() == 127); // IOServiceName has 128 bytes
    text->release();
    // An object that nobody asked for does not leak (the leak check of the sanitizer sees it).
    CHECK(sample->Describe(kSampleSlow, "x", &number, nullptr) == kIOReturnSuccess);

    const uint32_t values[] = {1, 2, 3, 4};
    CHECK(sample->Sum(values, 3, &number) == kIOReturnSuccess);
    CHECK(number == 6);
    CHECK(sample->Sum(values, 9, &number) == kIOReturnOverrun); // more than the declaration holds
    CHECK(sample->Sum(nullptr, 0, &number) == kIOReturnSuccess);

    uint16_t filled[4] = {};
    uint32_t count = 2;
    CHECK(sample->Fill(filled, &count) == kIOReturnSuccess);
    CHECK(count == 2); // never more than asked for
    CHECK(filled[1] == 11);
    CHECK(filled[2] == 0);

    SamplePair pair{1, 2};
    CHECK(sample->Swap(&pair, &pair) == kIOReturnSuccess);
    CHECK(pair.first == 2 && pair.second == 1);
    CHECK(sample->Identify(sample) == kIOReturnSuccess);
    CHECK(sample->Identify(sample, 2) == kIOReturnBadArgument);
    uint32_t untouched = 1;
    CHECK(sample->Fail(&untouched) == kIOReturnBusy);
    CHECK(untouched == 1); // an error drops the outputs
    CHECK(sample->Fail(nullptr) == kIOReturnBusy);
    CHECK(sample->IsReady());
    CHECK(sample->Level() == 7);
    CHECK(sample->Abstract() == kIOReturnNoSpace);
    CHECK(SampleService::Count(&count) == kIOReturnSuccess);
    CHECK(count == gRecord.freed);
    CHECK(sample->Visit([](void *, int value) { return value + 1; }, nullptr) == 6);
    CHECK(sample->Call([](int value) { return value * 2; }, 4) == 8);
}

void testOverrides(SampleDerived * sample) {
    gRecord.order.clear();
    CHECK(sample->Start(nullptr) == kIOReturnSuccess);
    CHECK(gRecord.order == "DS");
    OSDictionary * const properties = OSDictionary::withCapacity(1);
    properties->setObject("Key", kOSBooleanTrue);
    CHECK(sample->SetProperties(properties) == kIOReturnSuccess); // the driver's own, not the kernel's
    CHECK(gRecord.properties == 1);
    properties->release();
    // A wrong object is refused before the implementation sees it.
    CHECK(sample->Start(reinterpret_cast<IOService *>(kOSBooleanTrue)) == kIOReturnBadArgument);
    CHECK(sample->SetName("x") == kIOReturnOffline); // for the kernel, and there is none
}

// ── queues ──

void testQueues(SampleDerived * sample) {
    IODispatchQueue * queue = nullptr;
    CHECK(sample->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue) == kIOReturnSuccess);
    CHECK(!queue->OnQueue());
    struct Context {
        IODispatchQueue * queue;
        std::atomic<int> order;
        int asyncRan;
        bool on;
    } context{queue, 0, -1, false};
    queue->DispatchAsync_f(&context, [](void * data) {
        auto & each = *static_cast<Context *>(data);
        each.asyncRan = each.order++;
    });
    queue->DispatchSync_f(&context, [](void * data) {
        auto & each = *static_cast<Context *>(data);
        each.on = each.queue->OnQueue();
        each.order++;
    });
    CHECK(context.asyncRan == 0); // first in, first out
    CHECK(context.on);
    CHECK(dies([queue] {
        queue->DispatchSync_f(queue, [](void * data) {
            static_cast<IODispatchQueue *>(data)->DispatchSync_f(nullptr, [](void *) {});
        });
    }));

    bool onSide = false;
    IODispatchQueue * side = nullptr;
    CHECK(IODispatchQueue::Create("side", 0, 0, &side) == kIOReturnSuccess);
    CHECK(IODispatchQueue::Create("bad", 0, 1, &queue) == kIOReturnBadArgument);
    CHECK(sample->SetDispatchQueue("Nobody", side) == kIOReturnBadArgument);
    CHECK(sample->SetDispatchQueue("Side", side) == kIOReturnSuccess);
    CHECK(sample->OnSide(&onSide) == kIOReturnSuccess);
    CHECK(onSide);
    CHECK(strcmp(side->GetName(), "side") == 0);
    side->release();
    queue->release();
}

// Many threads on one queue: one at a time, none forgotten.
void testSerialExecution() {
    IODispatchQueue * queue = nullptr;
    CHECK(IODispatchQueue::Create("serial", 0, 0, &queue) == kIOReturnSuccess);
    struct Shared {
        int value = 0; // not atomic: the queue protects it
    } shared;
    constexpr int kThreads = 4;
    constexpr int kRounds = 2000;
    const auto increment = [](void * data) { static_cast<Shared *>(data)->value++; };
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; i++) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < kRounds; round++) {
                if ((round + i) % 2 == 0) {
                    queue->DispatchSync_f(&shared, increment);
                } else {
                    queue->DispatchAsync_f(&shared, increment);
                }
            }
        });
    }
    for (std::thread & thread : threads) {
        thread.join();
    }
    queue->DispatchSync_f(nullptr, [](void *) {});
    CHECK(shared.value == kThreads * kRounds);
    queue->release();
}

// ── actions and timers ──

void testAction(SampleDerived * sample) {
    OSAction * action = nullptr;
    CHECK(sample->CreateActionDone(sizeof(uint64_t), &action) == kIOReturnSuccess);
    CHECK(strcmp(action->GetClassName(), "OSAction_SampleService_Done") == 0);
    CHECK(*static_cast<uint64_t *>(action->GetReference()) == 0);
    *static_cast<uint64_t *>(action->GetReference()) = 4711;
    IOUSBHostPipe * const pipe = make<IOUSBHostPipe>(OSTypeID(IOUSBHostPipe));
    pipe->CompleteAsyncIO(action, kIOReturnSuccess, 12, 34);
    CHECK(waitFor([] { return gRecord.callbacks == 1; }));
    CHECK(gRecord.onQueue);
    CHECK(gRecord.bytes == 12 && gRecord.time == 34 && gRecord.reference == 4711);
    pipe->CompleteAsyncIO(nullptr, kIOReturnSuccess, 0, 0); // ignored

    OSActionWaitToken * token = nullptr;
    OSActionWaitToken * second = nullptr;
    CHECK(action->WillWait(&token) == kIOReturnSuccess);
    CHECK(action->WillWait(&second) == kIOReturnExclusiveAccess);
    const uint64_t soon = monotonicNanoseconds() + 1'000'000;
    CHECK(action->Wait(token, kIOTimerClockUptimeRaw, soon) == kIOReturnTimeout);
    pipe->CompleteAsyncIO(action, kIOReturnAborted, 1, 2);
    CHECK(action->Wait(token, 0, 0) == kIOReturnSuccess);
    CHECK(gRecord.status == kIOReturnAborted);
    CHECK(action->EndWait(token) == kIOReturnSuccess);

    CHECK(action->Cancel(nullptr) == kIOReturnSuccess);
    pipe->CompleteAsyncIO(action, kIOReturnSuccess, 0, 0);
    IODispatchQueue * queue = nullptr;
    sample->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    queue->DispatchSync_f(nullptr, [](void *) {});
    queue->release();
    CHECK(gRecord.callbacks == 2);
    action->release();
    pipe->release();
}

void testTimer(SampleDerived * sample) {
    IODispatchQueue * queue = nullptr;
    sample->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    IOTimerDispatchSource * timer = nullptr;
    CHECK(IOTimerDispatchSource::Create(queue, &timer) == kIOReturnSuccess);
    OSAction * action = nullptr;
    CHECK(sample->CreateActionTicked(0, &action) == kIOReturnSuccess);
    CHECK(action->GetReference() == nullptr);
    CHECK(timer->SetHandler(action) == kIOReturnSuccess);
    action->release(); // the timer has its own
    const uint64_t due = clock_gettime_nsec_np(CLOCK_UPTIME_RAW) + 20'000'000;
    CHECK(timer->WakeAtTime(kIOTimerClockUptimeRaw, due + 3'600'000'000'000, 0) == kIOReturnSuccess);
    CHECK(timer->WakeAtTime(kIOTimerClockUptimeRaw, due, 0) == kIOReturnSuccess); // replaces it
    CHECK(waitFor([] { return gRecord.ticks == 1; }));
    CHECK(gRecord.time >= due);
    CHECK(timer->SetEnable(false) == kIOReturnSuccess);
    CHECK(timer->WakeAtTime(kIOTimerClockMachAbsoluteTime, 0, 0) == kIOReturnSuccess);
    IOSleep(30);
    CHECK(gRecord.ticks == 1);
    CHECK(timer->SetEnable(true) == kIOReturnSuccess); // what came meanwhile is told now
    CHECK(waitFor([] { return gRecord.ticks == 2; }));
    const uint64_t later = clock_gettime_nsec_np(CLOCK_REALTIME) + 3'600'000'000'000;
    CHECK(timer->WakeAtTime(kIOTimerClockRealTime, later, 0) == kIOReturnSuccess);
    CHECK(timer->Cancel(nullptr) == kIOReturnSuccess);
    CHECK(timer->WakeAtTime(kIOTimerClockUptimeRaw, due, 0) == kIOReturnNotReady);
    queue->DispatchSync_f(nullptr, [](void *) {});
    timer->release();
    queue->release();
}

// ── external methods (contract §1.2–§1.7) ──

struct CallShape {
    size_t input = 0;
    uint64_t output = 0;
    uint32_t scalars = 0;
    uint8_t flags = 0;
};

CallOutcome call(SampleClient * client, const CallShape & shape) {
    static std::vector<uint8_t> bytes(1 << 16, 0x5a);
    IncomingCall incoming;
    incoming.selector = 3;
    incoming.flags = shape.flags;
    incoming.structInputSize = shape.input;
    if ((shape.flags & kCallInputDescriptor) != 0) {
        incoming.inputMemory = createSharedMemory(roundToPages(shape.input));
    } else {
        incoming.structInput = std::span(bytes).first(shape.input);
    }
    incoming.structOutputSize = shape.output;
    if ((shape.flags & kCallOutputDescriptor) != 0) {
        incoming.outputMemory = createSharedMemory(roundToPages(shape.output));
    }
    incoming.scalarOutputCount = shape.scalars;
    incoming.session = 8;
    incoming.port = 9;
    incoming.reference = {1, 2, 3, 4, 5, 6, 7, 8};
    return callExternalMethod(client, incoming);
}

void testInputs(SampleClient * client) {
    call(client, {.input = 0});
    CHECK(!gRecord.seen.hasInput); // NULL for 0 bytes
    call(client, {.input = 1});
    CHECK(gRecord.seen.inputLength == 1);
    call(client, {.input = 4096});
    CHECK(gRecord.seen.inputLength == 4096 && gRecord.seen.descriptorLength == 0);
    call(client, {.input = 4097, .flags = kCallInputDescriptor});
    CHECK(!gRecord.seen.hasInput && gRecord.seen.descriptorLength == 4097);
    call(client, {.output = 0xffffffff, .flags = kCallVariableOutput});
    CHECK(gRecord.seen.outputMaximum == 0xffffffff);
    CHECK(!gRecord.seen.hasCompletion);
}

void testOutputs(SampleClient * client) {
    CallOutcome outcome = call(client, {.output = 64, .scalars = 3});
    CHECK(outcome.status == kIOReturnSuccess && outcome.scalarOutputCount == 3);
    CHECK(outcome.scalarOutput[2] == 102 && !outcome.hasStruct);
    gRecord.outputScalars = 1;
    CHECK(call(client, {.scalars = 3}).scalarOutputCount == 1); // fewer pass
    gRecord.outputScalars = 9;
    CHECK(call(client, {.scalars = 3}).scalarOutputCount == 3); // more are clamped
    gRecord.outputScalars = -1;

    gRecord.outputLength = 64;
    outcome = call(client, {.output = 64});
    CHECK(outcome.hasStruct && outcome.structOutput.size() == 64 && outcome.structOutput[0] == 'o');
    CHECK(call(client, {.output = 63}).status == kIOReturnBadArgument); // too long
    CHECK(call(client, {.output = 8192, .flags = kCallOutputDescriptor}).status ==
          kIOReturnBadArgument); // structure and descriptor
    gRecord.outputLength = 5000;
    outcome = call(client, {.output = 0xffffffff, .flags = kCallVariableOutput});
    CHECK(outcome.structOutput.size() == 5000);
    gRecord.outputLength = 16;
    gRecord.result = kIOReturnBusy;
    outcome = call(client, {.output = 64, .scalars = 2});
    CHECK(outcome.status == kIOReturnBusy && !outcome.hasStruct && outcome.scalarOutputCount == 0);
    gRecord.outputLength = -1;
    gRecord.result = kIOReturnSuccess;
}

void testRows(SampleClient * client) {
    gRecord.useRow = true;
    CHECK(call(client, {}).status == kIOReturnUnsupported); // no row
    constexpr uint32_t kAny = kIOUserClientVariableStructureSize;
    const auto with = [&](IOUserClientMethodDispatch row, const CallShape & shape) {
        gRecord.row = &row;
        return call(client, shape).status;
    };
    CHECK(with({nullptr, 0, 0, 0, 0, 0}, {}) == kIOReturnNoCompletion);
    CHECK(with({nullptr, kAny, kAny, kAny, kAny, kAny}, {.input = 5}) == kIOReturnNoCompletion);
    CHECK(with({nullptr, 1, 0, 0, 0, 0}, {}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 0, 0, 0, 0}, {.flags = kCallAsync}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 1, 0, 0, 0}, {}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 0, 4, 0, 0}, {.input = 5}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 0, 4097, 0, 0}, {.input = 4097, .flags = kCallInputDescriptor}) ==
          kIOReturnNoCompletion);
    CHECK(with({nullptr, 0, 0, 0, 1, 0}, {.scalars = 2}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 0, 0, 0, 8}, {.output = 9}) == kIOReturnBadArgument);
    const auto function = [](OSObject *, void * reference, IOUserClientMethodArguments *) {
        return reference == &gRecord ? kIOReturnNoSpace : kIOReturnError;
    };
    CHECK(with({function, 0, 0, 0, 0, 0}, {}) == kIOReturnNoSpace);
    gRecord.useRow = false;
}

// ── with the test at the kernel's end of the socket ──

class Kernel {
  public:
    Kernel() {
        Fd dext;
        CHECK(createSocketPair(own_, dext));
        setenv(kDextFdVariable, std::to_string(dext.release()).c_str(), 1);
        CHECK(connectToKernel());
        channel_ = Channel(std::move(own_));
        std::thread([] {
            kernelConnection()->serve(
                [](void *, Message & message) { handleKernelMessage(message); }, nullptr);
        }).detach();
    }
    Message expect(MessageType type) {
        Message message;
        CHECK(channel_.receive(message));
        CHECK(message.type == type);
        return message;
    }
    void answer(const Message & to, int32_t status, const Writer & body = {},
                std::span<const int> fds = {}) {
        Writer whole;
        whole.i32(status).raw(body.body().data(), body.body().size());
        CHECK(channel_.send(MessageType::Reply, to.id, whole, fds));
    }
    void ask(MessageType type, const Writer & body, std::span<const int> fds = {}) {
        CHECK(channel_.send(type, ++lastId_, body, fds));
    }
    // The next reply; its status.
    Reader reply(Message & message) {
        message = expect(MessageType::Reply);
        CHECK(message.id == lastId_);
        return message.reader();
    }

  private:
    Fd own_;
    Channel channel_;
    uint64_t lastId_ = 0;
};

void testCompletion(Kernel & kernel, SampleClient * client) {
    gRecord.keepCompletion = true;
    call(client, {.flags = kCallAsync});
    CHECK(gRecord.seen.hasCompletion);
    kernel.expect(MessageType::ActionHeld);
    OSAction * const completion = gRecord.completion;
    CHECK(completion->GetReference() == nullptr); // not its creator (contract §1.7)
    const uint64_t words[17] = {11, 12, 13};
    client->AsyncCompletion(completion, kIOReturnSuccess, words, 3);
    client->AsyncCompletion(completion, kIOReturnAborted, words, 17); // never sent
    client->AsyncCompletion(completion, kIOReturnAborted, words, 16); // any number of times
    Message message = kernel.expect(MessageType::AsyncCompletion);
    Reader body = message.reader();
    CHECK(body.u64() == 8 && body.u32() == 9 && body.u64() == 1);
    for (int i = 0; i < 7; i++) {
        body.u64();
    }
    CHECK(body.i32() == kIOReturnSuccess && body.u32() == 3 && body.u64() == 11);
    message = kernel.expect(MessageType::AsyncCompletion);
    CHECK(message.body.size() == 8 + 4 + 64 + 4 + 4 + 128);
    completion->release();
    kernel.expect(MessageType::ActionReleased);
    gRecord.keepCompletion = false;
    call(client, {.flags = kCallAsync}); // not kept: the kernel hears nothing of it
}

void testMemory(Kernel & kernel) {
    IOBufferMemoryDescriptor * buffer = nullptr;
    CHECK(IOBufferMemoryDescriptor::Create(8, 100, 0, &buffer) == kIOReturnBadArgument);
    CHECK(IOBufferMemoryDescriptor::Create(kIOMemoryDirectionIn, 0, 0, &buffer) ==
          kIOReturnNoMemory);
    std::thread maker([&] {
        CHECK(IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, 100, 0, &buffer) ==
              kIOReturnSuccess);
    });
    const Message request = kernel.expect(MessageType::CreateMemory);
    const Fd memory = createSharedMemory(pageSize());
    const int fds[] = {memory.get()};
    kernel.answer(request, 0, Writer().u64(77).u64(100).u64(pageSize()), fds);
    maker.join();
    uint64_t length = 0;
    CHECK(buffer->GetLength(&length) == kIOReturnSuccess && length == 100);
    IOAddressSegment range{};
    CHECK(buffer->GetAddressRange(&range) == kIOReturnSuccess && range.length == 100);
    memcpy(reinterpret_cast<void *>(range.address), "shared", 6);

    IOMemoryMap * map = nullptr;
    CHECK(buffer->CreateMapping(kIOMemoryMapReadOnly, 0, 2, 4, 0, &map) == kIOReturnSuccess);
    CHECK(map->GetLength() == 4 && map->GetOffset() == 2);
    CHECK(memcmp(reinterpret_cast<void *>(map->GetAddress()), "ared", 4) == 0);
    auto * const readOnly = reinterpret_cast<volatile char *>(map->GetAddress());
    CHECK(dies([readOnly] { *readOnly = 'x'; }));
    map->release();
    CHECK(buffer->CreateMapping(0, 0, 90, 11, 0, &map) == kIOReturnError);
    CHECK(buffer->CreateMapping(0x1000, 0, 0, 0, 0, &map) == kIOReturnBadArgument);
    buffer->release();
    CHECK(kernel.expect(MessageType::ReleaseMemory).reader().u64() == 77);
}

// A service's whole life, and a user client's with calls through a socket.
void testLife(Kernel & kernel) {
    Message message;
    kernel.ask(MessageType::Instantiate, Writer().u64(5).string("NoSuchClass").u64(0).string(""));
    kernel.expect(MessageType::Log);
    CHECK(kernel.reply(message).i32() == kIOReturnUnsupportedMode);
    kernel.ask(MessageType::Instantiate, Writer().u64(5).string("SampleDerived").u64(1).string("X"));
    CHECK(kernel.reply(message).i32() == kIOReturnSuccess);
    gRecord.order.clear();
    kernel.ask(MessageType::Start, Writer().u64(5).u64(1).string("IOUSBHostInterface"));
    CHECK(kernel.reply(message).i32() == kIOReturnSuccess);
    CHECK(gRecord.order == "DS");
    OSObject * const object = copyObject(5);
    auto * const service = OSDynamicCast(IOService, object);
    CHECK(strcmp(service->GetProvider()->GetClassName(), "IOUSBHostInterface") == 0);
    CHECK(service->GetProvider()->IsRemote());
    object->release();

    kernel.ask(MessageType::NewUserClient, Writer().u64(5).u32(0).value(Value::dictionary()));
    CHECK(kernel.reply(message).i32() == kIOReturnError); // the base class refuses (contract §4.1)
    kernel.ask(MessageType::CopyClientMemory, Writer().u64(6).u64(0));
    CHECK(kernel.reply(message).i32() == kIOReturnNotReady); // no such user client

    kernel.ask(MessageType::Instantiate, Writer().u64(6).string("SampleClient").u64(5).string(""));
    CHECK(kernel.reply(message).i32() == kIOReturnSuccess);
    kernel.ask(MessageType::CopyClientMemory, Writer().u64(6).u64(0));
    CHECK(kernel.reply(message).i32() == kIOReturnBadArgument);
    Fd client;
    Fd dext;
    CHECK(createSocketPair(client, dext));
    const int fds[] = {dext.get()};
    kernel.ask(MessageType::OpenChannel, Writer().u64(6), fds);
    dext.reset();
    Channel calls{std::move(client)};
    Writer body;
    body.u32(3).u8(0).u32(2).u64(0).u32(0).u64(0);
    CHECK(calls.send(MessageType::Call, 1, body));
    CHECK(calls.receive(message));
    Reader outcome = message.reader();
    CHECK(outcome.i32() == kIOReturnSuccess && outcome.u32() == 2 && outcome.u64() == 100);

    kernel.ask(MessageType::Finalized, Writer().u64(6));
    CHECK(!calls.receive(message)); // the dext closes it
    gRecord.order.clear();
    kernel.ask(MessageType::Stop, Writer().u64(5).u64(1).u8(0));
    CHECK(kernel.expect(MessageType::DidStop).reader().u64() == 5);
    CHECK(kernel.reply(message).i32() == kIOReturnSuccess);
    CHECK(gRecord.order == "T");
    const uint32_t before = gRecord.freed;
    kernel.ask(MessageType::Finalized, Writer().u64(5));
    for (int i = 0; i < 500 && __atomic_load_n(&gRecord.freed, __ATOMIC_ACQUIRE) == before; i++) {
        std::this_thread::sleep_for(10ms);
    }
    CHECK(__atomic_load_n(&gRecord.freed, __ATOMIC_ACQUIRE) == before + 1);
    CHECK(copyObject(5) == nullptr);
}

} // namespace

int main() {
    testClasses();
    SampleDerived * const sample = make<SampleDerived>(OSTypeID(SampleDerived));
    testMessages(sample);
    testOverrides(sample);
    testQueues(sample);
    testSerialExecution();
    testAction(sample);
    testTimer(sample);
    SampleClient * const client = make<SampleClient>(OSTypeID(SampleClient));
    testInputs(client);
    testOutputs(client);
    testRows(client);
    Kernel kernel;
    testCompletion(kernel, client);
    testMemory(kernel);
    client->release();
    sample->release();
    testLife(kernel);
    printf("%d checks\n", static_cast<int>(gChecks));
    return 0;
}
