// See connect.h.
#include "connect.h"

#include "watchdog.h"

#include "ipc/os.h"

#include <IOKit/IOKitLib.h>

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
    bool readOnly = (reader.u64() & 1) != 0;
    uint64_t length = reader.u64();
    uint64_t memory = reader.u64();
    auto known = maps_.find(memory);
    if (known == maps_.end()) {
        Mapping mapping;
        const bool possible = anywhere || (address != 0 && address % pageSize() == 0);
        void * const wanted = anywhere ? nullptr : reinterpret_cast<void *>(address);
        if (!possible || !reserve(reader, length, wanted, mapping) ||
            !mapPages(reply, reader, memory, readOnly, mapping)) {
            if (mapping.base != nullptr) {
                munmap(mapping.base, mapping.size);
            }
            session_->request(MessageType::Unmap, Writer().u64(id_).u32(type));
            return kIOReturnBadArgument;
        }
        known = maps_.emplace(memory, mapping).first;
    }
    // The same descriptor again is the same address; the size is not rounded (contract §2.1).
    address = known->second.address;
    size = length;
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
    auto found = maps_.find(reply.reader().u64());
    if (found != maps_.end()) {
        munmap(found->second.base, found->second.size);
        maps_.erase(found);
    }
    return kIOReturnSuccess;
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
    for (auto & [memory, mapping] : maps_) {
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

using namespace dextsim;
using namespace dextsim::client;

namespace {

std::shared_ptr<Connect> connectOf(mach_port_t name) {
    NameRef found = Names::shared().find(name, NameKind::Connect);
    return found == nullptr ? nullptr : found->connect;
}

// A dead name, or an object that is no connection (contract §7.7).
kern_return_t notAConnection(mach_port_t name) {
    return Names::shared().find(name) == nullptr ? MACH_SEND_INVALID_DEST : kIOReturnBadArgument;
}

} // namespace

kern_return_t IOServiceOpen(io_service_t service, task_port_t owningTask, uint32_t type,
                            io_connect_t * connect) {
    NameRef entry = Names::shared().find(service, NameKind::Entry);
    if (entry == nullptr) {
        return notAConnection(service);
    }
    if (owningTask != mach_task_self()) {
        return kIOReturnBadArgument;
    }
    Reply reply = entry->session->request(MessageType::Open, Writer().u64(entry->id).u32(type));
    if (!reply.delivered || reply.status != kIOReturnSuccess) {
        return reply.delivered ? reply.status : MACH_SEND_INVALID_DEST;
    }
    Reader reader = reply.reader();
    uint64_t id = reader.u64();
    uint32_t slot = reader.u32();
    auto locking = static_cast<ConnectionLocking>(reader.u8());
    auto name = std::make_shared<Name>();
    name->kind = NameKind::Connect;
    name->session = entry->session;
    name->id = id;
    name->connect = std::make_shared<Connect>(entry->session, id, slot, locking, reply.takeFd());
    *connect = Names::shared().add(std::move(name));
    return kIOReturnSuccess;
}

kern_return_t IOServiceClose(io_connect_t name) {
    auto connect = connectOf(name);
    if (connect == nullptr) {
        return notAConnection(name);
    }
    kern_return_t status = connect->close();
    IOObjectRelease(name); // even if the call failed (contract §4.5)
    return status;
}

kern_return_t IOConnectAddRef(io_connect_t connect) {
    return IOObjectRetain(connect);
}
kern_return_t IOConnectRelease(io_connect_t connect) {
    return IOObjectRelease(connect);
}

kern_return_t IOConnectMapMemory64(io_connect_t name, uint32_t memoryType, task_port_t intoTask,
                                   mach_vm_address_t * atAddress, mach_vm_size_t * ofSize,
                                   IOOptionBits options) {
    auto connect = connectOf(name);
    if (connect == nullptr) {
        return notAConnection(name);
    }
    if (intoTask != mach_task_self()) {
        return kIOReturnBadArgument;
    }
    mach_vm_address_t address = *atAddress;
    mach_vm_size_t size = 0;
    kern_return_t status = connect->map(memoryType, (options & kIOMapAnywhere) != 0, address, size);
    if (status == kIOReturnSuccess) {
        *atAddress = address;
        *ofSize = size;
    }
    return status;
}

kern_return_t IOConnectMapMemory(io_connect_t connect, uint32_t memoryType, task_port_t intoTask,
                                 mach_vm_address_t * atAddress, mach_vm_size_t * ofSize,
                                 IOOptionBits options) {
    return IOConnectMapMemory64(connect, memoryType, intoTask, atAddress, ofSize, options);
}

kern_return_t IOConnectUnmapMemory64(io_connect_t name, uint32_t memoryType, task_port_t fromTask,
                                     mach_vm_address_t) {
    auto connect = connectOf(name);
    if (connect == nullptr) {
        return notAConnection(name);
    }
    return fromTask == mach_task_self() ? connect->unmap(memoryType) : kIOReturnBadArgument;
}

kern_return_t IOConnectUnmapMemory(io_connect_t connect, uint32_t memoryType, task_port_t fromTask,
                                   mach_vm_address_t atAddress) {
    return IOConnectUnmapMemory64(connect, memoryType, fromTask, atAddress);
}

// What a dext's user client does not have (contract §3.2, §0.3.10).
kern_return_t IOConnectSetNotificationPort(io_connect_t name, uint32_t, mach_port_t, uintptr_t) {
    return connectOf(name) == nullptr ? notAConnection(name) : kIOReturnUnsupported;
}

kern_return_t IOConnectAddClient(io_connect_t name, io_connect_t) {
    return connectOf(name) == nullptr ? notAConnection(name) : kIOReturnUnsupported;
}

kern_return_t IOConnectGetService(io_connect_t name, io_service_t *) {
    return connectOf(name) == nullptr ? notAConnection(name) : kIOReturnUnsupported;
}
