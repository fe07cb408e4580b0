// This process's connection to the simulated kernel. Made at first use; a reader thread hands
// replies to their callers and port messages to the notification ports.
#ifndef DEXTSIM_IOKIT_SESSION_H
#define DEXTSIM_IOKIT_SESSION_H

#include "ipc/connection.h"

#include <atomic>
#include <memory>
#include <string>

namespace dextsim::client {

class Session : public std::enable_shared_from_this<Session> {
  public:
    // The session of the kernel that DEXTGEN_SIM_SOCKET names; a new one when the last is gone or
    // the variable changed. Null when there is no kernel.
    static std::shared_ptr<Session> current();

    uint64_t id() const { return id_; }
    // How long a call may last before the kernel is told, in nanoseconds of the machine's clock; 0:
    // for ever.
    uint64_t watchdog() const { return watchdog_; }
    bool alive() const { return alive_.load(std::memory_order_acquire); }
    bool send(MessageType type, const Writer & body) { return connection_.send(type, body); }
    // Not delivered: the kernel is gone; callers say MACH_SEND_INVALID_DEST.
    Reply request(MessageType type, const Writer & body) { return connection_.request(type, body); }
    ConnectionState state(uint32_t slot) const;

    Session(std::string path, Fd socket);
    ~Session();

  private:
    bool greet();
    void serve();

    const std::string path_;
    Connection connection_;
    uint64_t id_ = 0;
    uint64_t watchdog_ = 0;
    uint32_t * states_ = nullptr;
    size_t statesSize_ = 0;
    std::atomic<bool> alive_{true};
};
using SessionRef = std::shared_ptr<Session>;

} // namespace dextsim::client

#endif
