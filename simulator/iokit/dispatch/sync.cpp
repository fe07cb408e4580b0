// Semaphores, groups, once, time and delayed work.
#include "queue.h"

#include <chrono>
#include <thread>
#include <vector>

using dextsim::dispatch::Pool;
using dextsim::dispatch::Task;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

struct dispatch_semaphore_s final : dispatch_object_s {
    explicit dispatch_semaphore_s(intptr_t start) : value(start) {}
    std::mutex lock;
    std::condition_variable raised;
    intptr_t value;
};

struct dispatch_group_s final : dispatch_object_s {
    struct Notice {
        dispatch_queue_t queue;
        Task task;
    };
    std::mutex lock;
    std::condition_variable emptied;
    size_t members = 0;
    std::vector<Notice> notices;
};

namespace {

// A dispatch_time_t counts nanoseconds of the steady clock; 0 is now.
uint64_t now() {
    return static_cast<uint64_t>(nanoseconds(steady_clock::now().time_since_epoch()).count());
}

template <typename Ready>
bool waitUntil(std::condition_variable & changed, std::unique_lock<std::mutex> & guard,
               dispatch_time_t when, Ready ready) {
    if (when == DISPATCH_TIME_FOREVER) {
        changed.wait(guard, ready);
        return true;
    }
    uint64_t deadline = when == DISPATCH_TIME_NOW ? now() : when;
    return changed.wait_until(
        guard, steady_clock::time_point(nanoseconds(static_cast<int64_t>(deadline))), ready);
}

void send(std::vector<dispatch_group_s::Notice> & notices) {
    for (const auto & notice : notices) {
        notice.queue->async(notice.task);
        dextsim::dispatch::release(notice.queue);
    }
}

} // namespace

void dispatch_retain(dispatch_object_t object) {
    dextsim::dispatch::retain(static_cast<dispatch_object_s *>(object.object));
}

void dispatch_release(dispatch_object_t object) {
    dextsim::dispatch::release(static_cast<dispatch_object_s *>(object.object));
}

dispatch_time_t dispatch_time(dispatch_time_t when, int64_t delta) {
    if (when == DISPATCH_TIME_FOREVER) {
        return when;
    }
    return (when == DISPATCH_TIME_NOW ? now() : when) + static_cast<uint64_t>(delta);
}

dispatch_semaphore_t dispatch_semaphore_create(intptr_t value) {
    return value < 0 ? nullptr : new dispatch_semaphore_s(value);
}

intptr_t dispatch_semaphore_wait(dispatch_semaphore_t semaphore, dispatch_time_t timeout) {
    std::unique_lock guard(semaphore->lock);
    if (!waitUntil(semaphore->raised, guard, timeout, [&] { return semaphore->value > 0; })) {
        return 49; // KERN_OPERATION_TIMED_OUT
    }
    --semaphore->value;
    return 0;
}

intptr_t dispatch_semaphore_signal(dispatch_semaphore_t semaphore) {
    std::lock_guard guard(semaphore->lock);
    ++semaphore->value;
    semaphore->raised.notify_one();
    return 0;
}

dispatch_group_t dispatch_group_create(void) {
    return new dispatch_group_s();
}

void dispatch_group_enter(dispatch_group_t group) {
    dextsim::dispatch::retain(group);
    std::lock_guard guard(group->lock);
    ++group->members;
}

void dispatch_group_leave(dispatch_group_t group) {
    std::vector<dispatch_group_s::Notice> notices;
    {
        std::lock_guard guard(group->lock);
        if (--group->members == 0) {
            notices.swap(group->notices);
            group->emptied.notify_all();
        }
    }
    send(notices);
    dextsim::dispatch::release(group);
}

intptr_t dispatch_group_wait(dispatch_group_t group, dispatch_time_t timeout) {
    std::unique_lock guard(group->lock);
    return waitUntil(group->emptied, guard, timeout, [&] { return group->members == 0; }) ? 0 : 49;
}

void dispatch_group_async_f(dispatch_group_t group, dispatch_queue_t queue, void * context,
                            dispatch_function_t work) {
    struct Member {
        dispatch_group_t group;
        Task task;
    };
    dispatch_group_enter(group);
    queue->async({[](void * item) {
                      auto * member = static_cast<Member *>(item);
                      member->task();
                      dispatch_group_leave(member->group);
                      delete member;
                  },
                  new Member{group, {work, context}}});
}

void dispatch_group_notify_f(dispatch_group_t group, dispatch_queue_t queue, void * context,
                             dispatch_function_t work) {
    dextsim::dispatch::retain(queue);
    std::vector<dispatch_group_s::Notice> notices = {{queue, {work, context}}};
    {
        std::lock_guard guard(group->lock);
        if (group->members != 0) {
            group->notices.push_back(notices.front());
            return;
        }
    }
    send(notices);
}

void dispatch_after_f(dispatch_time_t when, dispatch_queue_t queue, void * context,
                      dispatch_function_t work) {
    struct Delayed {
        steady_clock::time_point deadline;
        dispatch_queue_t queue;
        Task task;
    };
    uint64_t deadline = when == DISPATCH_TIME_NOW ? now() : when;
    dextsim::dispatch::retain(queue);
    Pool::shared().run(
        {[](void * item) {
             auto * delayed = static_cast<Delayed *>(item);
             std::this_thread::sleep_until(delayed->deadline);
             delayed->queue->async(delayed->task);
             dextsim::dispatch::release(delayed->queue);
             delete delayed;
         },
         new Delayed{steady_clock::time_point(nanoseconds(static_cast<int64_t>(deadline))),
                     queue,
                     {work, context}}});
}

void dispatch_once_f(dispatch_once_t * predicate, void * context, dispatch_function_t function) {
    static auto & lock = *new std::recursive_mutex();
    std::atomic_ref<dispatch_once_t> done(*predicate);
    if (done.load(std::memory_order_acquire) == ~dispatch_once_t(0)) {
        return;
    }
    std::lock_guard guard(lock);
    if (done.load(std::memory_order_relaxed) == 0) {
        function(context);
        done.store(~dispatch_once_t(0), std::memory_order_release);
    }
}
