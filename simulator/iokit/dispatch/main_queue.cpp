// See main_queue.h.
#include "main_queue.h"

#include "queue.h"

#include <CoreFoundation/CFRunLoop.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

namespace dextsim::dispatch {

namespace {

// The thread that loaded the library counts as the main one, as for run loops.
const std::thread::id gMainThread = std::this_thread::get_id();
bool gRunning = false; // of the main thread

struct Arrival {
    std::mutex lock;
    std::condition_variable came;
    bool isThere = false;
};
Arrival & arrival() {
    static auto * only = new Arrival();
    return *only;
}

} // namespace

bool isMainThread() {
    return std::this_thread::get_id() == gMainThread;
}

bool isInMainQueue() {
    return isMainThread() && gRunning;
}

bool runMainQueue() {
    if (!isMainThread() || gRunning) {
        return false;
    }
    gRunning = true;
    const bool ran = dispatch_get_main_queue()->runWaiting();
    gRunning = false;
    return ran;
}

void wakeMainThread() {
    {
        std::lock_guard guard(arrival().lock);
        arrival().isThere = true;
        arrival().came.notify_one();
    }
    CFRunLoopWakeUp(CFRunLoopGetMain());
}

} // namespace dextsim::dispatch

dispatch_queue_main_t dispatch_get_main_queue(void) {
    static auto * queue = new dispatch_queue_s("com.apple.main-thread", true, true);
    return queue;
}

void dispatch_main(void) {
    if (!dextsim::dispatch::isMainThread()) {
        fprintf(stderr, "dispatch_main() must be called on the main thread\n");
        abort();
    }
    auto & arrival = dextsim::dispatch::arrival();
    for (;;) {
        while (dextsim::dispatch::runMainQueue()) {
        }
        std::unique_lock guard(arrival.lock);
        arrival.came.wait(guard, [&] { return arrival.isThere; });
        arrival.isThere = false;
    }
}
