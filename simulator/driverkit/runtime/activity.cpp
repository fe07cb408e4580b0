// The graph has an edge from a thread that waits to the queue it waits for, and from a queue to the
// thread that runs its work. Whoever waits looks for a way back to itself; the last one of a circle
// finds it.
#include "activity.h"

#include "classes.h"
#include "log.h"
#include "serial_queue.h"

#include <mutex>
#include <vector>

namespace dextsim {

namespace {

struct Graph {
    std::mutex lock;
    QueueThread * free = nullptr;
};

// Never destroyed: threads use it while the process ends.
Graph & graph() {
    static Graph & instance = *new Graph;
    return instance;
}

QueueThread * leaseThread() {
    std::lock_guard lock(graph().lock);
    QueueThread * thread = graph().free;
    if (thread == nullptr) {
        return new QueueThread;
    }
    graph().free = thread->nextFree;
    return thread;
}

class Lease {
  public:
    ~Lease() {
        std::lock_guard lock(graph().lock);
        thread_->nextFree = graph().free;
        graph().free = thread_;
    }
    QueueThread & thread() const { return *thread_; }

  private:
    QueueThread * const thread_ = leaseThread();
};

// ── sentences ──

std::string quoted(const std::string & name) {
    return '"' + name + '"';
}

// From the first thing that the thread does to the last, without `except`.
std::string chainOf(const QueueThread & thread, const Doing * except) {
    std::string chain;
    for (const Doing * doing = thread.doing; doing != nullptr; doing = doing->outer()) {
        if (doing != except) {
            chain = chain.empty() ? doing->name() : doing->name() + " → " + chain;
        }
    }
    return chain.empty() ? "work" : chain;
}

std::string queuesOf(const QueueThread & thread) {
    std::string names;
    const char * word = " on queue ";
    for (const QueueFrame * frame = thread.frames; frame != nullptr; frame = frame->outer) {
        const std::string name = quoted(frame->queue->name());
        names = names.empty() ? name : name + ", " + names;
        word = frame == thread.frames ? word : " on queues ";
    }
    return names.empty() ? "" : word + names;
}

// A thread that waits for a turn pushed last what is to run then.
std::string sentenceOf(const QueueThread & thread) {
    const std::string wanted = thread.doing != nullptr ? thread.doing->name() : "work";
    return chainOf(thread, thread.doing) + queuesOf(thread) + " waits for queue " +
           quoted(thread.waitingFor->name()) + " to run " + wanted;
}

[[noreturn]] void die(const std::string & sentence) {
    dieOfFault("deadlock (contract §9.6): " + sentence +
               ". A Mac hangs here; the simulator ends the driver");
}

// With the lock of the graph.
void findCircle(const QueueThread & self) {
    std::string sentence = sentenceOf(self);
    const QueueThread * thread = self.waitingFor->owner();
    while (thread != nullptr && thread != &self && thread->waitingFor != nullptr) {
        sentence += "; " + sentenceOf(*thread);
        thread = thread->waitingFor->owner();
    }
    if (thread == &self) {
        die(sentence);
    }
}

} // namespace

QueueThread & thisThread() {
    static thread_local const Lease lease;
    return lease.thread();
}

Doing::Doing(const OSMetaClassBase * object, uint64_t number, const char * text)
    : object_(object), number_(number), text_(text), outer_(thisThread().doing) {
    thisThread().doing = this;
}

Doing::Doing(const OSMetaClassBase * object, uint64_t messageId)
    : Doing(object, messageId, nullptr) {
    isMessage_ = true;
}

Doing::~Doing() {
    thisThread().doing = outer_;
}

std::string Doing::name() const {
    if (text_ != nullptr) {
        return text_;
    }
    const std::string owner = object_->meta == nullptr ? "?" : descriptionOf(object_->meta)->name;
    return isMessage_ ? owner + "::" + methodName(object_->meta, number_)
                      : owner + "::ExternalMethod (selector " + std::to_string(number_) + ")";
}

WaitingForTurn::WaitingForTurn(const SerialQueue & queue) {
    QueueThread & self = thisThread();
    std::lock_guard lock(graph().lock);
    self.waitingFor = &queue;
    findCircle(self);
}

WaitingForTurn::~WaitingForTurn() {
    std::lock_guard lock(graph().lock);
    thisThread().waitingFor = nullptr;
}

void refuseToWaitFor(const SerialQueue & queue, const char * what) {
    if (queue.onQueue()) {
        const QueueThread & self = thisThread();
        die(chainOf(self, nullptr) + queuesOf(self) + " waits for " + what + " on queue " +
            quoted(queue.name()));
    }
}

} // namespace dextsim
