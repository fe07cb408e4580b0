// See pool.h.
#include "pool.h"

#include <chrono>
#include <csignal>
#include <pthread.h>
#include <thread>

namespace dextsim::dispatch {

namespace {
constexpr std::chrono::seconds kIdleLife(5);
}

Pool & Pool::shared() {
    static auto * pool = new Pool();
    return *pool;
}

void Pool::run(Task task) {
    std::lock_guard guard(lock_);
    tasks_.push_back(task);
    if (idle_ >= tasks_.size()) {
        arrived_.notify_one();
        return;
    }
    // Signals are for the program's own threads.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([this] { work(); }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Pool::work() {
    std::unique_lock guard(lock_);
    for (;;) {
        ++idle_;
        bool found = arrived_.wait_for(guard, kIdleLife, [this] { return !tasks_.empty(); });
        --idle_;
        if (!found) {
            return;
        }
        Task task = tasks_.front();
        tasks_.pop_front();
        guard.unlock();
        task();
        guard.lock();
    }
}

} // namespace dextsim::dispatch
