// What the client library asks of the kernel: look-ups, notifications, properties; connections are
// in user_clients.cpp.
#include "kernel.h"
#include "matching.h"
#include "user_clients.h"
#include "watchdog.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

// One request: who asks, its id and its body.
struct Request {
    Kernel & kernel;
    Session & session;
    uint64_t id;
    Reader reader;

    void answer(int32_t status, const Writer & body = {}) { session.link->reply(id, status, body); }
    void answer(const Value * value) {
        if (value == nullptr) {
            answer(kIOReturnNotFound);
        } else {
            answer(kIOReturnSuccess, Writer().value(*value));
        }
    }
    void answer(const std::vector<uint64_t> & entries) {
        Writer body;
        body.u32(static_cast<uint32_t>(entries.size()));
        body.words(entries.data(), entries.size());
        answer(kIOReturnSuccess, body);
    }
};

void match(Request & request) {
    Value matching = request.reader.value();
    if (!matching.isDictionary()) {
        request.answer(kIOReturnBadArgument);
        return;
    }
    std::vector<uint64_t> found;
    Registry & registry = request.kernel.registry;
    registry.each([&](Entry & entry) {
        if (entry.matched && !entry.inactive && serviceMatches(registry, matching, entry)) {
            found.push_back(entry.id);
        }
    });
    request.answer(found);
}

void addMatching(Request & request) {
    uint32_t port = request.reader.u32();
    std::string type = request.reader.string();
    Value matching = request.reader.value();
    uint64_t notification = matching.isDictionary()
                                ? request.kernel.notifications.addMatching(
                                      {request.session.id, port}, type, std::move(matching))
                                : 0;
    if (notification == 0) {
        request.answer(kIOReturnBadArgument);
    } else {
        request.answer(kIOReturnSuccess, Writer().u64(notification));
    }
}

void addInterest(Request & request) {
    uint32_t port = request.reader.u32();
    uint64_t entry = request.reader.u64();
    std::string type = request.reader.string();
    const Entry * service = request.kernel.registry.find(entry & ~kAfterTermination);
    if (service == nullptr || service->inactive) {
        request.answer((entry & kAfterTermination) != 0 ? kIOReturnNotReady
                                                        : MACH_SEND_INVALID_DEST);
    } else if (type != "IOGeneralInterest" && type != "IOBusyInterest") {
        request.answer(kIOReturnBadArgument);
    } else {
        uint64_t added =
            request.kernel.notifications.addInterest({request.session.id, port}, entry);
        request.answer(kIOReturnSuccess, Writer().u64(added));
    }
}

void iteratorNext(Request & request) {
    uint64_t notification = request.reader.u64();
    Notifications & notifications = request.kernel.notifications;
    if (!notifications.belongsTo(notification, request.session.id)) {
        request.answer(MACH_SEND_INVALID_DEST);
        return;
    }
    uint64_t id = notifications.next(notification);
    const Entry * entry = request.kernel.registry.find(id);
    bool ended = id != 0 && (entry == nullptr || entry->inactive);
    request.answer(kIOReturnSuccess, Writer().u64(id | (ended ? kAfterTermination : 0)));
}

void removeNotification(Request & request) {
    uint64_t notification = request.reader.u64();
    if (request.kernel.notifications.belongsTo(notification, request.session.id)) {
        request.kernel.notifications.remove(notification);
    }
}

// The entry that the body names first. A name from before the termination is dead.
const Entry * entryOf(Request & request) {
    uint64_t id = request.reader.u64();
    const Registry & registry = request.kernel.registry;
    const Entry * entry = (id & kAfterTermination) != 0
                              ? registry.findOrRemoved(id & ~kAfterTermination)
                              : registry.find(id);
    if (entry == nullptr || (entry->inactive && (id & kAfterTermination) == 0)) {
        request.answer(MACH_SEND_INVALID_DEST);
    }
    return entry;
}

void getProperty(Request & request, const Entry & entry) {
    request.answer(request.kernel.registry.property(entry, request.reader.string()));
}

