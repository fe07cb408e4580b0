// Receive rights that an app makes itself, and the messages it takes out of them as they are
// (contract §1.9). Notifications about services come only through an IONotificationPort.
#include "notification_port.h"

#include <IOKit/OSMessageNotification.h>
#include <mach/message.h>

#include <cstring>
#include <map>

namespace {

using namespace dextsim;
using namespace dextsim::client;

// Behind the header of the message.
constexpr size_t kContentAt = sizeof(mach_msg_header_t) + sizeof(OSNotificationHeader64);
// The kernel's structure ends at a multiple of 8 (contract §1.9).
constexpr uint32_t kPad = 4;

struct Owned {
    std::mutex lock;
    std::map<mach_port_t, PortRef> ports;
};

// Never destroyed: other threads may receive while the process exits.
Owned & owned() {
    static auto & shared = *new Owned();
    return shared;
}

uint32_t sizeOf(const PortMessageBody & message) {
    const auto content = static_cast<uint32_t>(sizeof(IOReturn) + sizeof(uint64_t) * message.count);
    return static_cast<uint32_t>(kContentAt) + content + kPad;
}

void write(const PortMessageBody & message, mach_port_t port, mach_msg_header_t * header) {
    auto * bytes = reinterpret_cast<uint8_t *>(header);
    memset(bytes, 0, sizeOf(message));
    header->msgh_size = sizeOf(message);
    header->msgh_local_port = port;
    header->msgh_id = kOSNotificationMessageID;
    OSNotificationHeader64 head = {};
    head.size = static_cast<uint32_t>(sizeof(IOReturn) + sizeof(uint64_t) * message.count);
    head.type = kIOAsyncCompletionNotificationType;
    memcpy(head.reference, message.reference, sizeof head.reference);
    memcpy(bytes + sizeof *header, &head, sizeof head);
    memcpy(bytes + kContentAt, &message.status, sizeof message.status);
    memcpy(bytes + kContentAt + sizeof message.status, message.words,
           sizeof(uint64_t) * message.count);
}

} // namespace

kern_return_t mach_port_allocate(task_t, mach_port_right_t right, mach_port_name_t * name) {
    if (right != MACH_PORT_RIGHT_RECEIVE) {
        return KERN_INVALID_VALUE;
    }
    PortRef port = NotificationPort::create();
    *name = port->port();
    std::lock_guard guard(owned().lock);
    owned().ports.emplace(*name, std::move(port));
    return KERN_SUCCESS;
}

// The name of the receive right is that of the send right.
kern_return_t mach_port_insert_right(task_t, mach_port_name_t name, mach_port_t port,
                                     unsigned int disposition) {
    if (disposition != MACH_MSG_TYPE_MAKE_SEND || name != port) {
        return KERN_INVALID_VALUE;
    }
    return NotificationPort::find(port) == nullptr ? KERN_INVALID_NAME : KERN_SUCCESS;
}

kern_return_t mach_port_destroy(task_t, mach_port_name_t name) {
    PortRef port;
    {
        std::lock_guard guard(owned().lock);
        auto found = owned().ports.extract(name);
        if (found.empty()) {
            return KERN_INVALID_NAME;
        }
        port = std::move(found.mapped());
    }
    port->destroy();
    return KERN_SUCCESS;
}

mach_msg_return_t mach_msg(mach_msg_header_t * msg, mach_msg_option_t option, mach_msg_size_t,
                           mach_msg_size_t rcv_size, mach_port_name_t rcv_name,
                           mach_msg_timeout_t timeout, mach_port_name_t) {
    if ((option & MACH_SEND_MSG) != 0) {
        return MACH_SEND_INVALID_HEADER;
    }
    PortRef port = NotificationPort::find(rcv_name);
    if (port == nullptr) {
        return MACH_RCV_INVALID_NAME;
    }
    PortMessageBody message;
    const bool limited = (option & MACH_RCV_TIMEOUT) != 0;
    if (kern_return_t status = port->receive(message, limited ? &timeout : nullptr)) {
        return status;
    }
    if (sizeOf(message) + sizeof(mach_msg_trailer_t) > rcv_size) {
        return MACH_RCV_TOO_LARGE; // and it is lost
    }
    write(message, rcv_name, msg);
    return MACH_MSG_SUCCESS;
}
