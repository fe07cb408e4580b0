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
    std::deque<std::function<void()>> work;
    size_t idle = 0;
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
        }
        work();
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

} // namespace dextsim
