// A serial executor that any thread may drain: the machinery below IODispatchQueue. Work that a
// thread waits for runs on that very thread when its turn comes, so a call costs no hand-over; work
// nobody waits for runs on a worker. First in, first out, over both kinds.
#ifndef DEXTSIM_DRIVERKIT_SERIAL_QUEUE_H
#define DEXTSIM_DRIVERKIT_SERIAL_QUEUE_H

#include "activity.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace dextsim {

class SerialQueue : public std::enable_shared_from_this<SerialQueue> {
  public:
    using Work = std::function<void()>;

    // A reentrant queue runs work at once that its own work asks for, from wherever that called.
    explicit SerialQueue(std::string name, bool reentrant = false)
        : name_(std::move(name)), reentrant_(reentrant) {}

    // Runs `work` on this thread when it is its turn; at once when this is the queue that the
    // thread runs work of. When its turn can never come, since its own queues wait for this thread,
    // the process ends with a sentence (activity.h).
    void sync(const Work & work);
    // Runs `work` on a worker when it is its turn.
    void async(Work work);
    // What is on the queue still runs, then `ended` on a worker; nothing that comes later does, and
    // a thread that waits for its turn goes on waiting. A driver cancels a source and its queue one
    // after the other, and counts on the handlers of both.
    void cancel(Work ended);
    // Gives the turn of this thread up until wakeUp is called for the event, or until the deadline
    // on the machine's clock, and takes it again. False: the deadline came first.
    static constexpr uint64_t kForEver = UINT64_MAX;
    bool sleep(const void * event, uint64_t deadline);
    void wakeUp(const void * event, bool all);
    // Names of the queues this thread is on, innermost first, for messages.
    static std::string heldByThisThread();
    // This thread runs work of this queue now, perhaps further out.
    bool onQueue() const;
    bool isReentrant() const { return reentrant_; }
    // The thread that runs its work; null between two of them.
    QueueThread * owner() const { return owner_.load(std::memory_order_acquire); }
    const std::string & name() const { return name_; }

  private:
    // Of a thread that waits: each is woken by itself, so that a crowd costs no more than a queue.
    struct Turn {
        bool given = false;
        std::condition_variable arrived;
    };

    struct Entry {
        Work work;   // async; empty for a thread that waits
        Turn * turn; // sync: given when it is the waiting thread's turn
    };

    struct Sleeper {
        const void * event;
        bool woken = false;
        std::condition_variable arrived;
    };

    class Running;

    bool runsAtOnce() const;
    void takeTurn(std::unique_lock<std::mutex> & lock);
    bool giveUpTurn();
    void release();
    void drain();
    bool endIfCancelled();
    Entry takeEntry();

    const std::string name_;
    const bool reentrant_;
    std::atomic<QueueThread *> owner_{nullptr};
    std::mutex lock_;
    std::deque<Entry> entries_;
    std::deque<Sleeper *> sleepers_; // in the order in which they fell asleep
    bool busy_ = false;
    bool cancelled_ = false;
    size_t left_ = 0; // of the entries that were there at cancel()
    Work ended_;      // of cancel(); empty when it has run
};

} // namespace dextsim

#endif
