// IOServiceOpen and what IOConnect… asks of a connection besides external methods (calls.cpp).
#include "connect.h"

#include <IOKit/IOKitLib.h>

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
    const auto connect = connectOf(name);
    return connect == nullptr ? notAConnection(name)
                              : connect->refuse(LastingCall::SetNotificationPort);
}

kern_return_t IOConnectAddClient(io_connect_t name, io_connect_t client) {
    const auto connect = connectOf(name);
    if (connect == nullptr) {
        return notAConnection(name);
    }
    if (connectOf(client) == nullptr) {
        return kIOReturnBadArgument;
    }
    return connect->refuse(LastingCall::AddClient);
}

kern_return_t IOConnectGetService(io_connect_t name, io_service_t *) {
    const auto connect = connectOf(name);
    const kern_return_t status = connect == nullptr ? notAConnection(name) : connect->check();
    return status != kIOReturnSuccess ? status : kIOReturnUnsupported;
}
