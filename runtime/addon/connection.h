// One open user client. Everything that can block on the driver runs on the connection's own serial
// queue, so a driver that hangs holds up this connection and no other (contract §1.8).
#ifndef DEXTGEN_ADDON_CONNECTION_H
#define DEXTGEN_ADDON_CONNECTION_H

#include "client_memory.h"
#include "environment.h"
#include "mapping.h"
#include "service.h"
#include "../wire/dextgen_wire.h"

#include <atomic>
#include <map>
#include <vector>

namespace dextgen {

/// A call as JavaScript asked for it, copied, and what came back.
struct CallArguments {
    uint32_t selector = 0;
    std::vector<uint64_t> scalars;
    std::vector<uint8_t> structure;
    std::vector<uint64_t> scalarOutputs; // sized to what is asked for, cut to what came
    std::vector<uint8_t> structOutput;
    uint32_t completionWords = kDextgenMinCompletionWords; // of an asynchronous call
    PagesList memories;                                    // whose addresses are among the scalars
};

/// What contract selector 1 answers: selector, argument, rule, limit, actual.
struct Rejection {
    uint64_t words[5];
    bool valid;
};

/// Memory of one type, shared by all its handles of this connection: the kernel has one mapping per
/// connection and type, and one unmap ends it (contract §2.2). JavaScript thread.
struct SharedMapping {
    std::shared_ptr<Mapping> memory = std::make_shared<Mapping>();
    uint32_t type = 0;
    uint32_t users = 0;
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(std::shared_ptr<Notifier> notifier, const InterfaceShape & shape);
    /// Closes what was left open, on the queue.
    ~Connection();

    dispatch_queue_t CallQueue() const { return queue_.Get(); }

    // On the queue.
    kern_return_t Open(io_service_t service, uint32_t type, ListenerId terminated);
    kern_return_t Call(CallArguments & call, Rejection & rejection);
    kern_return_t CallAsync(CallArguments & call, ListenerId listener, Rejection & rejection);
    /// `cache`: kIOMap… bits of a cache mode.
    kern_return_t Map(uint32_t type, uint32_t cache, Mapping & memory);
    kern_return_t Unmap(uint32_t type);
    kern_return_t Close();

    // On the JavaScript thread.
    bool IsClosing() const { return closing_.load(std::memory_order_relaxed); }
    /// No further call reaches the driver and no mapping can be touched; true the first time.
    bool BeginClose();
    /// BeginClose and Close without anybody who waits: the environment ends. `memories` stay until
    /// then.
    void Abandon(PagesList memories);
    std::shared_ptr<SharedMapping> UseMapping(uint32_t type);
    /// True when the last user is gone and the memory must be unmapped.
    bool DropMapping(SharedMapping & mapping);

  private:
    kern_return_t Finish(kern_return_t result, uint32_t selector, Rejection & rejection);

    std::shared_ptr<Notifier> notifier_;
    const InterfaceShape & shape_;
    Queue queue_;
    std::atomic<bool> closing_{false};
    // The queue's.
    io_connect_t port_ = IO_OBJECT_NULL;
    IoObject interest_;
    // The JavaScript thread's.
    std::map<uint32_t, std::shared_ptr<SharedMapping>> mappings_;
};

} // namespace dextgen

#endif
