// One open connection: its state, its sockets to the dext, and the memory it mapped.
#ifndef DEXTSIM_IOKIT_CONNECT_H
#define DEXTSIM_IOKIT_CONNECT_H

#include "gate.h"
#include "names.h"

#include <memory>
#include <vector>

namespace dextsim::client {

// A socket to the dext; used by one call at a time.
struct DataChannel {
    explicit DataChannel(Fd socket) : channel(std::move(socket)) {}
    Channel channel;
    Message reply; // kept for its buffer
    Writer request;
    uint64_t nextId = 1;
    bool broken = false;
};

class Connect {
  public:
    Connect(SessionRef session, uint64_t id, uint32_t slot, ConnectionLocking locking, Fd channel);
    ~Connect();

    const SessionRef & session() const { return session_; }
    uint64_t id() const { return id_; }
    // 0 or what a call gets now (contract §4.6).
    kern_return_t check() const;
    // Methods hold it shared; close, map and unmap alone.
    Gate & gate() { return gate_; }

    // A channel that no other thread uses; null when the dext is gone. Give it back.
    std::unique_ptr<DataChannel> takeChannel();
    void giveChannel(std::unique_ptr<DataChannel> channel);

    kern_return_t map(uint32_t type, bool anywhere, mach_vm_address_t & address,
                      mach_vm_size_t & size);
    kern_return_t unmap(uint32_t type);
    // What no dext supports, once the calls in flight have ended (contract §1.8, §3.2).
    kern_return_t refuse(LastingCall what);
    // First close wins; waits for calls in flight.
    kern_return_t close();
    // Closes it unless it is closed.
    void end();

  private:
    struct Mapping {
        uint64_t memory = 0; // descriptor
        bool readOnly = false;
        uint64_t length = 0;   // of the descriptor at that time
        void * base = nullptr; // page that the kernel gave
        size_t size = 0;       // whole pages
        mach_vm_address_t address = 0;
    };
    class Alone;

    std::unique_ptr<DataChannel> newChannel(Fd socket) const;
    std::vector<Mapping>::iterator compatible(const Mapping & with, mach_vm_address_t at);
    static bool reserve(Reader pieces, void * wanted, Mapping & mapping);
    bool mapPages(Reply & reply, Reader & reader, Mapping & mapping);
    void drop(const Mapping & mapping, MapDrop why);

    const SessionRef session_;
    const uint64_t id_;
    const uint32_t slot_;
    Gate gate_;
    std::mutex lock_;
    std::vector<std::unique_ptr<DataChannel>> idle_;
    std::mutex mapsLock_; // the gate may be open to everybody
    std::vector<Mapping> maps_;
    std::atomic<bool> closed_{false};
    std::atomic<bool> dextGone_{false}; // seen on a channel; the kernel may not know yet
};

} // namespace dextsim::client

#endif
