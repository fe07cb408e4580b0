// Sources that the kernel wakes: service and state notifications.
#ifndef DEXTSIM_DRIVERKIT_WATCHES_H
#define DEXTSIM_DRIVERKIT_WATCHES_H

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include <DriverKit/IODispatchQueue.h>
#include <DriverKit/OSAction.h>

namespace dextsim {

// WatchReady from the kernel.
void watchReady(uint64_t number);

// What both kinds of source carry: the watch in the kernel and who is told. `tell` is called with
// the handler, which is retained for the call; the source itself is not, so `end` comes before its
// last reference goes.
class Watch {
  public:
    using Tell = std::function<void(OSAction * handler)>;

    void begin(uint64_t number, IODispatchQueue * queue, Tell tell);
    // Idempotent. The handler is released behind the callbacks that are on the queue already.
    void end(const std::function<void()> & ended);
    // The old one is released. Tells the new one when there was news that nobody heard.
    kern_return_t setHandler(OSAction * action);
    kern_return_t setEnable(bool enable, const std::function<void()> & done);
    void ready();
    uint64_t number() const { return number_; }

  private:
    void notify();

    std::mutex lock_;
    uint64_t number_ = 0;
    IODispatchQueue * queue_ = nullptr; // retained until the end
    OSAction * handler_ = nullptr;      // retained
    Tell tell_;
    bool enabled_ = true;
    bool missed_ = false;
    bool ended_ = false;
};

} // namespace dextsim

#endif
