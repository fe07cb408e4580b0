// See notification_port.h.
#include "notification_port.h"

#include <chrono>
#include <map>

namespace dextsim::client {

namespace {

struct Table {
    std::mutex lock;
    std::map<mach_port_t, std::weak_ptr<NotificationPort>> ports;
    mach_port_t next = 0x40000103; // apart from the names of objects
};

Table & table() {
    static auto * shared = new Table();
    return *shared;
}

bool decode(Reader & reader, PortMessageBody & body) {
    body.kind = static_cast<PortMessageKind>(reader.u8());
    if (body.kind == PortMessageKind::Completion) {
        reader.words(body.reference, kAsyncReferenceWords);
        body.status = reader.i32();
        body.count = reader.u32();
        if (body.count > kMaxCompletionWords) {
            return false;
        }
        reader.words(body.words, body.count);
    } else {
        body.notification = reader.u64();
        if (body.kind == PortMessageKind::Interest) {
            reader.u64(); // the entry; the callback gets the name it registered for
            body.messageType = reader.u32();
            body.argument = reader.u64();
        }
    }
    return reader.done();
}

} // namespace

PortRef NotificationPort::create() {
    PortRef made(new NotificationPort());
    std::lock_guard guard(table().lock);
    made->port_ = table().next;
    table().next += 4;
    table().ports[made->port_] = made;
    return made;
}

PortRef NotificationPort::find(mach_port_t port) {
    std::lock_guard guard(table().lock);
    auto found = table().ports.find(port);
    return found == table().ports.end() ? nullptr : found->second.lock();
}

NotificationPort::~NotificationPort() {
    if (queue_ != nullptr) {
        dispatch_release(queue_);
    }
    if (source_ != nullptr) {
        CFRelease(source_);
    }
}

void NotificationPort::setDispatchQueue(dispatch_queue_t queue) {
    if (queue != nullptr) {
        dispatch_retain(queue);
    }
    dispatch_queue_t before;
    {
        std::lock_guard guard(lock_);
        before = queue_;
        queue_ = queue;
        draining_ = false; // what is queued on the old queue finds that it changed
        scheduleDrain();
    }
    if (before != nullptr) {
        dispatch_release(before);
    }
}

CFRunLoopSourceRef NotificationPort::runLoopSource() {
    std::lock_guard guard(lock_);
    if (source_ == nullptr) {
        CFRunLoopSourceContext context = {};
        context.info = this;
        context.perform = [](void * info) {
            auto self = static_cast<NotificationPort *>(info)->weak_from_this().lock();
            PortMessageBody message;
            while (self && self->take(message, nullptr)) {
                callOut(self->port_, message);
            }
        };
        source_ = CFRunLoopSourceCreate(nullptr, 0, &context);
        if (!messages_.empty()) {
            CFRunLoopSourceSignal(source_);
        }
    }
    return source_;
}

void NotificationPort::post(const PortMessageBody & message) {
    std::lock_guard guard(lock_);
    // The system's limit; the sender is not told (contract §1.9).
    if (dead_ || messages_.size() >= kMaxPortMessages) {
        return;
    }
    messages_.push_back(message);
    wake();
}

kern_return_t NotificationPort::receive(PortMessageBody & message, const uint32_t * milliseconds) {
    std::unique_lock lock(lock_);
    const auto ready = [this] { return dead_ || !messages_.empty(); };
    do {
        if (milliseconds == nullptr) {
            changed_.wait(lock, ready);
        } else if (!changed_.wait_for(lock, std::chrono::milliseconds(*milliseconds), ready)) {
            return MACH_RCV_TIMED_OUT;
        }
        if (dead_) {
            return MACH_RCV_PORT_DIED;
        }
        message = messages_.front();
        messages_.pop_front();
    } while (message.kind != PortMessageKind::Completion);
    return MACH_MSG_SUCCESS;
}

// With the lock.
void NotificationPort::wake() {
    changed_.notify_one();
    if (queue_ != nullptr) {
        scheduleDrain();
    } else if (source_ != nullptr) {
        CFRunLoopSourceSignal(source_);
    }
}

// With the lock. The task keeps the port alive and remembers which queue it was made for.
void NotificationPort::scheduleDrain() {
    if (queue_ == nullptr || draining_ || messages_.empty() || dead_) {
        return;
    }
    draining_ = true;
    auto * self = new PortRef(shared_from_this());
    dispatch_async_f(queue_, self, [](void * context) {
        auto * port = static_cast<PortRef *>(context);
        (*port)->drain();
        delete port;
    });
}

void NotificationPort::drain() {
    // A bounded share, so that other work of the queue gets its turn.
    constexpr int kShare = 256;
    dispatch_queue_t queue;
    {
        std::lock_guard guard(lock_);
        queue = queue_;
    }
    PortMessageBody message;
    for (int i = 0; i < kShare && queue != nullptr && take(message, queue); ++i) {
        callOut(port_, message);
    }
    std::lock_guard guard(lock_);
    if (queue_ == queue) {
        draining_ = false;
        scheduleDrain();
    }
}

bool NotificationPort::take(PortMessageBody & message, dispatch_queue_t forQueue) {
    std::lock_guard guard(lock_);
    if (dead_ || messages_.empty() || queue_ != forQueue) {
        return false;
    }
    message = messages_.front();
    messages_.pop_front();
    return true;
}

void NotificationPort::destroy() {
    {
        std::lock_guard guard(table().lock);
        table().ports.erase(port_);
    }
    forgetCallbacks(port_);
    CFRunLoopSourceRef source;
    {
        std::lock_guard guard(lock_);
        dead_ = true;
        messages_.clear();
        changed_.notify_all();
        source = source_;
    }
    if (source != nullptr) {
        CFRunLoopSourceInvalidate(source);
    }
}

void deliverPortMessage(Message & message) {
    if (message.type != MessageType::PortMessage) {
        return;
    }
    Reader reader = message.reader();
    PortRef port = NotificationPort::find(reader.u32());
    PortMessageBody body;
    if (port != nullptr && decode(reader, body)) {
        port->post(body);
    }
}

} // namespace dextsim::client

using dextsim::client::NotificationPort;

const mach_port_t kIOMainPortDefault = 0;
const mach_port_t kIOMasterPortDefault = 0;

kern_return_t IOMainPort(mach_port_t, mach_port_t * mainPort) {
    *mainPort = kIOMainPortDefault;
    return KERN_SUCCESS;
}

kern_return_t IOMasterPort(mach_port_t bootstrap, mach_port_t * mainPort) {
    return IOMainPort(bootstrap, mainPort);
}

IONotificationPortRef IONotificationPortCreate(mach_port_t) {
    return new IONotificationPort{NotificationPort::create()};
}

void IONotificationPortDestroy(IONotificationPortRef notify) {
    notify->port->destroy();
    delete notify;
}

CFRunLoopSourceRef IONotificationPortGetRunLoopSource(IONotificationPortRef notify) {
    return notify->port->runLoopSource();
}

mach_port_t IONotificationPortGetMachPort(IONotificationPortRef notify) {
    return notify->port->port();
}

void IONotificationPortSetDispatchQueue(IONotificationPortRef notify, dispatch_queue_t queue) {
    notify->port->setDispatchQueue(queue);
}
