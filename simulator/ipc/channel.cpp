// Framing and buffering of messages; see channel.h.
#include "channel.h"

#include "os.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace dextsim {

namespace {
constexpr size_t kReadSize = 64 << 10;

Header makeHeader(MessageType type, uint64_t id, size_t body, size_t fds) {
    return {static_cast<uint32_t>(sizeof(Header) + body), type, static_cast<uint16_t>(fds), id};
}

std::span<const uint8_t> bytesOf(const Header & header) {
    return {reinterpret_cast<const uint8_t *>(&header), sizeof header};
}
} // namespace

std::span<uint8_t> Deframer::space() {
    if (begin_ == end_) {
        begin_ = end_ = 0;
    }
    size_t wanted = kReadSize;
    if (end_ - begin_ >= sizeof(Header)) {
        Header header;
        memcpy(&header, buffer_.data() + begin_, sizeof header);
        size_t missing = header.size - std::min<size_t>(header.size, end_ - begin_);
        wanted = std::max(wanted, std::min<size_t>(missing, kMaxMessage));
    }
    if (buffer_.size() - end_ < wanted) {
        if (begin_ != 0) {
            memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        buffer_.resize(std::max(buffer_.size(), end_ + wanted));
    }
    return std::span(buffer_).subspan(end_);
}

Deframer::Result Deframer::next(Message & message) {
    if (end_ - begin_ < sizeof(Header)) {
        return Result::NeedMore;
    }
    Header header;
    memcpy(&header, buffer_.data() + begin_, sizeof header);
    if (header.size < sizeof header || header.size > kMaxMessage || header.fds > kMaxMessageFds) {
        return Result::Broken;
    }
    if (end_ - begin_ < header.size) {
        return Result::NeedMore;
    }
    if (fds_.size() < header.fds) {
        return Result::Broken;
    }
    message.type = header.type;
    message.id = header.id;
    auto body = buffer_.begin() + static_cast<ptrdiff_t>(begin_);
    message.body.assign(body + sizeof header, body + header.size);
    message.fds.clear();
    for (uint16_t i = 0; i < header.fds; ++i) {
        message.fds.push_back(std::move(fds_[i]));
    }
    fds_.erase(fds_.begin(), fds_.begin() + header.fds);
    begin_ += header.size;
    return Result::Message;
}

bool sendMessage(int socket, MessageType type, uint64_t id, std::span<const uint8_t> body,
                 std::span<const int> fds) {
    if (body.size() > kMaxMessage - sizeof(Header) || fds.size() > kMaxMessageFds) {
        return false;
    }
    Header header = makeHeader(type, id, body.size(), fds.size());
    auto head = bytesOf(header);
    while (!head.empty() || !body.empty()) {
        ssize_t written = sendParts(socket, head, body, fds);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        fds = {};
        auto size = static_cast<size_t>(written);
        size_t fromHead = std::min(size, head.size());
        head = head.subspan(fromHead);
        body = body.subspan(size - fromHead);
    }
    return true;
}

Channel::Result Channel::tryReceive(Message & message) {
    for (;;) {
        switch (deframer_.next(message)) {
        case Deframer::Result::Message:
            return Result::Message;
        case Deframer::Result::Broken:
            return Result::Gone;
        case Deframer::Result::NeedMore:
            break;
        }
        ssize_t size = receivePart(socket_.get(), deframer_.space(), deframer_.fds());
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return Result::Nothing;
        }
        if (size <= 0) {
            return Result::Gone;
        }
        deframer_.filled(static_cast<size_t>(size));
    }
}

void Channel::shutdown() {
    if (socket_.valid()) {
        ::shutdown(socket_.get(), SHUT_RDWR);
    }
}

BufferedChannel::BufferedChannel(Fd socket) : socket_(std::move(socket)) {
    setNonBlocking(socket_);
}

bool BufferedChannel::fill() {
    for (;;) {
        auto space = deframer_.space();
        ssize_t size = receivePart(socket_.get(), space, deframer_.fds());
        if (size > 0) {
            deframer_.filled(static_cast<size_t>(size));
            if (static_cast<size_t>(size) == space.size()) {
                continue;
            }
            return true;
        }
        if (size < 0 && errno == EINTR) {
            continue;
        }
        return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
}

bool BufferedChannel::next(Message & message) {
    auto result = deframer_.next(message);
    broken_ = broken_ || result == Deframer::Result::Broken;
    return result == Deframer::Result::Message;
}

void BufferedChannel::send(MessageType type, uint64_t id, const Writer & body,
                           std::vector<Fd> fds) {
    Header header = makeHeader(type, id, body.body().size(), fds.size());
    auto head = bytesOf(header);
    Pending pending;
    pending.bytes.reserve(header.size);
    pending.bytes.insert(pending.bytes.end(), head.begin(), head.end());
    pending.bytes.insert(pending.bytes.end(), body.body().begin(), body.body().end());
    pending.fds = std::move(fds);
    queuedBytes_ += pending.bytes.size();
    output_.push_back(std::move(pending));
    if (output_.size() == 1) {
        writeFront();
    }
}

// True: the front message is written completely and removed.
bool BufferedChannel::writeFront() {
    Pending & front = output_.front();
    while (front.written < front.bytes.size()) {
        std::vector<int> fds;
        for (const Fd & fd : front.fds) {
            fds.push_back(fd.get());
        }
        ssize_t written =
            sendParts(socket_.get(), std::span(front.bytes).subspan(front.written), {}, fds);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        front.fds.clear();
        front.written += static_cast<size_t>(written);
    }
    queuedBytes_ -= front.bytes.size();
    output_.pop_front();
    return true;
}

bool BufferedChannel::flush() {
    while (!output_.empty()) {
        if (!writeFront()) {
            return errno == EAGAIN || errno == EWOULDBLOCK;
        }
    }
    return true;
}

} // namespace dextsim
