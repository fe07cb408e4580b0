// Time of the simulated machine, as the kernel keeps it: timers that wait for it, and how it is
// held and moved. Timers of the simulator's own housekeeping are the event loop's.
#ifndef DEXTSIM_KERNEL_CLOCK_H
#define DEXTSIM_KERNEL_CLOCK_H

#include "event_loop.h"

#include <cstdint>
#include <map>

namespace dextsim {

class Clock {
  public:
    using TimerId = uint64_t; // 0 is never one

    explicit Clock(EventLoop & loop) : loop_(loop) {}

    TimerId after(std::chrono::milliseconds delay, EventLoop::Task task);
    void cancel(TimerId timer);

    bool isHeld() const;
    void hold();
    void resume();
    // Only while held, and only forwards. Runs what is due.
    void moveTo(uint64_t now);
    // The first deadline, 0 when nothing waits.
    uint64_t nextDeadline() const;
    // How many wait.
    size_t size() const { return timers_.size(); }

  private:
    void runDue();
    void arm();

    EventLoop & loop_;
    std::map<std::pair<uint64_t, TimerId>, EventLoop::Task> timers_;
    std::map<TimerId, uint64_t> deadlines_;
    TimerId nextTimer_ = 1;
    EventLoop::TimerId wakeUp_ = 0;
};

} // namespace dextsim

#endif
