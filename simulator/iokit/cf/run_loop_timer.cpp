// Timers of run loops. Dates are of the wall clock when they are given, and kept by the steady one.
#include "run_loop.h"

#include <algorithm>

using dextsim::cf::TimePoint;
using dextsim::cf::Type;
using std::chrono::duration;
using std::chrono::duration_cast;
using std::chrono::steady_clock;
using std::chrono::system_clock;

const CFTimeInterval kCFAbsoluteTimeIntervalSince1970 = 978307200.0;

namespace {

// Far enough for ever, and still a number of nanoseconds.
constexpr double kFarthest = 4e9;

steady_clock::duration seconds(double count) {
    return duration_cast<steady_clock::duration>(
        duration<double>(std::clamp(count, -kFarthest, kFarthest)));
}

TimePoint pointOf(CFAbsoluteTime date) {
    return steady_clock::now() + seconds(date - CFAbsoluteTimeGetCurrent());
}

struct Firing {
    TimePoint planned;
    bool repeats;
};

// The first one that is due, marked and retained.
CFRunLoopTimerRef takeDue(CFRunLoopRef loop, Firing & firing) {
    const TimePoint now = steady_clock::now();
    CFRunLoopTimerRef due = nullptr;
    for (CFRunLoopTimerRef timer : loop->timers) {
        std::lock_guard guard(timer->lock);
        const bool isDue = timer->valid && !timer->firing && timer->next <= now;
        if (isDue && (due == nullptr || timer->next < firing.planned)) {
            due = timer;
            firing = {timer->next, timer->interval > 0};
        }
    }
    if (due != nullptr) {
        CFRetain(due);
        std::lock_guard guard(due->lock);
        due->firing = true;
    }
    return due;
}

// Its next date, as it was planned: what was missed is left out. A callback may have set another.
void plan(CFRunLoopTimerRef timer, TimePoint fired) {
    std::lock_guard guard(timer->lock);
    timer->firing = false;
    if (timer->next != fired) {
        return;
    }
    const auto step = std::max(seconds(timer->interval), steady_clock::duration(1));
    const auto late = steady_clock::now() - fired;
    timer->next = fired + step * (late / step + 1);
}

} // namespace

namespace dextsim::cf {

bool fireOne(CFRunLoopRef loop, std::unique_lock<std::mutex> & guard) {
    Firing firing{};
    CFRunLoopTimerRef timer = takeDue(loop, firing);
    if (timer == nullptr) {
        return false;
    }
    guard.unlock();
    timer->callout(timer, timer->context.info);
    if (firing.repeats) {
        plan(timer, firing.planned);
    } else {
        CFRunLoopTimerInvalidate(timer);
    }
    CFRelease(timer);
    guard.lock();
    return true;
}

TimePoint nextDeadline(CFRunLoopRef loop, TimePoint limit) {
    for (CFRunLoopTimerRef timer : loop->timers) {
        std::lock_guard guard(timer->lock);
        if (timer->valid && !timer->firing) {
            limit = std::min(limit, timer->next);
        }
    }
    return limit;
}

} // namespace dextsim::cf

__CFRunLoopTimer::__CFRunLoopTimer(const CFRunLoopTimerContext & with)
    : Object(Type::RunLoopTimer), context(with) {
    if (context.retain != nullptr) {
        context.info = const_cast<void *>(context.retain(context.info));
    }
}

__CFRunLoopTimer::~__CFRunLoopTimer() {
    if (context.release != nullptr) {
        context.release(context.info);
    }
}

CFAbsoluteTime CFAbsoluteTimeGetCurrent(void) {
    const duration<double> since1970 = system_clock::now().time_since_epoch();
    return since1970.count() - kCFAbsoluteTimeIntervalSince1970;
}

CFTypeID CFRunLoopTimerGetTypeID(void) {
    return static_cast<CFTypeID>(Type::RunLoopTimer);
}

