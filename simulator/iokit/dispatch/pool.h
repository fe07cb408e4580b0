// Threads for queues. Never more than there are queues with work, and a blocked one holds up
// nobody: when none is idle, another is started.
#ifndef DEXTSIM_IOKIT_DISPATCH_POOL_H
#define DEXTSIM_IOKIT_DISPATCH_POOL_H

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>

namespace dextsim::dispatch {

struct Task {
    void (*function)(void * context) = nullptr;
    void * context = nullptr;
    void operator()() const { function(context); }
};

class Pool {
  public:
    // Lives as long as the process: its threads may run when destructors do.
    static Pool & shared();
    void run(Task task);

  private:
    void work();

    std::mutex lock_;
    std::condition_variable arrived_;
    std::deque<Task> tasks_;
    size_t idle_ = 0;
};

} // namespace dextsim::dispatch

#endif
