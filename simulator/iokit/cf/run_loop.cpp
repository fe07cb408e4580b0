// CFRunLoop with version-0 sources: a loop per thread that sleeps until a source is signalled.
#include "object.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

struct __CFRunLoopSource final : dextsim::cf::Object {
    explicit __CFRunLoopSource(const CFRunLoopSourceContext & with)
        : Object(dextsim::cf::Type::RunLoopSource), context(with) {
        if (context.retain != nullptr) {
            context.retain(context.info);
        }
    }
    ~__CFRunLoopSource() override {
        if (context.release != nullptr) {
            context.release(context.info);
        }
    }
    const CFRunLoopSourceContext context;
    std::atomic<bool> signalled{false};
    std::atomic<bool> valid{true};
    std::mutex lock;
    std::vector<CFRunLoopRef> loops; // where it was added; not retained
};

struct __CFRunLoop final : dextsim::cf::Object {
    __CFRunLoop() : Object(dextsim::cf::Type::RunLoop) { immortal = true; }
    std::mutex lock;
    std::condition_variable changed;
    std::vector<CFRunLoopSourceRef> sources;
    bool stopped = false;
    bool woken = false;
};

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

} // namespace

CFTypeID CFRunLoopGetTypeID(void) {
    return static_cast<CFTypeID>(Type::RunLoop);
}
CFTypeID CFRunLoopSourceGetTypeID(void) {
    return static_cast<CFTypeID>(Type::RunLoopSource);
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
    auto limit = std::chrono::duration<double>(std::min(seconds, 1e8));
    auto deadline = steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(limit);
    std::unique_lock guard(loop->lock);
    loop->stopped = false;
    for (;;) {
        if (loop->sources.empty()) {
            return kCFRunLoopRunFinished;
        }
        bool performed = performOne(loop, guard);
        if (loop->stopped) {
            return kCFRunLoopRunStopped;
        }
        if (performed && returnAfterSourceHandled) {
            return kCFRunLoopRunHandledSource;
        }
        if (performed) {
            continue;
        }
        if (!loop->changed.wait_until(guard, deadline,
                                      [&] { return loop->woken || loop->stopped; })) {
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

void CFRunLoopAddSource(CFRunLoopRef loop, CFRunLoopSourceRef source, CFRunLoopMode) {
    if (CFRunLoopContainsSource(loop, source, nullptr)) {
        return;
    }
    CFRetain(source);
    {
        std::lock_guard guard(loop->lock);
        loop->sources.push_back(source);
    }
    {
        std::lock_guard guard(source->lock);
        source->loops.push_back(loop);
    }
    CFRunLoopWakeUp(loop); // it may have been signalled before
}

void CFRunLoopRemoveSource(CFRunLoopRef loop, CFRunLoopSourceRef source, CFRunLoopMode) {
    {
        std::lock_guard guard(source->lock);
        std::erase(source->loops, loop);
    }
    {
        std::lock_guard guard(loop->lock);
        if (std::erase(loop->sources, source) == 0) {
            return;
        }
    }
    CFRelease(source);
}

Boolean CFRunLoopContainsSource(CFRunLoopRef loop, CFRunLoopSourceRef source, CFRunLoopMode) {
    std::lock_guard guard(loop->lock);
    return std::find(loop->sources.begin(), loop->sources.end(), source) != loop->sources.end();
}

CFRunLoopSourceRef CFRunLoopSourceCreate(CFAllocatorRef, CFIndex,
                                         CFRunLoopSourceContext * context) {
    return new __CFRunLoopSource(*context);
}

// Also wakes the loops it was added to, as a Mach port source does by itself.
void CFRunLoopSourceSignal(CFRunLoopSourceRef source) {
    source->signalled = true;
    std::lock_guard guard(source->lock);
    for (CFRunLoopRef loop : source->loops) {
        CFRunLoopWakeUp(loop);
    }
}

void CFRunLoopSourceInvalidate(CFRunLoopSourceRef source) {
    source->valid = false;
    CFRetain(source);
    std::vector<CFRunLoopRef> loops;
    {
        std::lock_guard guard(source->lock);
        loops = source->loops;
    }
    for (CFRunLoopRef loop : loops) {
        CFRunLoopRemoveSource(loop, source, nullptr);
    }
    CFRelease(source);
}

Boolean CFRunLoopSourceIsValid(CFRunLoopSourceRef source) {
    return source->valid;
}