void getProperties(Request & request, const Entry & entry) {
    Value all = request.kernel.registry.properties(entry);
    request.answer(&all);
}

void searchProperty(Request & request, const Entry & entry) {
    request.reader.string(); // there is one plane
    std::string key = request.reader.string();
    constexpr uint32_t kRecursively = 1;
    constexpr uint32_t kParents = 2;
    uint32_t options = request.reader.u32();
    bool upwards = (options & kRecursively) != 0 && (options & kParents) != 0;
    const Registry & registry = request.kernel.registry;
    request.answer(upwards ? registry.searchUp(entry, key) : registry.property(entry, key));
}

void entryInfo(Request & request, const Entry & entry) {
    Value::Array chain;
    for (std::string & name : superclassesOf(entry.className)) {
        chain.push_back(Value::string(std::move(name)));
    }
    Writer body;
    body.string(entry.name).string(entry.className).value(Value::array(std::move(chain)));
    body.string(request.kernel.registry.path(entry)).u32(entry.busy);
    request.answer(kIOReturnSuccess, body);
}

void parents(Request & request, const Entry & entry) {
    std::vector<uint64_t> found;
    if (entry.provider != 0) {
        found.push_back(entry.provider);
    }
    request.answer(found);
}

void children(Request & request, const Entry & entry) {
    request.answer(entry.clients);
}

// A dext cannot take properties from an app (contract §6.3); nothing else here can either.
void setProperties(Request & request, const Entry &) {
    request.answer(kIOReturnUnsupported);
}

using EntryHandler = void (*)(Request &, const Entry &);

EntryHandler entryHandlerOf(MessageType type) {
    switch (type) {
    case MessageType::GetProperty:
        return getProperty;
    case MessageType::GetProperties:
        return getProperties;
    case MessageType::SearchEntryProperty:
        return searchProperty;
    case MessageType::EntryInfo:
        return entryInfo;
    case MessageType::Parents:
        return parents;
    case MessageType::Children:
        return children;
    case MessageType::SetEntryProperties:
        return setProperties;
    default:
        return nullptr;
    }
}

// False: not about a connection.
bool handleConnection(Request & request, MessageType type) {
    Reader reader = request.reader;
    uint64_t object = reader.u64();
    uint32_t number = reader.remaining() == 0 ? 0 : reader.u32();
    switch (type) {
    case MessageType::Open:
        openUserClient(request.kernel, request.session, request.id, object, number);
        return true;
    case MessageType::Close:
        closeUserClient(request.kernel, request.session, request.id, object);
        return true;
    case MessageType::AddChannel:
        addChannel(request.kernel, request.session, request.id, object);
        return true;
    case MessageType::Map:
        mapMemory(request.kernel, request.session, request.id, object, number);
        return true;
    case MessageType::MapMore:
        mapMoreMemory(request.kernel, request.session, request.id, object, number, reader);
        return true;
    case MessageType::Unmap:
        unmapMemory(request.kernel, request.session, request.id, object, number);
        return true;
    default:
        return false;
    }
}

} // namespace

void handleClient(Kernel & kernel, Session & session, Message & message) {
    Request request{kernel, session, message.id, message.reader()};
    if (EntryHandler handler = entryHandlerOf(message.type)) {
        if (const Entry * entry = entryOf(request)) {
            handler(request, *entry);
        }
        return;
    }
    switch (message.type) {
    case MessageType::Match:
        return match(request);
    case MessageType::AddMatching:
        return addMatching(request);
    case MessageType::IteratorNext:
        return iteratorNext(request);
    case MessageType::AddInterest:
        return addInterest(request);
    case MessageType::RemoveNotification:
        return removeNotification(request);
    case MessageType::MapDropped:
        return mapDropped(kernel, session, request.reader);
    case MessageType::CallLasts:
        return callLasts(kernel, session, request.reader);
    default:
        if (!handleConnection(request, message.type)) {
            request.answer(kIOReturnBadMessageID);
        }
    }
}

} // namespace dextsim
