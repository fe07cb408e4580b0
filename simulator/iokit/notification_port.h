// Notification ports: the queue of messages of one receive right and who is called back for them.
#ifndef DEXTSIM_IOKIT_NOTIFICATION_PORT_H
#define DEXTSIM_IOKIT_NOTIFICATION_PORT_H

#include "ipc/channel.h"

#include <IOKit/IOKitLib.h>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

namespace dextsim::client {

struct PortMessageBody {
    PortMessageKind kind{};
    uint64_t reference[kAsyncReferenceWords] = {};
    int32_t status = 0;
    uint32_t count = 0; // words
    uint64_t words[kMaxCompletionWords] = {};
    uint64_t notification = 0;
    uint32_t messageType = 0;
    uint64_t argument = 0;
};

class NotificationPort : public std::enable_shared_from_this<NotificationPort> {
  public:
    static std::shared_ptr<NotificationPort> create();
    static std::shared_ptr<NotificationPort> find(mach_port_t port);
    ~NotificationPort();

    mach_port_t port() const { return port_; }
    void setDispatchQueue(dispatch_queue_t queue);
    CFRunLoopSourceRef runLoopSource();
    void post(const PortMessageBody & message);
    // The next completion, as a receiver of raw messages gets it: waits, for `milliseconds` if that
    // is not null. A Mach code.
    kern_return_t receive(PortMessageBody & message, const uint32_t * milliseconds);
    void destroy();

  private:
    NotificationPort() = default;
    void wake();
    void scheduleDrain();
    void drain();
    bool take(PortMessageBody & message, dispatch_queue_t forQueue);

    mach_port_t port_ = 0;
    std::mutex lock_;
    std::deque<PortMessageBody> messages_;
    dispatch_queue_t queue_ = nullptr; // retained
    CFRunLoopSourceRef source_ = nullptr;
    bool draining_ = false; // a drain is queued or runs on the dispatch queue
    bool dead_ = false;
    std::condition_variable changed_; // for receive()
};
using PortRef = std::shared_ptr<NotificationPort>;

// From the session's reader thread.
void deliverPortMessage(Message & message);

// Who a notification calls back, by the kernel's id of it and the port it is delivered to.
struct Callback {
    void * function = nullptr;
    void * refcon = nullptr;
    mach_port_t object = 0; // iterator (matching) or service (interest)
};
// Held from asking the kernel for a notification until its callback is registered; looking one up
// takes it too, so that the first message finds its callback.
std::mutex & registrationLock();
void registerCallback(mach_port_t port, uint64_t notification, const Callback & callback);
// After it no queued message calls back (contract §7.3).
void forgetCallback(mach_port_t port, uint64_t notification);
void forgetCallbacks(mach_port_t port);
// Calls whoever a message is for.
void callOut(mach_port_t port, PortMessageBody & message);

} // namespace dextsim::client

struct IONotificationPort {
    std::shared_ptr<dextsim::client::NotificationPort> port;
};

#endif
