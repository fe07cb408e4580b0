// One peer of the kernel on a socket: messages in and out without ever blocking, and requests whose
// answer comes later. Knows nothing about what the messages mean.
#ifndef DEXTSIM_KERNEL_LINK_H
#define DEXTSIM_KERNEL_LINK_H

#include "event_loop.h"
#include "ipc/channel.h"

#include <functional>
#include <map>

namespace dextsim {

// What a request came back with. Not delivered: the peer went first.
struct Answer {
    bool delivered = false;
    int32_t status = 0;
    Message message;
    // Positioned behind the status.
    Reader reader() const {
        Reader reader(message.body);
        reader.i32();
        return reader;
    }
};

class Link {
  public:
    using OnMessage = std::function<void(Message &)>;
    using OnAnswer = std::function<void(Answer &)>;

    // `gone` is called once, from the loop, never inside a method of the link; after it the link is
    // silent and may be deleted.
    Link(EventLoop & loop, Fd socket, OnMessage message, std::function<void()> gone);
    ~Link();
    Link(const Link &) = delete;
    Link & operator=(const Link &) = delete;

    void send(MessageType type, const Writer & body, std::vector<Fd> fds = {});
    void request(MessageType type, const Writer & body, OnAnswer answer, std::vector<Fd> fds = {});
    void reply(uint64_t id, int32_t status, const Writer & body = {}, std::vector<Fd> fds = {});
    size_t queuedMessages() const { return channel_.queuedMessages(); }
    // Forgets the peer after what is queued has been written, as far as that is possible at once.
    void close();

  private:
    void post(MessageType type, uint64_t id, const Writer & body, std::vector<Fd> fds);
    void onReadable();
    void onWritable();
    void dispatch(Message & message);
    void fail();

    EventLoop & loop_;
    BufferedChannel channel_;
    OnMessage onMessage_;
    std::function<void()> onGone_;
    std::map<uint64_t, OnAnswer> waiting_;
    uint64_t nextId_ = 1;
    bool writing_ = false;
    bool failed_ = false;
    // Tasks that are still in the loop's queue look at this before they touch the link.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace dextsim

#endif
