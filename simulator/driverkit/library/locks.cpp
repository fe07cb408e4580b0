// IOLock, IORecursiveLock and IORWLock.
#include "driverkit/runtime/log.h"
#include <DriverKit/IOLib.h>
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <thread>

struct IOLock {
    std::mutex mutex;
    std::atomic<std::thread::id> owner;
};

struct IORecursiveLock {
    std::recursive_mutex mutex;
    std::atomic<std::thread::id> owner;
    unsigned depth = 0; // under the mutex
};

struct IORWLock {
    std::shared_mutex mutex;
    std::atomic<bool> written;
};

namespace {

bool isMine(const std::atomic<std::thread::id> & owner) {
    return owner.load(std::memory_order_relaxed) == std::this_thread::get_id();
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
    lock->mutex.lock();
    lock->depth++;
    lock->owner = std::this_thread::get_id();
}

bool IORecursiveLockTryLock(IORecursiveLock * lock) {
    if (!lock->mutex.try_lock())
        return false;
    lock->depth++;
    lock->owner = std::this_thread::get_id();
    return true;
}

void IORecursiveLockUnlock(IORecursiveLock * lock) {
    if (!isMine(lock->owner))
        dextsim::dieOfFault("IORecursiveLockUnlock: the thread does not hold the lock");
    if (--lock->depth == 0)
        lock->owner = std::thread::id();
    lock->mutex.unlock();
}

bool IORecursiveLockHaveLock(IORecursiveLock * lock) {
    return isMine(lock->owner);
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
