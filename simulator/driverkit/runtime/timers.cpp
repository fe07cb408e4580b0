// Pending timers by deadline; the thread sleeps until the first.
#include "timers.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <time.h>

namespace dextsim {

namespace {

struct Timers {
    std::mutex lock;
    std::condition_variable changed;
    // By deadline, then by id: equal deadlines fire in the order they were set.
    std::map<std::pair<uint64_t, uint64_t>, std::function<void()>> pending;
    uint64_t nextId = 1;
    bool running = false;
};

Timers & timers() {
    static Timers & instance = *new Timers;
    return instance;
}

void serve() {
    Timers & shared = timers();
    std::unique_lock lock(shared.lock);
    for (;;) {
        if (shared.pending.empty()) {
            shared.changed.wait(lock);
            continue;
        }
        const uint64_t now = monotonicNanoseconds();
        auto first = shared.pending.begin();
        if (first->first.first > now) {
            shared.changed.wait_for(lock, std::chrono::nanoseconds(first->first.first - now));
            continue;
        }
        const std::function<void()> fire = std::move(first->second);
        shared.pending.erase(first);
        lock.unlock();
        fire();
        lock.lock();
    }
}

} // namespace

uint64_t monotonicNanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(now.tv_nsec);
}

uint64_t monotonicDeadline(uint64_t clock, uint64_t deadline) {
    constexpr uint64_t kRealTime = 0x80; // kIOTimerClockRealTime; all others run with this clock
    if (clock != kRealTime) {
        return deadline;
    }
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    const uint64_t real =
        static_cast<uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(now.tv_nsec);
    return deadline > real ? monotonicNanoseconds() + (deadline - real) : 0;
}

uint64_t startTimer(uint64_t deadline, std::function<void()> fire) {
    Timers & shared = timers();
    std::lock_guard lock(shared.lock);
    if (!shared.running) {
        shared.running = true;
        std::thread(serve).detach();
    }
    const uint64_t id = shared.nextId++;
    shared.pending.emplace(std::pair(deadline, id), std::move(fire));
    shared.changed.notify_one();
    return id;
}

bool cancelTimer(uint64_t id) {
    Timers & shared = timers();
    std::lock_guard lock(shared.lock);
    return std::erase_if(shared.pending,
                         [id](const auto & each) { return each.first.second == id; }) != 0;
}

} // namespace dextsim
