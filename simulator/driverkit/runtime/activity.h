// What each thread does for the driver, and which queue it waits for: so that queues which wait for
// each other are found, and named, when the last of them begins to (contract §9.6).
#ifndef DEXTSIM_DRIVERKIT_ACTIVITY_H
#define DEXTSIM_DRIVERKIT_ACTIVITY_H

#include <DriverKit/OSMetaClass.h>

#include <atomic>
#include <cstdint>
#include <string>

namespace dextsim {

class SerialQueue;

// One thing that a thread does, for as long as this exists.
class Doing {
  public:
    Doing(const OSMetaClassBase * object, uint64_t messageId);
    static Doing externalMethod(const OSMetaClassBase * object, uint64_t selector) {
        return Doing(object, selector, nullptr);
    }
    // `text` stays the caller's.
    explicit Doing(const char * text) : Doing(nullptr, 0, text) {}
    ~Doing();
    Doing(const Doing &) = delete;
    Doing & operator=(const Doing &) = delete;

    // "LabClient::ExternalMethod (selector 3)"
    std::string name() const;
    const Doing * outer() const { return outer_; }

  private:
    Doing(const OSMetaClassBase * object, uint64_t number, const char * text);

    const OSMetaClassBase * const object_;
    const uint64_t number_; // of the message, or the selector
    const char * const text_;
    bool isMessage_ = false;
    const Doing * const outer_;
};

// A queue that a thread is running work of. A thread on one queue may wait its turn on another.
struct QueueFrame {
    const SerialQueue * queue;
    const QueueFrame * outer;
};

// A thread as others see it. Never freed, only used again by another thread.
struct QueueThread {
    const Doing * doing = nullptr;       // innermost
    const QueueFrame * frames = nullptr; // innermost
    // Written under the lock of the graph; while it is not null the thread changes nothing here,
    // nor the owners of its queues.
    const SerialQueue * waitingFor = nullptr;
    QueueThread * nextFree = nullptr;
};

QueueThread & thisThread();

// This thread waits for its turn on a queue for as long as this exists. Ends the process with a
// sentence when its turn can never come.
class WaitingForTurn {
  public:
    explicit WaitingForTurn(const SerialQueue & queue);
    ~WaitingForTurn();
    WaitingForTurn(const WaitingForTurn &) = delete;
    WaitingForTurn & operator=(const WaitingForTurn &) = delete;
};

// Ends the process with the same sentence when this thread holds the queue on which what it is
// about to wait for would run.
void refuseToWaitFor(const SerialQueue & queue, const char * what);

} // namespace dextsim

#endif
