// The kernel's one thread: readiness of descriptors, timers and deferred work, in turn.
#ifndef DEXTSIM_KERNEL_EVENT_LOOP_H
#define DEXTSIM_KERNEL_EVENT_LOOP_H

#include "ipc/os.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>

namespace dextsim {

class EventLoop {
  public:
    using Task = std::function<void()>;
    using Clock = std::chrono::steady_clock;
    using TimerId = uint64_t; // 0 is never one

    bool usable() const { return poller_.usable(); }
    void watch(int fd, Task readable, Task writable = {});
    void wantWrite(int fd, bool want) { poller_.wantWrite(fd, want); }
    // Safe inside the handlers of the same descriptor.
    void unwatch(int fd);

    TimerId after(std::chrono::milliseconds delay, Task task);
    void cancel(TimerId timer);
    // Runs the task after the handler that is running now.
    void later(Task task) { deferred_.push_back(std::move(task)); }

    void run();
    void stop() { stopped_ = true; }

  private:
    struct Watch {
        Task readable;
        Task writable;
    };
    int timeout() const;
    void runTimers();
    void runDeferred();

    Poller poller_;
    std::map<int, std::shared_ptr<Watch>> watches_;
    std::map<std::pair<Clock::time_point, TimerId>, Task> timers_;
    std::map<TimerId, Clock::time_point> deadlines_;
    std::deque<Task> deferred_;
    TimerId nextTimer_ = 1;
    bool stopped_ = false;
};

} // namespace dextsim

#endif
