// See queue.h.
#include "queue.h"

#include "main_queue.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

using dextsim::dispatch::Pool;
using dextsim::dispatch::Task;

struct dispatch_queue_attr_s _dispatch_queue_attr_concurrent = {1};

namespace {

thread_local dispatch_queue_t tCurrent = nullptr;

// Marks the thread as running on a queue.
class Running {
  public:
    explicit Running(dispatch_queue_t queue) : before_(tCurrent) { tCurrent = queue; }
    ~Running() { tCurrent = before_; }

  private:
    dispatch_queue_t before_;
};

} // namespace

namespace dextsim::dispatch {

void retain(dispatch_object_s * object) {
    object->references.fetch_add(1, std::memory_order_relaxed);
}

void release(dispatch_object_s * object) {
    if (object->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        delete object;
    }
}

} // namespace dextsim::dispatch

dispatch_queue_t dispatch_queue_s::current() {
    return tCurrent == nullptr && dextsim::dispatch::isMainThread() ? dispatch_get_main_queue()
                                                                    : tCurrent;
}

// Has somebody run the tasks of a serial queue; busy_ is set.
void dispatch_queue_s::start() {
    if (main) {
        dextsim::dispatch::wakeMainThread();
        return;
    }
    Pool::shared().run(
        {[](void * queue) { static_cast<dispatch_queue_s *>(queue)->drain(SIZE_MAX); }, this});
}

void dispatch_queue_s::async(Task task) {
    // The queue lives until its last task ran.
    dextsim::dispatch::retain(this);
    if (!serial) {
        struct Concurrent {
            dispatch_queue_s * queue;
            Task task;
        };
        Pool::shared().run({[](void * context) {
                                auto * item = static_cast<Concurrent *>(context);
                                {
                                    Running running(item->queue);
                                    item->task();
                                }
                                dextsim::dispatch::release(item->queue);
                                delete item;
                            },
                            new Concurrent{this, task}});
        return;
    }
    std::lock_guard guard(lock_);
    tasks_.push_back(task);
    if (!busy_) {
        busy_ = true;
        start();
    }
}

bool dispatch_queue_s::runWaiting() {
    size_t count;
    {
        std::lock_guard guard(lock_);
        count = tasks_.size();
    }
    if (count != 0) {
        drain(count);
    }
    return count != 0;
}

// Runs tasks until there are none, or so many ran; whoever calls it has set busy_.
void dispatch_queue_s::drain(size_t limit) {
    Running running(this);
    size_t finished = 0;
    std::unique_lock guard(lock_);
    while (!tasks_.empty() && finished < limit) {
        Task task = tasks_.front();
        tasks_.pop_front();
        guard.unlock();
        task();
        ++finished;
        guard.lock();
    }
    busy_ = !tasks_.empty();
    if (busy_) {
        start();
    }
    turn_.notify_one();
    guard.unlock();
    for (; finished > 0; --finished) {
        dextsim::dispatch::release(this);
    }
}

// On the caller's thread, when nothing runs and nothing waits before it.
void dispatch_queue_s::sync(Task task) {
    if (!serial) {
        Running running(this);
        task();
        return;
    }
    if (current() == this) {
        fprintf(stderr, "dispatch_sync called on queue \"%s\" already owned by current thread\n",
                label.c_str());
        abort();
    }
    if (main) {
        syncOnMain(task);
        return;
    }
    dextsim::dispatch::retain(this);
    {
        std::unique_lock guard(lock_);
        turn_.wait(guard, [this] { return !busy_; });
        busy_ = true;
    }
    {
        Running running(this);
        task();
    }
    finishSync();
    dextsim::dispatch::release(this);
}

void dispatch_queue_s::finishSync() {
    std::lock_guard guard(lock_);
    if (tasks_.empty()) {
        busy_ = false;
        turn_.notify_one();
    } else {
        start();
    }
}

// The main queue's work runs on no other thread than the main one.
void dispatch_queue_s::syncOnMain(Task task) {
    struct Waiting {
        Task task;
        dispatch_semaphore_t done;
    };
    Waiting waiting{task, dispatch_semaphore_create(0)};
    async({[](void * context) {
               auto * item = static_cast<Waiting *>(context);
               item->task();
               dispatch_semaphore_signal(item->done);
           },
           &waiting});
    dispatch_semaphore_wait(waiting.done, DISPATCH_TIME_FOREVER);
    dispatch_release(waiting.done);
}

dispatch_queue_t dispatch_queue_create(const char * label, dispatch_queue_attr_t attr) {
    return new dispatch_queue_s(label, attr == nullptr);
}

dispatch_queue_t dispatch_get_global_queue(intptr_t, uintptr_t) {
    static auto * global = new dispatch_queue_s("com.apple.root.default-qos", false);
    return global;
}

const char * dispatch_queue_get_label(dispatch_queue_t queue) {
    queue = queue == nullptr ? dispatch_queue_s::current() : queue;
    return queue == nullptr ? "" : queue->label.c_str();
}

void dispatch_async_f(dispatch_queue_t queue, void * context, dispatch_function_t work) {
    queue->async({work, context});
}

void dispatch_sync_f(dispatch_queue_t queue, void * context, dispatch_function_t work) {
    queue->sync({work, context});
}

// A concurrent queue of ours keeps no order, so barriers are only right on serial ones.
void dispatch_barrier_async_f(dispatch_queue_t queue, void * context, dispatch_function_t work) {
    queue->async({work, context});
}

void dispatch_barrier_sync_f(dispatch_queue_t queue, void * context, dispatch_function_t work) {
    queue->sync({work, context});
}

void dispatch_assert_queue(dispatch_queue_t queue) {
    if (dispatch_queue_s::current() != queue) {
        fprintf(stderr, "dispatch_assert_queue: not on queue \"%s\"\n", queue->label.c_str());
        abort();
    }
}

void dispatch_assert_queue_not(dispatch_queue_t queue) {
    if (dispatch_queue_s::current() == queue) {
        fprintf(stderr, "dispatch_assert_queue_not: on queue \"%s\"\n", queue->label.c_str());
        abort();
    }
}
