// The lock of a connection: many external methods at a time, close and map alone, and they do not
// wait behind methods that came later (contract §1.8). A connection may also let in one method at a
// time, or lock nothing.
#ifndef DEXTSIM_IOKIT_GATE_H
#define DEXTSIM_IOKIT_GATE_H

#include "ipc/messages.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace dextsim::client {

class Gate {
  public:
    explicit Gate(ConnectionLocking locking) : locking_(locking) {}

    // Calls `look` about once a second while it waits.
    template <typename Look> void lock(const Look & look) {
        if (locking_ == ConnectionLocking::None) {
            return;
        }
        std::unique_lock guard(lock_);
        ++writersWaiting_;
        while (!changed_.wait_for(guard, std::chrono::seconds(1),
                                  [this] { return readers_ == 0 && !writing_; })) {
            guard.unlock();
            look();
            guard.lock();
        }
        --writersWaiting_;
        writing_ = true;
    }
    void unlock() {
        if (locking_ == ConnectionLocking::None) {
            return;
        }
        std::lock_guard guard(lock_);
        writing_ = false;
        changed_.notify_all();
    }
    void lock_shared() {
        if (locking_ != ConnectionLocking::Shared) {
            lock([] {});
            return;
        }
        std::unique_lock guard(lock_);
        changed_.wait(guard, [this] { return writersWaiting_ == 0 && !writing_; });
        ++readers_;
    }
    void unlock_shared() {
        if (locking_ != ConnectionLocking::Shared) {
            unlock();
            return;
        }
        std::lock_guard guard(lock_);
        if (--readers_ == 0 && writersWaiting_ != 0) {
            changed_.notify_all();
        }
    }

  private:
    const ConnectionLocking locking_;
    std::mutex lock_;
    std::condition_variable changed_;
    unsigned readers_ = 0;
    unsigned writersWaiting_ = 0;
    bool writing_ = false;
};

} // namespace dextsim::client

#endif
