// CFRunLoop: a loop per thread that sleeps until a source is signalled, a timer is due, or there is
// a function to call.
#include "run_loop.h"

#include "../dispatch/main_queue.h"

#include <algorithm>

using dextsim::cf::TimePoint;
using dextsim::cf::Type;
using std::chrono::steady_clock;

const CFRunLoopMode kCFRunLoopDefaultMode = CFSTR("kCFRunLoopDefaultMode");
const CFRunLoopMode kCFRunLoopCommonModes = CFSTR("kCFRunLoopCommonModes");

namespace {

// The thread that loaded the library counts as the main one.
CFRunLoopRef const gMainLoop = CFRunLoopGetCurrent();

// Performs one signalled source. Called with the lock, which is given up meanwhile.
bool performOne(CFRunLoopRef loop, std::unique_lock<std::mutex> & guard) {
    for (CFRunLoopSourceRef source : loop->sources) {
        if (source->valid && source->signalled.exchange(false)) {
            CFRetain(source);
            guard.unlock();
            source->context.perform(source->context.info);
            CFRelease(source);
            guard.lock();
            return true;
        }
    }
    return false;
}

// Calls what was there before; what a function adds waits for the next round.
bool callFunctions(CFRunLoopRef loop, std::unique_lock<std::mutex> & guard) {
    const auto functions = std::exchange(loop->functions, {});
    guard.unlock();
    for (const auto & function : functions) {
        function.call(function.context);
    }
    guard.lock();
    return !functions.empty();
}

bool fireTimers(CFRunLoopRef loop, std::unique_lock<std::mutex> & guard) {
    size_t left = loop->timers.size(); // a timer may be due again at once, for ever
    bool fired = false;
    while (left > 0 && dextsim::cf::fireOne(loop, guard)) {
        fired = true;
        --left;
    }
    return fired;
}

bool runMainQueue(CFRunLoopRef loop, std::unique_lock<std::mutex> & guard) {
    if (loop != gMainLoop) {
        return false;
    }
    guard.unlock();
    const bool ran = dextsim::dispatch::runMainQueue();
    guard.lock();
    return ran;
}

// The main thread's also waits for work of the main queue, unless that is what it is called from.
bool isFinished(CFRunLoopRef loop) {
    const bool waitsForQueue = loop == gMainLoop && !dextsim::dispatch::isInMainQueue();
    return !waitsForQueue && loop->sources.empty() && loop->timers.empty() &&
           loop->functions.empty();
}

TimePoint after(CFTimeInterval seconds) {
    const auto limit = std::chrono::duration<double>(std::min(seconds, 1e8));
    return steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(limit);
}

} // namespace

CFTypeID CFRunLoopGetTypeID(void) {
    return static_cast<CFTypeID>(Type::RunLoop);
}

CFRunLoopRef CFRunLoopGetCurrent(void) {
    // Others may hold it after the thread has ended; a loop is small and stays.
    static auto & all = *new std::vector<CFRunLoopRef>();
    static auto & lock = *new std::mutex();
    static thread_local CFRunLoopRef loop = nullptr;
    if (loop == nullptr) {
        loop = new __CFRunLoop();
        std::lock_guard guard(lock);
        all.push_back(loop);
    }
    return loop;
}

CFRunLoopRef CFRunLoopGetMain(void) {
    return gMainLoop;
}

CFRunLoopRunResult CFRunLoopRunInMode(CFRunLoopMode, CFTimeInterval seconds,
                                      Boolean returnAfterSourceHandled) {
    CFRunLoopRef loop = CFRunLoopGetCurrent();
    const TimePoint limit = after(seconds);
    std::unique_lock guard(loop->lock);
    loop->stopped = false;
    for (;;) {
        if (isFinished(loop)) {
            return kCFRunLoopRunFinished;
        }
        bool worked = callFunctions(loop, guard);
        worked = runMainQueue(loop, guard) || worked;
        worked = fireTimers(loop, guard) || worked;
        const bool performed = performOne(loop, guard);
        if (loop->stopped) {
            return kCFRunLoopRunStopped;
        }
        if (performed && returnAfterSourceHandled) {
            return kCFRunLoopRunHandledSource;
        }
        // What is always due must not keep the loop beyond its time.
        if (performed || (worked && steady_clock::now() < limit)) {
            continue;
        }
        if (worked) {
            return kCFRunLoopRunTimedOut;
        }
        loop->waiting = true;
        const TimePoint deadline = dextsim::cf::nextDeadline(loop, limit);
        const bool woken =
            loop->changed.wait_until(guard, deadline, [&] { return loop->woken || loop->stopped; });
        loop->waiting = false;
        if (!woken && steady_clock::now() >= limit) {
            return kCFRunLoopRunTimedOut;
        }
        loop->woken = false;
    }
}

void CFRunLoopRun(void) {
    CFRunLoopRunResult result;
    do {
        result = CFRunLoopRunInMode(kCFRunLoopDefaultMode, 1e8, false);
    } while (result != kCFRunLoopRunStopped && result != kCFRunLoopRunFinished);
}

Boolean CFRunLoopIsWaiting(CFRunLoopRef loop) {
    return loop->waiting;
}

void CFRunLoopStop(CFRunLoopRef loop) {
    std::lock_guard guard(loop->lock);
    loop->stopped = true;
    loop->changed.notify_all();
}

void CFRunLoopWakeUp(CFRunLoopRef loop) {
    std::lock_guard guard(loop->lock);
    loop->woken = true;
    loop->changed.notify_all();
}

void _CFRunLoopPerformFunction(CFRunLoopRef loop, void * context, void (*function)(void *)) {
    std::lock_guard guard(loop->lock);
    loop->functions.push_back({function, context});
}
