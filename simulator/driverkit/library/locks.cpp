// IOLock, IORecursiveLock and IORWLock, sleeping on them, and IOCallOnce.
#include "driverkit/runtime/log.h"
#include "driverkit/runtime/timers.h"
#include <DriverKit/IOLib.h>
#include <atomic>
#include <list>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>

namespace {

struct Sleeper {
    const void * event;
    bool woken = false;
    std::condition_variable arrived;
};

} // namespace

struct IOLock {
    std::mutex mutex;
    std::atomic<std::thread::id> owner;
    std::list<Sleeper *> sleepers; // under the mutex, in the order in which they fell asleep
};

struct IORecursiveLock {
    std::mutex mutex;
    std::atomic<std::thread::id> owner;
    unsigned depth = 0; // under the mutex
    std::list<Sleeper *> sleepers;
};

struct IORWLock {
    std::shared_mutex mutex;
    std::atomic<bool> written;
};

namespace {

bool isMine(const std::atomic<std::thread::id> & owner) {
    return owner.load(std::memory_order_relaxed) == std::this_thread::get_id();
}

template <typename Lock> int sleepOn(Lock & lock, const void * event, uint64_t deadline) {
    if (!isMine(lock.owner))
        dextsim::dieOfFault("a thread sleeps on a lock that it does not hold");
    Sleeper sleeper{event, false, {}};
    lock.sleepers.push_back(&sleeper);
    lock.owner = std::thread::id();
    std::unique_lock held(lock.mutex, std::adopt_lock);
    const auto ready = [&sleeper] { return sleeper.woken; };
    if (deadline == UINT64_MAX)
        sleeper.arrived.wait(held, ready);
    else
        dextsim::waitUntil(held, sleeper.arrived, deadline, ready);
    held.release(); // the caller has it again
    lock.owner = std::this_thread::get_id();
    if (sleeper.woken)
        return THREAD_AWAKENED;
    lock.sleepers.remove(&sleeper);
    return THREAD_TIMED_OUT;
}

template <typename Lock> void wakeOn(Lock & lock, const void * event, bool oneThread) {
    if (!isMine(lock.owner))
        dextsim::dieOfFault("a thread wakes others on a lock that it does not hold");
    for (auto at = lock.sleepers.begin(); at != lock.sleepers.end();) {
        Sleeper * const sleeper = *at;
        if (sleeper->event != event) {
            ++at;
            continue;
        }
        at = lock.sleepers.erase(at);
        sleeper->woken = true;
        sleeper->arrived.notify_all();
        if (oneThread)
            return;
    }
}

} // namespace

IOLock * IOLockAlloc(void) {
    return new IOLock();
}

void IOLockFree(IOLock * lock) {
    delete lock;
}

void IOLockLock(IOLock * lock) {
    if (isMine(lock->owner))
        dextsim::dieOfFault("IOLockLock: the thread already holds the lock and would wait forever");
    lock->mutex.lock();
    lock->owner = std::this_thread::get_id();
}

void IOLockUnlock(IOLock * lock) {
    if (!isMine(lock->owner))
        dextsim::dieOfFault("IOLockUnlock: the thread does not hold the lock");
    lock->owner = std::thread::id();
    lock->mutex.unlock();
}

bool IOLockTryLock(IOLock * lock) {
    if (isMine(lock->owner) || !lock->mutex.try_lock())
        return false;
    lock->owner = std::this_thread::get_id();
    return true;
}

void IOLockAssert(IOLock * lock, IOLockAssertState type) {
    if (isMine(lock->owner) != (type == kIOLockAssertOwned))
        dextsim::dieOfFault("IOLockAssert failed");
}

IORecursiveLock * IORecursiveLockAlloc(void) {
    return new IORecursiveLock();
}

void IORecursiveLockFree(IORecursiveLock * lock) {
    delete lock;
}

void IORecursiveLockLock(IORecursiveLock * lock) {
    if (!isMine(lock->owner)) {
        lock->mutex.lock();
        lock->owner = std::this_thread::get_id();
    }
    lock->depth++;
}

bool IORecursiveLockTryLock(IORecursiveLock * lock) {
    if (!isMine(lock->owner)) {
        if (!lock->mutex.try_lock())
            return false;
        lock->owner = std::this_thread::get_id();
    }
    lock->depth++;
    return true;
}

void IORecursiveLockUnlock(IORecursiveLock * lock) {
    if (!isMine(lock->owner))
        dextsim::dieOfFault("IORecursiveLockUnlock: the thread does not hold the lock");
    if (--lock->depth == 0) {
        lock->owner = std::thread::id();
        lock->mutex.unlock();
    }
}

bool IORecursiveLockHaveLock(IORecursiveLock * lock) {
    return isMine(lock->owner);
}

int IOLockSleep(IOLock * lock, void * event, uint32_t) {
    return sleepOn(*lock, event, UINT64_MAX);
}

int IOLockSleepWithDeadline(IOLock * lock, void * event, uint64_t deadline, uint32_t) {
    return sleepOn(*lock, event, deadline);
}

void IOLockWakeup(IOLock * lock, void * event, bool oneThread) {
    wakeOn(*lock, event, oneThread);
}

// Every level of the lock is given up, and taken again.
int IORecursiveLockSleepWithDeadline(IORecursiveLock * lock, void * event, uint64_t deadline,
                                     uint32_t) {
    const unsigned depth = std::exchange(lock->depth, 0);
    const int result = sleepOn(*lock, event, deadline);
    lock->depth = depth;
    return result;
}

int IORecursiveLockSleep(IORecursiveLock * lock, void * event, uint32_t interType) {
    return IORecursiveLockSleepWithDeadline(lock, event, UINT64_MAX, interType);
}

void IORecursiveLockWakeup(IORecursiveLock * lock, void * event, bool oneThread) {
    wakeOn(*lock, event, oneThread);
}

IORWLock * IORWLockAlloc(void) {
    return new IORWLock();
}

void IORWLockFree(IORWLock * lock) {
    delete lock;
}

void IORWLockRead(IORWLock * lock) {
    lock->mutex.lock_shared();
}

void IORWLockWrite(IORWLock * lock) {
    lock->mutex.lock();
    lock->written = true;
}

// Only a writer's unlock can meet `written`: readers and a writer never hold the lock together.
void IORWLockUnlock(IORWLock * lock) {
    if (lock->written.exchange(false))
        lock->mutex.unlock();
    else
        lock->mutex.unlock_shared();
}

#if __BLOCKS__
void IOCallOnce(IOCallOnceFlag * flag, IOCallOnceBlock block) {
    enum : intptr_t { kNever, kRunning, kDone };
    std::atomic_ref<intptr_t> state(flag->opaque);
    intptr_t expected = kNever;
    if (state.compare_exchange_strong(expected, kRunning)) {
        block();
        state = kDone;
        state.notify_all();
    }
    while (state.load() == kRunning)
        state.wait(kRunning);
}
#endif
