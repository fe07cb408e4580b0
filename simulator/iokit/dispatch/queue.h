// Dispatch queues: serial (one task at a time, in order) and concurrent.
#ifndef DEXTSIM_IOKIT_DISPATCH_QUEUE_H
#define DEXTSIM_IOKIT_DISPATCH_QUEUE_H

#include "pool.h"

#include <dispatch/dispatch.h>

#include <atomic>
#include <string>

struct dispatch_queue_attr_s {
    char concurrent;
};

// First member of every dispatch object.
struct dispatch_object_s {
    virtual ~dispatch_object_s() = default;
    std::atomic<int> references{1};
};

struct dispatch_queue_s final : dispatch_object_s {
    dispatch_queue_s(const char * name, bool isSerial, bool ofMainThread = false)
        : label(name == nullptr ? "" : name), serial(isSerial), main(ofMainThread) {}

    void async(dextsim::dispatch::Task task);
    void sync(dextsim::dispatch::Task task);
    static dispatch_queue_t current();
    // Of the main queue: runs what is there now. False: nothing is.
    bool runWaiting();

    const std::string label;
    const bool serial;
    const bool main;

  private:
    void start();
    void drain(size_t limit);
    void finishSync();
    void syncOnMain(dextsim::dispatch::Task task);

    std::mutex lock_;
    std::condition_variable turn_;
    std::deque<dextsim::dispatch::Task> tasks_;
    bool busy_ = false; // a thread runs a task of this (serial) queue
};

namespace dextsim::dispatch {
void retain(dispatch_object_s * object);
void release(dispatch_object_s * object);
} // namespace dextsim::dispatch

#endif
