// See clock.h.
#include "clock.h"

#include "ipc/machine.h"

namespace dextsim {

Clock::TimerId Clock::after(std::chrono::milliseconds delay, EventLoop::Task task) {
    const TimerId id = nextTimer_++;
    const uint64_t deadline =
        machineNanoseconds() + static_cast<uint64_t>(std::chrono::nanoseconds(delay).count());
    timers_.emplace(std::make_pair(deadline, id), std::move(task));
    deadlines_.emplace(id, deadline);
    arm();
    return id;
}

void Clock::cancel(TimerId timer) {
    auto found = deadlines_.find(timer);
    if (found != deadlines_.end()) {
        timers_.erase({found->second, timer});
        deadlines_.erase(found);
    }
}

bool Clock::isHeld() const {
    return machineTime().held;
}

void Clock::hold() {
    setMachineClock(true, static_cast<int64_t>(machineNanoseconds()));
    arm();
}

void Clock::resume() {
    setMachineClock(false, machineOffset());
    arm();
}

void Clock::moveTo(uint64_t now) {
    setMachineClock(true, static_cast<int64_t>(now));
    runDue();
}

uint64_t Clock::nextDeadline() const {
    return timers_.empty() ? 0 : timers_.begin()->first.first;
}

void Clock::runDue() {
    while (!timers_.empty() && timers_.begin()->first.first <= machineNanoseconds()) {
        auto first = timers_.extract(timers_.begin());
        deadlines_.erase(first.key().second);
        first.mapped()();
    }
    arm();
}

// A wake-up that comes too early finds nothing due and arms again.
void Clock::arm() {
    loop_.cancel(wakeUp_);
    wakeUp_ = 0;
    if (timers_.empty() || isHeld()) {
        return;
    }
    const uint64_t now = machineNanoseconds();
    const uint64_t first = nextDeadline();
    const auto left = std::chrono::nanoseconds(first > now ? first - now : 0);
    wakeUp_ = loop_.after(std::chrono::ceil<std::chrono::milliseconds>(left), [this] {
        wakeUp_ = 0;
        runDue();
    });
}

} // namespace dextsim
