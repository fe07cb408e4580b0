// See user_clients.h.
#include "user_clients.h"

#include "entitlements.h"
#include "lifecycle.h"
#include "watchdog.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

struct Open {
    Kernel & kernel;
    uint64_t session;
    uint64_t reply;
    uint64_t service;
    uint32_t type;
    Value entitlements;
};

void answer(const Open & open, int32_t status) {
    if (Session * session = open.kernel.session(open.session)) {
        session->link->reply(open.reply, status);
    }
}

// What CopyClientEntitlements yields: the client's own and two keys of the kernel.
Value clientEntitlements(Kernel & kernel, const Session & session) {
    Value entitlements = granted(kernel, session.entitlements);
    if (session.peer.user == 0) {
        entitlements.put("com.apple.developer.driverkit.administrator", Value::boolean(true));
    }
    entitlements.put(
        "IOUserClientCreator",
        Value::string("pid " + std::to_string(session.peer.process) + ", " + session.name));
    return entitlements;
}

std::string sandboxVeto(const Kernel & kernel, const Value & client) {
    return kernel.options.assumes(Assumption::Sandbox) ? "" : whySandboxed(client);
}

const std::string & bundleOf(const Entry & service) {
    static const std::string none;
    const Value * bundle = service.properties.find("CFBundleIdentifier");
    return bundle == nullptr ? none : bundle->asString();
}

std::string clientName(const Session & session) {
    return session.name + " (pid " + std::to_string(session.peer.process) + ")";
}

// Which of a connection's operations exclude each other (contract §1.8). Without an assumption the
// keys of a driver's own have no effect.
ConnectionLocking lockingOf(const Options & options, Entry & userClient) {
    constexpr const char * kLocking = "IOUserClientDefaultLocking";
    constexpr const char * kSingle = "IOUserClientDefaultLockingSingleThreadExternalMethod";
    auto isSet = [&](const char * key, bool otherwise) {
        const Value * value = userClient.properties.find(key);
        return value == nullptr ? otherwise : value->asBoolean();
    };
    if (!options.assumes(Assumption::LockingKeys)) {
        userClient.properties.put(kLocking, Value::boolean(true));
        return ConnectionLocking::Shared;
    }
    const bool locks = isSet(kLocking, true);
    userClient.properties.put(kLocking, Value::boolean(locks));
    return isSet(kSingle, false) ? ConnectionLocking::Single
           : locks               ? ConnectionLocking::Shared
                                 : ConnectionLocking::None;
}

// 0 or why the app may not have this user client; the dext has already made it (contract §4.3).
int32_t decideAccess(const Open & open, const Entry & userClient, const Entry & service,
                     const Bundle & bundle) {
    Kernel & kernel = open.kernel;
    const Value dext = granted(kernel, bundle.entitlements);
    UserClientAccess access{kernel.options.platform, open.entitlements, dext, bundleOf(service),
                            userClient.properties};
    std::string reason = kernel.options.checkEntitlements ? whyDenied(access) : "";
    if (!reason.empty()) {
        kernel.say("open of " + service.name + " denied: " + reason);
        return kIOReturnNotPermitted;
    }
    // Not DriverKit's: the option does not lift it.
    reason = whyNotPrivileged(userClient.properties, open.entitlements);
    if (!reason.empty()) {
        kernel.say("open of " + service.name + " denied: " + reason);
        return kIOReturnNotPrivileged;
    }
    return kIOReturnSuccess;
}

