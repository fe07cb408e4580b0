// Turns are handed over under the lock: whoever releases the queue names the next owner.
#include "serial_queue.h"

#include "timers.h"
#include "workers.h"

namespace dextsim {

// Work of a queue, on this thread, for as long as this exists.
class SerialQueue::Running {
  public:
    explicit Running(SerialQueue & queue) : queue_(queue), frame_{&queue, thisThread().frames} {
        thisThread().frames = &frame_;
        queue_.owner_.store(&thisThread(), std::memory_order_release);
    }
    ~Running() {
        thisThread().frames = frame_.outer;
        queue_.owner_.store(nullptr, std::memory_order_release);
    }
    Running(const Running &) = delete;
    Running & operator=(const Running &) = delete;

  private:
    SerialQueue & queue_;
    const QueueFrame frame_;
};

bool SerialQueue::onQueue() const {
    for (const QueueFrame * frame = thisThread().frames; frame != nullptr; frame = frame->outer) {
        if (frame->queue == this) {
            return true;
        }
    }
    return false;
}

std::string SerialQueue::heldByThisThread() {
    std::string names;
    for (const QueueFrame * frame = thisThread().frames; frame != nullptr; frame = frame->outer) {
        names += (names.empty() ? "" : ", ") + frame->queue->name();
    }
    return names;
}

void SerialQueue::cancel(Work ended) {
    std::lock_guard lock(lock_);
    if (cancelled_) {
        return;
    }
    cancelled_ = true;
    left_ = entries_.size();
    ended_ = std::move(ended);
    if (!busy_) {
        endIfCancelled();
    }
}

// Called under the lock, with no work running.
bool SerialQueue::endIfCancelled() {
    const bool ends = cancelled_ && left_ == 0;
    if (ends) {
        busy_ = false;
        if (ended_) {
            runOnWorker(std::move(ended_));
            ended_ = {};
        }
    }
    return ends;
}

// Called under the lock.
SerialQueue::Entry SerialQueue::takeEntry() {
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    left_ -= left_ > 0 ? 1 : 0;
    return entry;
}

// A Mac's queue is not taken a second time from further out: that is a deadlock (contract §9.3).
bool SerialQueue::runsAtOnce() const {
    const QueueFrame * innermost = thisThread().frames;
    return (innermost != nullptr && innermost->queue == this) || (reentrant_ && onQueue());
}

void SerialQueue::sync(const Work & work) {
    if (runsAtOnce()) {
        work();
        return;
    }
    const std::shared_ptr<SerialQueue> self = shared_from_this();
    {
        std::unique_lock lock(lock_);
        takeTurn(lock);
    }
    {
        Running running(*this);
        work();
    }
    release();
}

void SerialQueue::takeTurn(std::unique_lock<std::mutex> & lock) {
    if (busy_ || cancelled_) {
        Turn turn;
        entries_.push_back({.work = {}, .turn = &turn});
        const WaitingForTurn waiting(*this);
        turn.arrived.wait(lock, [&] { return turn.given; });
    }
    busy_ = true;
}

bool SerialQueue::sleep(const void * event, uint64_t deadline) {
    Sleeper self{.event = event, .woken = false, .arrived = {}};
    {
        std::lock_guard lock(lock_);
        sleepers_.push_back(&self);
    }
    owner_.store(nullptr, std::memory_order_release);
    release();
    std::unique_lock lock(lock_);
    const auto ready = [&self] { return self.woken; };
    if (deadline == kForEver) {
        self.arrived.wait(lock, ready);
    } else {
        waitUntil(lock, self.arrived, deadline, ready);
    }
    const bool woken = self.woken;
    std::erase(sleepers_, &self);
    takeTurn(lock);
    owner_.store(&thisThread(), std::memory_order_release);
    return woken;
}

void SerialQueue::wakeUp(const void * event, bool all) {
    std::lock_guard lock(lock_);
    for (Sleeper * sleeper : sleepers_) {
        if (sleeper->event == event && !sleeper->woken) {
            sleeper->woken = true;
            sleeper->arrived.notify_all();
            if (!all) {
                return;
            }
        }
    }
}

void SerialQueue::async(Work work) {
    {
        std::lock_guard lock(lock_);
        entries_.push_back({.work = std::move(work), .turn = nullptr});
        if (busy_ || cancelled_) {
            return;
        }
        busy_ = true;
    }
    runOnWorker([self = shared_from_this()] { self->drain(); });
}

// Called under the lock by the owner of the turn, with no work running. False: the next entry is
// work that nobody waits for, and the turn is still the caller's.
bool SerialQueue::giveUpTurn() {
    if (endIfCancelled()) {
        return true;
    }
    if (entries_.empty()) {
        busy_ = false;
        return true;
    }
    if (entries_.front().turn == nullptr) {
        return false;
    }
    Turn & next = *takeEntry().turn;
    next.given = true;
    next.arrived.notify_one();
    return true;
}

// Passes the turn on: to a waiting thread, or to a worker.
void SerialQueue::release() {
    {
        std::lock_guard lock(lock_);
        if (giveUpTurn()) {
            return;
        }
    }
    runOnWorker([self = shared_from_this()] { self->drain(); });
}

// Runs on a worker, which owns the turn: does the work nobody waits for, until a waiting thread is
// next.
void SerialQueue::drain() {
    for (;;) {
        Work work;
        {
            std::lock_guard lock(lock_);
            if (giveUpTurn()) {
                return;
            }
            work = takeEntry().work;
        }
        Running running(*this);
        work();
    }
}

} // namespace dextsim
