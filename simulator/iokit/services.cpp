// Finding services and hearing about them (contract §7.2–§7.4).
#include "cf/object.h"
#include "cf/property.h"
#include "names.h"
#include "notification_port.h"
#include "registry_walk.h"

#include <algorithm>
#include <mutex>

namespace {

using namespace dextsim;
using namespace dextsim::client;

// Consumes the reference that look-ups take over, whatever happens.
class Matching {
  public:
    explicit Matching(CFDictionaryRef dictionary) : dictionary_(dictionary) {}
    ~Matching() {
        if (dictionary_ != nullptr) {
            CFRelease(dictionary_);
        }
    }
    Matching(const Matching &) = delete;
    Matching & operator=(const Matching &) = delete;
    // 0 or why it cannot be sent.
    kern_return_t toValue(Value & value) const {
        if (!cf::isA(dictionary_, cf::Type::Dictionary)) {
            return kIOReturnBadArgument;
        }
        return cf::toValue(dictionary_, value) ? kIOReturnSuccess : kIOReturnUnsupported;
    }

  private:
    CFDictionaryRef dictionary_;
};

kern_return_t statusOf(const Reply & reply) {
    return reply.delivered ? reply.status : MACH_SEND_INVALID_DEST;
}

kern_return_t matchEntries(const SessionRef & session, const Value & matching,
                           std::vector<uint64_t> & entries) {
    Reply reply = session->request(MessageType::Match, Writer().value(matching));
    if (statusOf(reply) == kIOReturnSuccess) {
        Reader reader = reply.reader();
        for (uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
            entries.push_back(reader.u64());
        }
    }
    return statusOf(reply);
}

mach_port_t addIterator(const SessionRef & session, std::vector<uint64_t> entries) {
    auto iterator = std::make_shared<Name>();
    iterator->kind = NameKind::Iterator;
    iterator->session = session;
    iterator->entries = std::move(entries);
    return Names::shared().add(std::move(iterator));
}

CFMutableDictionaryRef singleEntry(CFStringRef key, CFTypeRef value) {
    CFMutableDictionaryRef dictionary = CFDictionaryCreateMutable(
        nullptr, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    CFDictionarySetValue(dictionary, key, value);
    CFRelease(value);
    return dictionary;
}

CFMutableDictionaryRef singleString(CFStringRef key, const char * name) {
    CFStringRef value = CFStringCreateWithCString(nullptr, name, kCFStringEncodingUTF8);
    return value == nullptr ? nullptr : singleEntry(key, value);
}

// Asks the kernel for a notification and makes its name; the callback is known before any message
// can be looked at, because look-ups take the same lock.
kern_return_t addNotification(const SessionRef & session, MessageType type, const Writer & body,
                              mach_port_t port, Callback callback, bool iterates,
                              mach_port_t * name) {
    std::lock_guard guard(registrationLock());
    Reply reply = session->request(type, body);
    kern_return_t status = statusOf(reply);
    if (status != kIOReturnSuccess) {
        return status;
    }
    auto object = std::make_shared<Name>();
    object->kind = NameKind::Notification;
    object->session = session;
    object->id = reply.reader().u64();
    object->port = port;
    *name = Names::shared().add(object);
    callback.object = iterates ? *name : callback.object;
    registerCallback(port, object->id, callback);
    return kIOReturnSuccess;
}

uint64_t nextEntry(Name & iterator) {
    if (iterator.walk != nullptr) {
        return iterator.walk->next();
    }
    if (iterator.kind == NameKind::Iterator) {
        return iterator.at < iterator.entries.size() ? iterator.entries[iterator.at++] : 0;
    }
    Reply reply = iterator.session->request(MessageType::IteratorNext, Writer().u64(iterator.id));
    return statusOf(reply) == kIOReturnSuccess ? reply.reader().u64() : 0;
}

NameRef findIterator(mach_port_t name) {
    NameRef found = Names::shared().find(name);
    bool iterates = found != nullptr &&
                    (found->kind == NameKind::Iterator || found->kind == NameKind::Notification);
    return iterates ? found : nullptr;
}

} // namespace

CFMutableDictionaryRef IOServiceMatching(const char * name) {
    return singleString(CFSTR(kIOProviderClassKey), name);
}

CFMutableDictionaryRef IOServiceNameMatching(const char * name) {
    return singleString(CFSTR(kIONameMatchKey), name);
}

CFMutableDictionaryRef IORegistryEntryIDMatching(uint64_t entryID) {
    return singleEntry(CFSTR(kIORegistryEntryIDKey),
                       CFNumberCreate(nullptr, kCFNumberSInt64Type, &entryID));
}

io_service_t IOServiceGetMatchingService(mach_port_t mainPort, CFDictionaryRef matching) {
    io_iterator_t iterator = IO_OBJECT_NULL;
    if (IOServiceGetMatchingServices(mainPort, matching, &iterator) != kIOReturnSuccess ||
        iterator == IO_OBJECT_NULL) {
        return IO_OBJECT_NULL;
    }
    io_service_t service = IOIteratorNext(iterator);
    IOObjectRelease(iterator);
    return service;
}

kern_return_t IOServiceGetMatchingServices(mach_port_t, CFDictionaryRef matching,
                                           io_iterator_t * existing) {
    if (matching == nullptr) {
        return kIOReturnBadArgument;
    }
    Matching consumed(matching);
    Value value;
    if (kern_return_t status = consumed.toValue(value)) {
        return status;
    }
    SessionRef session = Session::current();
    if (session == nullptr) {
        return MACH_SEND_INVALID_DEST;
    }
    std::vector<uint64_t> entries;
    kern_return_t status = matchEntries(session, value, entries);
    if (status == kIOReturnSuccess) {
        // Nothing found is success with a null iterator (contract §7.2).
        *existing = entries.empty() ? IO_OBJECT_NULL : addIterator(session, std::move(entries));
    }
    return status;
}

kern_return_t IOServiceAddMatchingNotification(IONotificationPortRef notifyPort,
                                               const io_name_t notificationType,
                                               CFDictionaryRef matching,
                                               IOServiceMatchingCallback callback, void * refCon,
                                               io_iterator_t * notification) {
    if (matching == nullptr) {
        return kIOReturnBadArgument;
    }
    Matching consumed(matching);
    Value value;
    if (kern_return_t status = consumed.toValue(value)) {
        return status;
    }
    SessionRef session = Session::current();
    if (session == nullptr || notifyPort == nullptr) {
        return notifyPort == nullptr ? kIOReturnBadArgument : MACH_SEND_INVALID_DEST;
    }
    mach_port_t port = notifyPort->port->port();
    Writer body;
    body.u32(port).string(notificationType).value(value);
    Callback call{reinterpret_cast<void *>(callback), refCon, 0};
    return addNotification(session, MessageType::AddMatching, body, port, call, true, notification);
}

kern_return_t IOServiceAddInterestNotification(IONotificationPortRef notifyPort,
                                               io_service_t service, const io_name_t interestType,
                                               IOServiceInterestCallback callback, void * refCon,
                                               io_object_t * notification) {
    NameRef entry = Names::shared().find(service);
    if (entry == nullptr || notifyPort == nullptr) {
        return notifyPort == nullptr ? kIOReturnBadArgument : MACH_SEND_INVALID_DEST;
    }
    mach_port_t port = notifyPort->port->port();
    Writer body;
    body.u32(port).u64(entry->id).string(interestType);
    Callback call{reinterpret_cast<void *>(callback), refCon, service};
    return addNotification(entry->session, MessageType::AddInterest, body, port, call, false,
                           notification);
}

kern_return_t IOServiceMatchPropertyTable(io_service_t service, CFDictionaryRef matching,
                                          boolean_t * matches) {
    NameRef entry = Names::shared().find(service, NameKind::Entry);
    Value value;
    if (entry == nullptr || !cf::toValue(matching, value)) {
        return entry == nullptr ? MACH_SEND_INVALID_DEST : kIOReturnBadArgument;
    }
    std::vector<uint64_t> entries;
    kern_return_t status = matchEntries(entry->session, value, entries);
    if (status == kIOReturnSuccess) {
        *matches = std::find(entries.begin(), entries.end(), entry->id) != entries.end();
    }
    return status;
}

io_object_t IOIteratorNext(io_iterator_t iterator) {
    NameRef found = findIterator(iterator);
    uint64_t entry = found == nullptr ? 0 : nextEntry(*found);
    return entry == 0 ? IO_OBJECT_NULL : Names::shared().addEntry(found->session, entry);
}

void IOIteratorReset(io_iterator_t iterator) {
    if (NameRef found = Names::shared().find(iterator, NameKind::Iterator)) {
        found->at = 0;
        if (found->walk != nullptr) {
            found->walk->reset();
        }
    }
}

boolean_t IOIteratorIsValid(io_iterator_t iterator) {
    return findIterator(iterator) != nullptr;
}
