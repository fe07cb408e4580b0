// Requests and replies over one socket; see connection.h.
#include "connection.h"

namespace dextsim {

bool Connection::send(MessageType type, const Writer & body, std::span<const int> fds) {
    std::lock_guard lock(sendLock_);
    return channel_.send(type, 0, body, fds);
}

Reply Connection::request(MessageType type, const Writer & body, std::span<const int> fds) {
    Waiter waiter;
    uint64_t id;
    {
        std::lock_guard lock(waitLock_);
        if (gone_) {
            return {};
        }
        id = nextId_++;
        waiters_.emplace(id, &waiter);
    }
    bool sent;
    {
        std::lock_guard lock(sendLock_);
        sent = channel_.send(type, id, body, fds);
    }
    std::unique_lock lock(waitLock_);
    if (!sent) {
        waiters_.erase(id);
        return {};
    }
    waiter.arrived.wait(lock, [&] { return waiter.done; });
    return std::move(waiter.reply);
}

bool Connection::reply(uint64_t id, int32_t status, const Writer & body, std::span<const int> fds) {
    Writer whole;
    whole.i32(status);
    whole.raw(body.body().data(), body.body().size());
    std::lock_guard lock(sendLock_);
    return channel_.send(MessageType::Reply, id, whole, fds);
}

void Connection::serve(Handler handler, void * context) {
    Message message;
    while (channel_.receive(message)) {
        if (message.type == MessageType::Reply) {
            deliver(message);
        } else {
            handler(context, message);
        }
    }
    abandonAll();
}

void Connection::deliver(Message & message) {
    std::lock_guard lock(waitLock_);
    auto found = waiters_.find(message.id);
    if (found == waiters_.end()) {
        return;
    }
    Waiter & waiter = *found->second;
    Reader reader = message.reader();
    waiter.reply.status = reader.i32();
    waiter.reply.delivered = reader.ok();
    if (reader.ok()) {
        message.body.erase(message.body.begin(), message.body.begin() + sizeof(int32_t));
    }
    waiter.reply.body = std::move(message.body);
    waiter.reply.fds = std::move(message.fds);
    waiter.done = true;
    waiters_.erase(found);
    waiter.arrived.notify_one();
}

void Connection::abandonAll() {
    std::lock_guard lock(waitLock_);
    gone_ = true;
    for (auto & [id, waiter] : waiters_) {
        waiter->done = true;
        waiter->arrived.notify_one();
    }
    waiters_.clear();
}

} // namespace dextsim
