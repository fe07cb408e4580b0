// One blocking socket shared by many threads: any thread sends or makes a request and waits for its
// reply; one thread runs `serve`, which hands replies to the waiters and everything else to a
// handler. Used by the client library and by the dext runtime.
#ifndef DEXTSIM_IPC_CONNECTION_H
#define DEXTSIM_IPC_CONNECTION_H

#include "channel.h"

#include <condition_variable>
#include <map>
#include <mutex>

namespace dextsim {

struct Reply {
    bool delivered = false; // false: the peer went before it answered
    int32_t status = 0;
    std::vector<uint8_t> body; // behind the status
    std::vector<Fd> fds;

    Reader reader() const { return Reader(body); }
    Fd takeFd(size_t index = 0) { return index < fds.size() ? std::move(fds[index]) : Fd(); }
};

class Connection {
  public:
    explicit Connection(Fd socket) : channel_(std::move(socket)) {}

    // One-way. False: the peer is gone.
    bool send(MessageType type, const Writer & body, std::span<const int> fds = {});
    // Waits for the reply; must not be called on the thread that runs `serve`.
    Reply request(MessageType type, const Writer & body, std::span<const int> fds = {});
    // Answers a request that the handler got.
    bool reply(uint64_t id, int32_t status, const Writer & body = {},
               std::span<const int> fds = {});

    // Reads until the peer goes; then every waiter gets an undelivered reply.
    using Handler = void (*)(void * context, Message & message);
    void serve(Handler handler, void * context);
    // Makes `serve` return.
    void shutdown() { channel_.shutdown(); }

  private:
    struct Waiter {
        std::condition_variable arrived;
        bool done = false;
        Reply reply;
    };
    void deliver(Message & message);
    void abandonAll();

    Channel channel_;
    std::mutex sendLock_;
    std::mutex waitLock_;
    std::map<uint64_t, Waiter *> waiters_;
    uint64_t nextId_ = 1;
    bool gone_ = false;
};

} // namespace dextsim

#endif
