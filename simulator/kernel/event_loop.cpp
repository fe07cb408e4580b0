// See event_loop.h.
#include "event_loop.h"

#include <algorithm>

namespace dextsim {

void EventLoop::watch(int fd, Task readable, Task writable) {
    watches_[fd] = std::make_shared<Watch>(Watch{std::move(readable), std::move(writable)});
    poller_.add(fd);
}

void EventLoop::unwatch(int fd) {
    if (watches_.erase(fd) != 0) {
        poller_.remove(fd);
    }
}

EventLoop::TimerId EventLoop::after(std::chrono::milliseconds delay, Task task) {
    TimerId id = nextTimer_++;
    auto deadline = Clock::now() + delay;
    timers_.emplace(std::make_pair(deadline, id), std::move(task));
    deadlines_.emplace(id, deadline);
    return id;
}

void EventLoop::cancel(TimerId timer) {
    auto found = deadlines_.find(timer);
    if (found != deadlines_.end()) {
        timers_.erase({found->second, timer});
        deadlines_.erase(found);
    }
}

int EventLoop::timeout() const {
    if (timers_.empty()) {
        return -1;
    }
    auto left =
        std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first.first - Clock::now());
    return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 60'000));
}

void EventLoop::runTimers() {
    auto now = Clock::now();
    while (!timers_.empty() && timers_.begin()->first.first <= now) {
        auto first = timers_.extract(timers_.begin());
        deadlines_.erase(first.key().second);
        first.mapped()();
        runDeferred();
    }
}

void EventLoop::runDeferred() {
    while (!deferred_.empty()) {
        Task task = std::move(deferred_.front());
        deferred_.pop_front();
        task();
    }
}

void EventLoop::run() {
    runDeferred();
    while (!stopped_) {
        for (const Poller::Event & event : poller_.wait(timeout())) {
            auto found = watches_.find(event.fd);
            if (found == watches_.end()) {
                continue;
            }
            std::shared_ptr<Watch> watch = found->second;
            if (event.writable && watch->writable) {
                watch->writable();
            }
            if (event.readable) {
                watch->readable();
            }
            runDeferred();
        }
        runTimers();
    }
}

} // namespace dextsim