// Joins the app and the dext by a socket pair; their calls do not pass through the kernel.
int32_t connect(const Open & open, Session & session, DextObject & object, DextProcess & process) {
    Entry & userClient = *open.kernel.registry.find(object.id);
    const ConnectionLocking locking = lockingOf(open.kernel.options, userClient);
    Fd appEnd;
    Fd dextEnd;
    uint32_t slot = 0;
    if (!session.page.take(slot)) {
        return kIOReturnNoResources;
    }
    if (!createSocketPair(appEnd, dextEnd)) {
        session.page.give(slot);
        open.kernel.say("no file descriptor is left for a connection");
        return kIOReturnNoResources;
    }
    object.client->session = object.client->task = session.id;
    session.connections[object.id] = slot;
    session.page.set(slot, ConnectionState::Open);
    std::vector<Fd> toDext;
    toDext.push_back(std::move(dextEnd));
    process.link->send(MessageType::OpenChannel, Writer().u64(object.id), std::move(toDext));
    std::vector<Fd> toApp;
    toApp.push_back(std::move(appEnd));
    Writer body;
    body.u64(object.id).u32(slot).u8(static_cast<uint8_t>(locking));
    session.link->reply(open.reply, kIOReturnSuccess, body, std::move(toApp));
    return kIOReturnSuccess;
}

// The dext made and started its half: decide whether the app gets it.
int32_t finishOpen(const Open & open, uint64_t userClient) {
    Kernel & kernel = open.kernel;
    Entry * entry = kernel.registry.find(userClient);
    Entry * service = kernel.registry.find(open.service);
    if (userClient == 0 || entry == nullptr) {
        return kIOReturnError;
    }
    DextObject * object = kernel.object(userClient);
    DextProcess * process = kernel.processOf(userClient);
    if (object == nullptr || !object->client) {
        terminate(kernel, userClient);
        kernel.say(entry->name + " is not an IOUserUserClient: IOServiceOpen is refused");
        return kIOReturnUnsupported;
    }
    if (service == nullptr || service->inactive || entry->inactive || process == nullptr) {
        return kIOReturnOffline;
    }
    if (object->client->session != 0) {
        kernel.say(service->name + " returned a user client that is already open");
        return kIOReturnError;
    }
    int32_t status = decideAccess(open, *entry, *service, *process->bundle);
    Session * session = kernel.session(open.session);
    if (status == kIOReturnSuccess) {
        entry->properties.put("IOUserClientCreator",
                              *open.entitlements.find("IOUserClientCreator"));
        status = session == nullptr ? kIOReturnAborted : connect(open, *session, *object, *process);
    }
    if (status != kIOReturnSuccess) {
        terminate(kernel, userClient);
    }
    return status;
}

void record(const Open & open, uint64_t connection, int32_t status) {
    Kernel & kernel = open.kernel;
    const Session * session = kernel.session(open.session);
    const Entry * service = kernel.registry.find(open.service);
    kernel.recorder.opened({session == nullptr ? "" : session->name,
                            service == nullptr ? "" : service->name, open.type, connection,
                            status});
}

void giveBack(Session & session, uint64_t connect) {
    auto found = session.connections.find(connect);
    if (found != session.connections.end()) {
        session.page.give(found->second);
        session.connections.erase(found);
    }
}

void forget(Kernel & kernel, Session & session, DextObject & object) {
    giveBack(session, object.id);
    kernel.recorder.closed(object.id);
    object.client->session = 0;
    for (const auto & [mapping, count] : object.client->maps) {
        for (unsigned i = 0; i < count; ++i) {
            kernel.memory.release(mapping.first);
        }
    }
    object.client->maps.clear();
}

} // namespace

DextObject * connectionOf(Kernel & kernel, Session & session, uint64_t connect) {
    DextObject * object = kernel.object(connect);
    return object != nullptr && object->client && object->client->session == session.id ? object
                                                                                        : nullptr;
}

