// The pool lives as long as the process: a dext ends by exiting, with its workers asleep.
#include "workers.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace dextsim {

namespace {

struct Pool {
    std::mutex lock;
    std::condition_variable arrived;
    std::condition_variable rested;
    std::deque<std::function<void()>> work;
    size_t idle = 0;
    size_t busy = 0; // workers that run something
};

// Never destroyed: detached workers may still wait on it while the process exits.
Pool & pool() {
    static Pool & instance = *new Pool;
    return instance;
}

void serve() {
    Pool & shared = pool();
    for (;;) {
        std::function<void()> work;
        {
            std::unique_lock lock(shared.lock);
            shared.idle++;
            shared.arrived.wait(lock, [&] { return !shared.work.empty(); });
            shared.idle--;
            work = std::move(shared.work.front());
            shared.work.pop_front();
            shared.busy++;
        }
        work();
        work = nullptr; // what it owns may be the driver's
        std::lock_guard lock(shared.lock);
        if (--shared.busy == 0 && shared.work.empty()) {
            shared.rested.notify_all();
        }
    }
}

} // namespace

void runOnWorker(std::function<void()> work) {
    Pool & shared = pool();
    bool grow;
    {
        std::lock_guard lock(shared.lock);
        shared.work.push_back(std::move(work));
        grow = shared.work.size() > shared.idle;
    }
    if (grow) {
        std::thread(serve).detach();
    } else {
        shared.arrived.notify_one();
    }
}

void awaitWorkers(std::chrono::milliseconds limit) {
    Pool & shared = pool();
    std::unique_lock lock(shared.lock);
    shared.rested.wait_for(lock, limit, [&] { return shared.busy == 0 && shared.work.empty(); });
}

} // namespace dextsim
