// See link.h.
#include "link.h"

namespace dextsim {

Link::Link(EventLoop & loop, Fd socket, OnMessage message, std::function<void()> gone)
    : loop_(loop), channel_(std::move(socket)), onMessage_(std::move(message)),
      onGone_(std::move(gone)) {
    loop_.watch(
        channel_.fd(), [this] { onReadable(); }, [this] { onWritable(); });
}

Link::~Link() {
    *alive_ = false;
    if (!failed_) {
        loop_.unwatch(channel_.fd());
    }
}

void Link::send(MessageType type, const Writer & body, std::vector<Fd> fds) {
    post(type, 0, body, std::move(fds));
}

void Link::request(MessageType type, const Writer & body, OnAnswer answer, std::vector<Fd> fds) {
    uint64_t id = nextId_++;
    if (failed_) {
        loop_.later([answer = std::move(answer)] {
            Answer none;
            answer(none);
        });
        return;
    }
    waiting_.emplace(id, std::move(answer));
    post(type, id, body, std::move(fds));
}

void Link::reply(uint64_t id, int32_t status, const Writer & body, std::vector<Fd> fds) {
    if (id == 0) {
        return;
    }
    Writer whole;
    whole.i32(status).raw(body.body().data(), body.body().size());
    post(MessageType::Reply, id, whole, std::move(fds));
}

void Link::post(MessageType type, uint64_t id, const Writer & body, std::vector<Fd> fds) {
    if (failed_) {
        return;
    }
    channel_.send(type, id, body, std::move(fds));
    if (channel_.wantsWrite() && !writing_) {
        writing_ = true;
        loop_.wantWrite(channel_.fd(), true);
    }
}

void Link::onReadable() {
    bool open = channel_.fill();
    Message message;
    auto alive = alive_;
    while (*alive && !failed_ && channel_.next(message)) {
        dispatch(message);
    }
    if (*alive && (!open || channel_.broken())) {
        fail();
    }
}

void Link::dispatch(Message & message) {
    if (message.type != MessageType::Reply) {
        onMessage_(message);
        return;
    }
    auto found = waiting_.extract(message.id);
    if (found.empty()) {
        return;
    }
    Answer answer;
    Reader reader = message.reader();
    answer.status = reader.i32();
    answer.delivered = reader.ok();
    answer.message = std::move(message);
    found.mapped()(answer);
}

void Link::onWritable() {
    if (!channel_.flush()) {
        // The other side has ended. What it said before still counts.
        auto alive = alive_;
        onReadable();
        if (*alive) {
            fail();
        }
    } else if (!channel_.wantsWrite() && writing_) {
        writing_ = false;
        loop_.wantWrite(channel_.fd(), false);
    }
}

void Link::close() {
    channel_.flush();
    fail();
}

void Link::fail() {
    if (failed_) {
        return;
    }
    failed_ = true;
    loop_.unwatch(channel_.fd());
    // The answers go out even if the link itself is deleted before the loop comes to them.
    loop_.later([alive = alive_, waiting = std::move(waiting_), gone = onGone_] {
        for (auto & [id, answer] : waiting) {
            Answer none;
            answer(none);
        }
        if (*alive) {
            gone();
        }
    });
    waiting_.clear();
}

} // namespace dextsim
