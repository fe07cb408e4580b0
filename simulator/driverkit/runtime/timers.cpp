// Pending timers by deadline; the thread sleeps until the first.
#include "timers.h"

#include "../../ipc/machine.h"

#include <chrono>
#include <map>
#include <thread>
#include <time.h>
#include <vector>

namespace dextsim {

namespace {

using RealClock = std::chrono::steady_clock;

// A handler that waits for something other than the clock does not hold up a step for longer.
constexpr std::chrono::milliseconds kPatience{200};

struct Settling {
    std::function<void(uint64_t next)> settled;
    RealClock::time_point latest;
};

struct Timers {
    std::mutex lock;
    std::condition_variable changed;
    // By deadline, then by id: equal deadlines fire in the order they were set.
    std::map<std::pair<uint64_t, uint64_t>, std::function<void()>> pending;
    std::vector<Settling> settling;
    uint64_t nextId = 1;
    uint64_t turns = 0;    // handlers that were set off and have not ended
    uint64_t sleepers = 0; // threads of those that wait for this very clock
    bool running = false;
};

Timers & timers() {
    static Timers & instance = *new Timers;
    return instance;
}

thread_local TimerTurn gTurn;

uint64_t firstDeadline(const Timers & shared) {
    return shared.pending.empty() ? 0 : shared.pending.begin()->first.first;
}

// Nothing is due: tells those who wait for that.
void settle(Timers & shared, std::unique_lock<std::mutex> & lock) {
    const bool quiet = shared.turns <= shared.sleepers;
    if (shared.settling.empty() || (!quiet && RealClock::now() < shared.settling.front().latest)) {
        return;
    }
    const auto settling = std::move(shared.settling);
    shared.settling.clear();
    const uint64_t next = firstDeadline(shared);
    lock.unlock();
    for (const Settling & each : settling) {
        each.settled(next);
    }
    lock.lock();
}

// Until the first deadline, a new timer, a change of the clock, or the end of a handler.
void pause(Timers & shared, std::unique_lock<std::mutex> & lock, MachineTime time) {
    auto latest = RealClock::time_point::max();
    if (!shared.settling.empty()) {
        latest = shared.settling.front().latest;
    }
    if (!shared.pending.empty() && !time.held) {
        const std::chrono::nanoseconds left(firstDeadline(shared) - time.now);
        latest = std::min(latest, RealClock::now() + left);
    }
    if (latest == RealClock::time_point::max()) {
        shared.changed.wait(lock);
    } else {
        shared.changed.wait_until(lock, latest);
    }
}

void serve() {
    Timers & shared = timers();
    std::unique_lock lock(shared.lock);
    for (;;) {
        const MachineTime time = machineTime();
        if (shared.pending.empty() || firstDeadline(shared) > time.now) {
            settle(shared, lock);
            if (shared.pending.empty() || firstDeadline(shared) > time.now) {
                pause(shared, lock, time);
            }
            continue;
        }
        const std::function<void()> fire = std::move(shared.pending.begin()->second);
        shared.pending.erase(shared.pending.begin());
        lock.unlock();
        fire();
        lock.lock();
    }
}

void startThread(Timers & shared) {
    if (!shared.running) {
        shared.running = true;
        std::thread(serve).detach();
    }
}

// A thread of a handler that waits for the clock does not hold up a step.
class Sleeper {
  public:
    Sleeper() { count(1); }
    ~Sleeper() { count(static_cast<uint64_t>(-1)); }
    Sleeper(const Sleeper &) = delete;
    Sleeper & operator=(const Sleeper &) = delete;

  private:
    static void count(uint64_t change) {
        if (gTurn != nullptr) {
            std::lock_guard lock(timers().lock);
            timers().sleepers += change;
            timers().changed.notify_one();
        }
    }
};

} // namespace

uint64_t monotonicNanoseconds() {
    return machineNanoseconds();
}

uint64_t monotonicDeadline(uint64_t clock, uint64_t deadline) {
    constexpr uint64_t kRealTime = 0x80; // kIOTimerClockRealTime; all others run with this clock
    if (clock != kRealTime) {
        return deadline;
    }
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    const uint64_t real = static_cast<uint64_t>(now.tv_sec) * 1'000'000'000u +
                          static_cast<uint64_t>(now.tv_nsec) +
                          static_cast<uint64_t>(machineOffset());
    return deadline > real ? monotonicNanoseconds() + (deadline - real) : 0;
}

uint64_t startTimer(uint64_t deadline, std::function<void()> fire) {
    Timers & shared = timers();
    std::lock_guard lock(shared.lock);
    startThread(shared);
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

bool waitUntil(std::unique_lock<std::mutex> & lock, std::condition_variable & arrived,
               uint64_t deadline, const std::function<bool()> & ready) {
    bool expired = false;
    lock.unlock();
    const Sleeper sleeper;
    const uint64_t timer = startTimer(deadline, [&] {
        std::lock_guard guard(*lock.mutex());
        expired = true;
        arrived.notify_all();
    });
    lock.lock();
    arrived.wait(lock, [&] { return expired || ready(); });
    const bool inTime = ready();
    if (!expired) {
        lock.unlock();
        const bool stopped = cancelTimer(timer);
        lock.lock();
        // Its callback has begun: it still needs what is ours.
        arrived.wait(lock, [&] { return stopped || expired; });
    }
    return inTime;
}

void sleepUntil(uint64_t deadline) {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    waitUntil(lock, never, deadline, [] { return false; });
}

TimerTurn newTurn() {
    Timers & shared = timers();
    std::lock_guard lock(shared.lock);
    shared.turns++;
    return TimerTurn(&shared, [](void *) {
        std::lock_guard guard(timers().lock);
        timers().turns--;
        timers().changed.notify_one();
    });
}

TimerTurn currentTurn() {
    return gTurn;
}

InTurn::InTurn(TimerTurn turn) : before_(std::move(gTurn)) {
    gTurn = std::move(turn);
}

InTurn::~InTurn() {
    gTurn = std::move(before_);
}

void clockChanged(std::function<void(uint64_t next)> settled) {
    Timers & shared = timers();
    std::lock_guard lock(shared.lock);
    startThread(shared);
    shared.settling.push_back({std::move(settled), RealClock::now() + kPatience});
    shared.changed.notify_one();
}

} // namespace dextsim
