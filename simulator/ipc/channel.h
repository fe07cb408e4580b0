// Framed messages over a local stream socket. `send` and `Channel` block (clients and dexts);
// `BufferedChannel` never blocks (kernel). The frame is a 16-byte header, then the body
// (messages.h).
#ifndef DEXTSIM_IPC_CHANNEL_H
#define DEXTSIM_IPC_CHANNEL_H

#include "fd.h"
#include "messages.h"
#include "wire.h"

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace dextsim {

struct Header {
    uint32_t size; // of the whole message, header included
    MessageType type;
    uint16_t fds; // descriptors attached
    uint64_t id;  // 0: one-way
};
static_assert(sizeof(Header) == 16);

constexpr uint32_t kMaxMessage = 64u << 20;
constexpr uint16_t kMaxMessageFds = 32;

struct Message {
    MessageType type{};
    uint64_t id = 0;
    std::vector<uint8_t> body;
    std::vector<Fd> fds;

    Reader reader() const { return Reader(body); }
    // The n-th descriptor, invalid when it was not sent. Leaves an invalid one behind.
    Fd takeFd(size_t index = 0) { return index < fds.size() ? std::move(fds[index]) : Fd(); }
};

// Takes messages out of a stream of bytes and descriptors.
class Deframer {
  public:
    enum class Result { Message, NeedMore, Broken };
    // Where to read to; at least 64 KiB, more when a long message is under way.
    std::span<uint8_t> space();
    void filled(size_t size) { end_ += size; }
    std::vector<Fd> & fds() { return fds_; }
    Result next(Message & message);

  private:
    std::vector<uint8_t> buffer_;
    size_t begin_ = 0;
    size_t end_ = 0;
    std::vector<Fd> fds_;
};

// Writes one message and waits until all of it is written. False: the peer is gone (or the body is
// too long). Not synchronised: one writer per socket at a time.
bool sendMessage(int socket, MessageType type, uint64_t id, std::span<const uint8_t> body,
                 std::span<const int> fds = {});

// One blocking end. Receiving and sending may be on two threads.
class Channel {
  public:
    Channel() = default;
    explicit Channel(Fd socket) : socket_(std::move(socket)) {}

    bool send(MessageType type, uint64_t id, const Writer & body, std::span<const int> fds = {}) {
        return sendMessage(socket_.get(), type, id, body.body(), fds);
    }
    enum class Result { Message, Nothing, Gone };
    // Gone: or it sent nonsense. Nothing: only with setReceiveTimeout.
    Result tryReceive(Message & message);
    // False: the peer is gone or sent nonsense.
    bool receive(Message & message) { return tryReceive(message) == Result::Message; }
    int fd() const { return socket_.get(); }
    bool valid() const { return socket_.valid(); }
    // Wakes a thread that is blocked in receive; the descriptor stays open.
    void shutdown();

  private:
    Fd socket_;
    Deframer deframer_;
};

// One non-blocking end with an unbounded output queue; whoever uses it sets the limits.
class BufferedChannel {
  public:
    explicit BufferedChannel(Fd socket);

    // Reads what is there. False: end of stream or error (messages read before are still in
    // next()).
    bool fill();
    // The next complete message. False: none; then broken() tells nonsense from waiting.
    bool next(Message & message);
    bool broken() const { return broken_; }

    // Queues, and writes at once when nothing is waiting. Descriptors are owned by the queue.
    void send(MessageType type, uint64_t id, const Writer & body, std::vector<Fd> fds = {});
    // Writes what is queued. False: the peer is gone.
    bool flush();
    bool wantsWrite() const { return !output_.empty(); }
    size_t queuedMessages() const { return output_.size(); }
    size_t queuedBytes() const { return queuedBytes_; }
    int fd() const { return socket_.get(); }

  private:
    struct Pending {
        std::vector<uint8_t> bytes;
        std::vector<Fd> fds;
        size_t written = 0;
    };
    bool writeFront();

    Fd socket_;
    Deframer deframer_;
    std::deque<Pending> output_;
    size_t queuedBytes_ = 0;
    bool broken_ = false;
};

} // namespace dextsim

#endif