void openUserClient(Kernel & kernel, Session & session, uint64_t reply, uint64_t service,
                    uint32_t type) {
    bool ended = (service & kAfterTermination) != 0;
    service &= ~kAfterTermination;
    Entry * entry = kernel.registry.find(service);
    if (entry == nullptr || entry->inactive) {
        session.link->reply(reply, ended ? kIOReturnOffline : MACH_SEND_INVALID_DEST);
        return;
    }
    DextObject * object = kernel.object(service);
    DextProcess * process = kernel.processOf(service);
    if (object == nullptr || !object->service) {
        session.link->reply(reply, kIOReturnUnsupported);
        return;
    }
    if (process == nullptr) {
        session.link->reply(reply, kIOReturnOffline);
        return;
    }
    Open open{kernel, session.id, reply, service, type, clientEntitlements(kernel, session)};
    if (std::string why = sandboxVeto(kernel, open.entitlements); !why.empty()) {
        kernel.say("open of " + entry->name + " denied: " + why);
        session.link->reply(reply, kIOReturnNotPermitted);
        return;
    }
    Writer body;
    body.u64(service).u32(type).value(open.entitlements);
    const auto came = watchAnswer(kernel, *process, entry->name + "::NewUserClient",
                                  "IOServiceOpen of " + clientName(session) + " hangs with it");
    process->link->request(MessageType::NewUserClient, body, [open, came](Answer & answered) {
        came();
        if (!answered.delivered) {
            answer(open, MIG_SERVER_DIED);
            return;
        }
        Reader reader = answered.reader();
        uint64_t userClient = answered.status == kIOReturnSuccess ? reader.u64() : 0;
        int32_t status =
            answered.status == kIOReturnSuccess ? finishOpen(open, userClient) : answered.status;
        record(open, status == kIOReturnSuccess ? userClient : 0, status);
        if (status != kIOReturnSuccess) {
            answer(open, status);
        }
    });
}

void addChannel(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect) {
    DextObject * object = connectionOf(kernel, session, connect);
    DextProcess * process = kernel.processOf(connect);
    Fd appEnd;
    Fd dextEnd;
    if (object == nullptr || process == nullptr || !createSocketPair(appEnd, dextEnd)) {
        session.link->reply(reply, kIOReturnNoResources);
        return;
    }
    std::vector<Fd> toDext;
    toDext.push_back(std::move(dextEnd));
    process->link->send(MessageType::OpenChannel, Writer().u64(connect), std::move(toDext));
    std::vector<Fd> toApp;
    toApp.push_back(std::move(appEnd));
    session.link->reply(reply, kIOReturnSuccess, {}, std::move(toApp));
}

void closeUserClient(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect) {
    DextObject * object = kernel.object(connect);
    if (object == nullptr || !object->client || object->client->session != session.id) {
        // Its objects are gone; the client library decides between success and an invalid port.
        if (!session.connections.contains(connect)) {
            kernel.say("ignored IOServiceClose of " + hex(connect) + " by " + clientName(session) +
                       ", which has closed it before (contract §4.5)");
        }
        giveBack(session, connect);
        session.link->reply(reply, kIOReturnSuccess);
        return;
    }
    forget(kernel, session, *object);
    session.link->reply(reply, kIOReturnSuccess);
    const Entry * entry = kernel.registry.find(connect);
    if (entry != nullptr && !entry->inactive) {
        terminate(kernel, connect);
    }
}

void cutConnection(Kernel & kernel, uint64_t userClient) {
    DextObject * object = kernel.object(userClient);
    if (object == nullptr || !object->client || object->client->session == 0) {
        return;
    }
    Session * session = kernel.session(object->client->session);
    if (session == nullptr) {
        return;
    }
    auto found = session->connections.find(userClient);
    if (found != session->connections.end()) {
        session->page.set(found->second, object->client->mapped > 0 ? ConnectionState::Mapped
                                                                    : ConnectionState::Terminated);
    }
}

void abandonConnections(Kernel & kernel, Session & session) {
    for (const auto & [connect, slot] : std::map<uint64_t, uint32_t>(session.connections)) {
        if (DextObject * object = kernel.object(connect)) {
            forget(kernel, session, *object);
        }
        terminate(kernel, connect);
    }
}

} // namespace dextsim
