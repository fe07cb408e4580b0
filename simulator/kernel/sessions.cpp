// See sessions.h.
#include "sessions.h"

#include "kernel.h"
#include "user_clients.h"

#include "ipc/starved.h"

#include <IOKit/IOReturn.h>

#include <atomic>
#include <cerrno>
#include <unistd.h>

namespace dextsim {

bool StatePage::create() {
    size_t size = kSlots * sizeof(uint32_t);
    fd_ = createSharedMemory(size);
    words_ = fd_.valid() ? static_cast<uint32_t *>(mapShared(fd_, size, true)) : nullptr;
    return words_ != nullptr;
}

StatePage::~StatePage() {
    unmapShared(words_, kSlots * sizeof(uint32_t));
}

bool StatePage::take(uint32_t & slot) {
    if (!free_.empty()) {
        slot = free_.back();
        free_.pop_back();
        return true;
    }
    slot = used_;
    return used_ < kSlots && ++used_ != 0;
}

void StatePage::give(uint32_t slot) {
    set(slot, ConnectionState::Free);
    free_.push_back(slot);
}

void StatePage::set(uint32_t slot, ConnectionState state) {
    std::atomic_ref(words_[slot]).store(static_cast<uint32_t>(state), std::memory_order_seq_cst);
}

namespace {

void greet(Kernel & kernel, Session & session, Message & message) {
    Reader reader = message.reader();
    uint32_t version = reader.u32();
    auto role = static_cast<Role>(reader.u8());
    std::string name = reader.string();
    Value entitlements = reader.value();
    bool known = role == Role::Client || role == Role::Device || role == Role::Control;
    if (!reader.done() || version != kProtocolVersion || !known) {
        session.link->reply(message.id, kIOReturnUnsupported);
        session.link->close();
        return;
    }
    std::vector<Fd> fds;
    if (role == Role::Client) {
        if (session.page.create()) {
            fds.push_back(session.page.readOnly());
            fds.push_back(reopenReadOnly(kernel.machinePage));
        }
        if (fds.empty() || !fds[0].valid() || !fds[1].valid()) {
            kernel.say("no file descriptor is left for a client");
            session.link->reply(message.id, kIOReturnNoResources);
            session.link->close();
            return;
        }
    }
    session.greeted = true;
    session.role = role;
    session.name = std::move(name);
    session.entitlements =
        entitlements.isDictionary() ? std::move(entitlements) : Value::dictionary();
    session.link->reply(message.id, kIOReturnSuccess,
                        Writer().u64(session.id).u32(kernel.options.watchdogSeconds),
                        std::move(fds));
}

void handle(Kernel & kernel, Session & session, Message & message) {
    if (!session.greeted) {
        if (message.type == MessageType::Hello) {
            greet(kernel, session, message);
        } else {
            session.link->close();
        }
        return;
    }
    switch (session.role) {
    case Role::Client:
        return handleClient(kernel, session, message);
    case Role::Device:
        return handleDevice(kernel, session, message);
    case Role::Control:
        return handleControl(kernel, session, message);
    }
}

void addSession(Kernel & kernel, Fd socket, const Peer & peer) {
    auto session = std::make_unique<Session>();
    uint64_t id = kernel.nextSession++;
    session->id = id;
    session->peer = peer;
    session->link = std::make_unique<Link>(
        kernel.loop, std::move(socket),
        [&kernel, id](Message & message) {
            if (Session * sender = kernel.session(id)) {
                handle(kernel, *sender, message);
            }
        },
        [&kernel, id] { endSession(kernel, id); });
    kernel.sessions.emplace(id, std::move(session));
}

// The one who waits at the door would wake the loop for ever: look again a little later.
void pauseListening(Kernel & kernel, const Fd & listener) {
    kernel.say("no file descriptor is left for another connection");
    kernel.loop.unwatch(listener.get());
    kernel.loop.after(std::chrono::milliseconds(200), [&kernel, &listener] {
        kernel.loop.watch(listener.get(), [&] { acceptSessions(kernel, listener); });
    });
}

} // namespace

void acceptSessions(Kernel & kernel, const Fd & listener) {
    for (;;) {
        Fd socket = acceptLocal(listener);
        if (!socket.valid()) {
            if (errno == EMFILE || errno == ENFILE) {
                pauseListening(kernel, listener);
            }
            return;
        }
        Peer peer{};
        // The socket lies in a private directory; this holds even if somebody opened that up.
        if (!peerOf(socket, peer) || peer.user != geteuid()) {
            kernel.say("refused a connection of another user");
            continue;
        }
        addSession(kernel, std::move(socket), peer);
    }
}

void endSession(Kernel & kernel, uint64_t id) {
    Session * session = kernel.session(id);
    if (session == nullptr) {
        return;
    }
    if (takeStarvation()) {
        kernel.say("no file descriptor is left for what " + session->name +
                   " passes: it is cut off");
    }
    kernel.log.unfollow(id);
    disarmFaultsOf(kernel, id);
    kernel.notifications.removeSession(id);
    abandonConnections(kernel, *session);
    for (uint64_t device : std::set<uint64_t>(session->devices)) {
        unplugDevice(kernel, device);
    }
    dropSessionFamilies(kernel, id);
    kernel.sessions.erase(id);
}

} // namespace dextsim
