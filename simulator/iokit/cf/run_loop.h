// A run loop's state, and what its sources and timers are to it.
#ifndef DEXTSIM_IOKIT_CF_RUN_LOOP_H
#define DEXTSIM_IOKIT_CF_RUN_LOOP_H

#include "object.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

struct __CFRunLoopSource final : dextsim::cf::Object {
    explicit __CFRunLoopSource(const CFRunLoopSourceContext & with);
    ~__CFRunLoopSource() override;

    const CFRunLoopSourceContext context;
    std::atomic<bool> signalled{false};
    std::atomic<bool> valid{true};
    std::mutex lock;
    std::vector<CFRunLoopRef> loops; // where it was added; not retained
};

struct __CFRunLoopTimer final : dextsim::cf::Object {
    using Clock = std::chrono::steady_clock;

    explicit __CFRunLoopTimer(const CFRunLoopTimerContext & with);
    ~__CFRunLoopTimer() override;

    CFRunLoopTimerContext context;
    CFRunLoopTimerCallBack callout = nullptr;
    CFTimeInterval interval = 0; // 0: it fires once
    CFIndex order = 0;
    std::atomic<CFTimeInterval> tolerance{0};
    std::mutex lock; // of what follows; taken after a loop's
    Clock::time_point next;
    bool firing = false;
    bool valid = true;
    CFRunLoopRef loop = nullptr; // not retained
};

struct __CFRunLoop final : dextsim::cf::Object {
    __CFRunLoop() : Object(dextsim::cf::Type::RunLoop) { immortal = true; }

    struct Function {
        void (*call)(void * context);
        void * context;
    };
    std::mutex lock;
    std::condition_variable changed;
    std::vector<CFRunLoopSourceRef> sources;
    std::vector<CFRunLoopTimerRef> timers;
    std::deque<Function> functions;
    bool stopped = false;
    bool woken = false;
    std::atomic<bool> waiting{false};
};

namespace dextsim::cf {

using TimePoint = __CFRunLoopTimer::Clock::time_point;

// Fires a timer that is due. Called with the loop's lock, which is given up meanwhile.
bool fireOne(CFRunLoopRef loop, std::unique_lock<std::mutex> & guard);
// When the next timer is due, or `limit`. Called with the loop's lock.
TimePoint nextDeadline(CFRunLoopRef loop, TimePoint limit);

} // namespace dextsim::cf

#endif