CFRunLoopTimerRef CFRunLoopTimerCreate(CFAllocatorRef, CFAbsoluteTime fireDate,
                                       CFTimeInterval interval, CFOptionFlags, CFIndex order,
                                       CFRunLoopTimerCallBack callout,
                                       CFRunLoopTimerContext * context) {
    auto * timer = new __CFRunLoopTimer(context == nullptr ? CFRunLoopTimerContext{} : *context);
    timer->callout = callout;
    timer->interval = std::max(interval, 0.0);
    timer->order = order;
    timer->next = pointOf(fireDate);
    return timer;
}

void CFRunLoopAddTimer(CFRunLoopRef loop, CFRunLoopTimerRef timer, CFRunLoopMode) {
    {
        std::lock_guard guard(loop->lock);
        std::lock_guard inner(timer->lock);
        if (!timer->valid || timer->loop != nullptr) {
            return;
        }
        timer->loop = loop;
        CFRetain(timer);
        loop->timers.push_back(timer);
    }
    CFRunLoopWakeUp(loop);
}

void CFRunLoopRemoveTimer(CFRunLoopRef loop, CFRunLoopTimerRef timer, CFRunLoopMode) {
    {
        std::lock_guard guard(loop->lock);
        if (std::erase(loop->timers, timer) == 0) {
            return;
        }
        std::lock_guard inner(timer->lock);
        timer->loop = nullptr;
    }
    CFRunLoopWakeUp(loop); // it may have waited for nothing else
    CFRelease(timer);
}

Boolean CFRunLoopContainsTimer(CFRunLoopRef loop, CFRunLoopTimerRef timer, CFRunLoopMode) {
    std::lock_guard guard(loop->lock);
    return std::find(loop->timers.begin(), loop->timers.end(), timer) != loop->timers.end();
}

CFAbsoluteTime CFRunLoopTimerGetNextFireDate(CFRunLoopTimerRef timer) {
    std::lock_guard guard(timer->lock);
    const duration<double> left = timer->next - steady_clock::now();
    return timer->valid ? CFAbsoluteTimeGetCurrent() + left.count() : 0;
}

void CFRunLoopTimerSetNextFireDate(CFRunLoopTimerRef timer, CFAbsoluteTime fireDate) {
    CFRunLoopRef loop;
    {
        std::lock_guard guard(timer->lock);
        timer->next = pointOf(fireDate);
        loop = timer->loop;
    }
    if (loop != nullptr) {
        CFRunLoopWakeUp(loop);
    }
}

CFTimeInterval CFRunLoopTimerGetInterval(CFRunLoopTimerRef timer) {
    return timer->interval;
}
Boolean CFRunLoopTimerDoesRepeat(CFRunLoopTimerRef timer) {
    return timer->interval > 0;
}
CFIndex CFRunLoopTimerGetOrder(CFRunLoopTimerRef timer) {
    return timer->order;
}
CFTimeInterval CFRunLoopTimerGetTolerance(CFRunLoopTimerRef timer) {
    return timer->tolerance;
}
void CFRunLoopTimerSetTolerance(CFRunLoopTimerRef timer, CFTimeInterval tolerance) {
    timer->tolerance = tolerance;
}
void CFRunLoopTimerGetContext(CFRunLoopTimerRef timer, CFRunLoopTimerContext * context) {
    *context = timer->context;
}

void CFRunLoopTimerInvalidate(CFRunLoopTimerRef timer) {
    CFRunLoopRef loop;
    {
        std::lock_guard guard(timer->lock);
        timer->valid = false;
        loop = timer->loop;
    }
    if (loop != nullptr) {
        CFRunLoopRemoveTimer(loop, timer, nullptr);
    }
}

Boolean CFRunLoopTimerIsValid(CFRunLoopTimerRef timer) {
    std::lock_guard guard(timer->lock);
    return timer->valid;
}
