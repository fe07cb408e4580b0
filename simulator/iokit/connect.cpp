// See connect.h.
#include "connect.h"

#include "watchdog.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <algorithm>
#include <sys/mman.h>

namespace dextsim::client {

// The connection's lock, alone: waits for the calls in flight (contract §1.8).
class Connect::Alone {
  public:
    Alone(Connect & connect, LastingCall what) : connect_(connect) {
        Watchdog watchdog(*connect.session_, {connect.id_, what});
        connect.gate_.lock([&watchdog] { watchdog.look(); });
    }
    ~Alone() { connect_.gate_.unlock(); }
    Alone(const Alone &) = delete;
    Alone & operator=(const Alone &) = delete;

  private:
    Connect & connect_;
};

Connect::Connect(SessionRef session, uint64_t id, uint32_t slot, ConnectionLocking locking,
                 Fd channel)
    : session_(std::move(session)), id_(id), slot_(slot), gate_(locking) {
    idle_.push_back(newChannel(std::move(channel)));
}

// Looks up once a second when somebody watches how long a call lasts.
std::unique_ptr<DataChannel> Connect::newChannel(Fd socket) const {
    if (session_->watchdog() != 0) {
        setReceiveTimeout(socket);
    }
    return std::make_unique<DataChannel>(std::move(socket));
}

Connect::~Connect() {
    end();
}

void Connect::end() {
    if (!closed_) {
        close();
    }
}

kern_return_t Connect::check() const {
    if (closed_ || !session_->alive()) {
        return MACH_SEND_INVALID_DEST;
    }
    switch (session_->state(slot_)) {
    case ConnectionState::Open:
        return kIOReturnSuccess;
    case ConnectionState::Mapped:
        return kIOReturnBadArgument; // the port now names a set of mappings
    default:
        return MACH_SEND_INVALID_DEST;
    }
}

std::unique_ptr<DataChannel> Connect::takeChannel() {
    if (dextGone_) {
        return nullptr;
    }
    {
        std::lock_guard guard(lock_);
        if (!idle_.empty()) {
            auto channel = std::move(idle_.back());
            idle_.pop_back();
            return channel;
        }
    }
    // Another thread is in a call: the kernel gives the dext one more socket.
    Reply reply = session_->request(MessageType::AddChannel, Writer().u64(id_));
    Fd socket = reply.takeFd();
    return socket.valid() ? newChannel(std::move(socket)) : nullptr;
}

void Connect::giveChannel(std::unique_ptr<DataChannel> channel) {
    if (channel->broken) {
        dextGone_ = true;
        return;
    }
    std::lock_guard guard(lock_);
    idle_.push_back(std::move(channel));
}

// A mapping that is there already and serves as well; `at` 0: at any address (contract §2.1).
std::vector<Connect::Mapping>::iterator Connect::compatible(const Mapping & with,
                                                            mach_vm_address_t at) {
    return std::find_if(maps_.begin(), maps_.end(), [&](const Mapping & each) {
        return each.memory == with.memory && each.readOnly == with.readOnly &&
               with.length <= each.length && (at == 0 || at == each.address);
    });
}

void Connect::drop(const Mapping & mapping, MapDrop why) {
    Writer body;
    body.u64(id_).u64(mapping.memory).u8(mapping.readOnly).u8(static_cast<uint8_t>(why));
    session_->send(MessageType::MapDropped, body);
}

kern_return_t Connect::map(uint32_t type, bool anywhere, mach_vm_address_t & address,
                           mach_vm_size_t & size) {
    const Alone alone(*this, LastingCall::Map);
    std::lock_guard maps(mapsLock_);
    if (kern_return_t status = check()) {
        return status;
    }
    Reply reply = session_->request(MessageType::Map, Writer().u64(id_).u32(type));
    if (!reply.delivered || reply.status != kIOReturnSuccess) {
        return reply.delivered ? reply.status : MACH_SEND_INVALID_DEST;
    }
    Reader reader = reply.reader();
    Mapping mapping;
    mapping.readOnly = (reader.u64() & 1) != 0;
    mapping.length = reader.u64();
    mapping.memory = reader.u64();
    if (auto known = compatible(mapping, anywhere ? 0 : address); known != maps_.end()) {
        drop(mapping, MapDrop::Gone);
        address = known->address;
        size = mapping.length;
        return kIOReturnSuccess;
    }
    const bool possible = anywhere || (address != 0 && address % pageSize() == 0);
    void * const wanted = anywhere ? nullptr : reinterpret_cast<void *>(address);
    if (!possible || !reserve(reader, wanted, mapping) || !mapPages(reply, reader, mapping)) {
        if (mapping.base != nullptr) {
            munmap(mapping.base, mapping.size);
        }
        drop(mapping, MapDrop::Failed);
        return kIOReturnBadArgument;
    }
    maps_.push_back(mapping);
    address = mapping.address;
    size = mapping.length; // not rounded (contract §2.1)
    return kIOReturnSuccess;
}

kern_return_t Connect::unmap(uint32_t type) {
    const Alone alone(*this, LastingCall::Unmap);
    std::lock_guard maps(mapsLock_);
    if (kern_return_t status = check()) {
        return status;
    }
    Reply reply = session_->request(MessageType::Unmap, Writer().u64(id_).u32(type));
    if (!reply.delivered || reply.status != kIOReturnSuccess) {
        return reply.delivered ? reply.status : MACH_SEND_INVALID_DEST;
    }
    Reader reader = reply.reader();
    Mapping meant;
    meant.readOnly = reader.u8() != 0;
    meant.length = reader.u64();
    meant.memory = reader.u64();
    if (meant.memory == 0) {
        return kIOReturnSuccess; // and nothing is unmapped (contract §2.2)
    }
    auto found = compatible(meant, 0);
    if (found == maps_.end()) {
        return kIOReturnBadArgument; // another instance than what is mapped
    }
    // A shorter length names a part of the mapping, which ends with the whole alone.
    if (found->length == meant.length) {
        munmap(found->base, found->size);
        drop(*found, MapDrop::Gone);
        maps_.erase(found);
    }
    return kIOReturnSuccess;
}

kern_return_t Connect::refuse(LastingCall what) {
    const Alone alone(*this, what);
    const kern_return_t status = check();
    return status != kIOReturnSuccess ? status : kIOReturnUnsupported;
}

kern_return_t Connect::close() {
    const Alone alone(*this, LastingCall::Close);
    std::lock_guard maps(mapsLock_);
    if (closed_.exchange(true)) {
        // The kernel notes it and ignores it (contract §4.5 1).
        return session_->request(MessageType::Close, Writer().u64(id_)).delivered
                   ? kIOReturnSuccess
                   : MACH_SEND_INVALID_DEST;
    }
    ConnectionState state = session_->alive() ? session_->state(slot_) : ConnectionState::Closed;
    Reply reply = session_->request(MessageType::Close, Writer().u64(id_));
    for (const Mapping & mapping : maps_) {
        munmap(mapping.base, mapping.size);
    }
    maps_.clear();
    {
        std::lock_guard guard(lock_);
        idle_.clear();
    }
    // Terminated without mappings: the port was destroyed (contract §4.6).
    bool open = state == ConnectionState::Open || state == ConnectionState::Mapped;
    return reply.delivered && open ? reply.status : MACH_SEND_INVALID_DEST;
}

} // namespace dextsim::client
