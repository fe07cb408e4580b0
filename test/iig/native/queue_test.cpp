// Queues, actions and timers.
#include "support.h"

#include "driverkit/runtime/timers.h"

#include <DriverKit/IOLib.h>
#include <atomic>
#include <cstring>
#include <thread>
#include <time.h>
#include <vector>

using namespace dextsim;

namespace {

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

// What was sent to the object's default queue has run.
void finishDefault(SampleDerived * sample) {
    IODispatchQueue * queue = nullptr;
    CHECK(sample->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue) == kIOReturnSuccess);
    queue->DispatchSync_f(nullptr, [](void *) {});
    queue->release();
}

void testAction(SampleDerived * sample) {
    OSAction * action = nullptr;
    CHECK(sample->CreateActionDone(sizeof(uint64_t), &action) == kIOReturnSuccess);
    CHECK(strcmp(action->GetClassName(), "OSAction_SampleService_Done") == 0);
    CHECK(*static_cast<uint64_t *>(action->GetReference()) == 0);
    *static_cast<uint64_t *>(action->GetReference()) = 4711;
    IOUSBHostPipe * const pipe = make<IOUSBHostPipe>(OSTypeID(IOUSBHostPipe));
    pipe->CompleteAsyncIO(action, kIOReturnSuccess, 12, 34);
    CHECK(waitFor([] { return gRecord.callbacks == 1; }));
    finishDefault(sample); // and the callback has returned: the waiter below must not count it
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
    finishDefault(sample);
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
    CHECK(timer->WakeAtTime(kIOTimerClockUptimeRaw, due + 3'600'000'000'000, 0) ==
          kIOReturnSuccess);
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

} // namespace

void testQueuesAndActions(SampleDerived * sample) {
    testQueues(sample);
    testSerialExecution();
    testAction(sample);
    testTimer(sample);
}
