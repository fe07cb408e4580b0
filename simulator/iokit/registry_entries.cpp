// Properties and relations of registry entries (contract §6).
#include "cf/object.h"
#include "cf/property.h"
#include "names.h"

#include <IOKit/IOKitLib.h>

#include <functional>

namespace {

using namespace dextsim;
using namespace dextsim::client;

constexpr size_t kMaxPropertyBlob = 4096 * 1024;

Reply ask(mach_port_t name, MessageType type, const std::function<void(Writer &)> & rest = {}) {
    NameRef object = Names::shared().find(name);
    if (object == nullptr) {
        return {};
    }
    Writer body;
    body.u64(object->id);
    if (rest) {
        rest(body);
    }
    return object->session->request(type, body);
}

kern_return_t statusOf(const Reply & reply) {
    return reply.delivered ? reply.status : MACH_SEND_INVALID_DEST;
}

CFTypeRef objectOf(const Reply & reply) {
    if (statusOf(reply) != kIOReturnSuccess) {
        return nullptr;
    }
    return cf::createObject(reply.reader().value());
}

kern_return_t relatives(mach_port_t entry, MessageType type, const char * plane,
                        std::vector<uint64_t> & found) {
    Reply reply = ask(entry, type, [&](Writer & body) { body.string(plane); });
    if (statusOf(reply) == kIOReturnSuccess) {
        Reader reader = reply.reader();
        for (uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
            found.push_back(reader.u64());
        }
    }
    return statusOf(reply);
}

kern_return_t firstRelative(mach_port_t entry, MessageType type, const char * plane,
                            io_registry_entry_t * relative) {
    std::vector<uint64_t> found;
    kern_return_t status = relatives(entry, type, plane, found);
    if (status != kIOReturnSuccess || found.empty()) {
        return status != kIOReturnSuccess ? status : kIOReturnNoDevice;
    }
    *relative = Names::shared().addEntry(Names::shared().find(entry)->session, found.front());
    return kIOReturnSuccess;
}

kern_return_t relativeIterator(mach_port_t entry, MessageType type, const char * plane,
                               io_iterator_t * iterator) {
    auto object = std::make_shared<Name>();
    object->kind = NameKind::Iterator;
    kern_return_t status = relatives(entry, type, plane, object->entries);
    if (status == kIOReturnSuccess) {
        object->session = Names::shared().find(entry)->session;
        *iterator = Names::shared().add(std::move(object));
    }
    return status;
}

} // namespace

CFTypeRef IORegistryEntryCreateCFProperty(io_registry_entry_t entry, CFStringRef key,
                                          CFAllocatorRef, IOOptionBits) {
    return objectOf(ask(entry, MessageType::GetProperty,
                        [&](Writer & body) { body.string(cf::toString(key)); }));
}

kern_return_t IORegistryEntryCreateCFProperties(io_registry_entry_t entry,
                                                CFMutableDictionaryRef * properties, CFAllocatorRef,
                                                IOOptionBits) {
    Reply reply = ask(entry, MessageType::GetProperties);
    if (statusOf(reply) == kIOReturnSuccess) {
        *properties = static_cast<CFMutableDictionaryRef>(const_cast<void *>(objectOf(reply)));
    }
    return statusOf(reply);
}

CFTypeRef IORegistryEntrySearchCFProperty(io_registry_entry_t entry, const io_name_t plane,
                                          CFStringRef key, CFAllocatorRef, IOOptionBits options) {
    return objectOf(ask(entry, MessageType::SearchEntryProperty, [&](Writer & body) {
        body.string(plane).string(cf::toString(key)).u32(options);
    }));
}

kern_return_t IORegistryEntrySetCFProperties(io_registry_entry_t entry, CFTypeRef properties) {
    Value value;
    if (!cf::toValue(properties, value)) {
        return kIOReturnBadArgument;
    }
    Writer blob;
    blob.value(value);
    if (blob.body().size() > kMaxPropertyBlob) {
        return kIOReturnMessageTooLarge;
    }
    return statusOf(
        ask(entry, MessageType::SetEntryProperties, [&](Writer & body) { body.value(value); }));
}

kern_return_t IORegistryEntrySetCFProperty(io_registry_entry_t entry, CFStringRef propertyName,
                                           CFTypeRef property) {
    const void * keys[] = {propertyName};
    const void * values[] = {property};
    CFDictionaryRef dictionary = CFDictionaryCreate(
        nullptr, keys, values, 1, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    kern_return_t status = IORegistryEntrySetCFProperties(entry, dictionary);
    CFRelease(dictionary);
    return status;
}

// A user client is a registry entry too (contract §6.3).
kern_return_t IOConnectSetCFProperties(io_connect_t connect, CFTypeRef properties) {
    return IORegistryEntrySetCFProperties(connect, properties);
}

kern_return_t IOConnectSetCFProperty(io_connect_t connect, CFStringRef propertyName,
                                     CFTypeRef property) {
    return IORegistryEntrySetCFProperty(connect, propertyName, property);
}

kern_return_t IORegistryEntryGetParentEntry(io_registry_entry_t entry, const io_name_t plane,
                                            io_registry_entry_t * parent) {
    return firstRelative(entry, MessageType::Parents, plane, parent);
}

kern_return_t IORegistryEntryGetChildEntry(io_registry_entry_t entry, const io_name_t plane,
                                           io_registry_entry_t * child) {
    return firstRelative(entry, MessageType::Children, plane, child);
}

kern_return_t IORegistryEntryGetParentIterator(io_registry_entry_t entry, const io_name_t plane,
                                               io_iterator_t * iterator) {
    return relativeIterator(entry, MessageType::Parents, plane, iterator);
}

kern_return_t IORegistryEntryGetChildIterator(io_registry_entry_t entry, const io_name_t plane,
                                              io_iterator_t * iterator) {
    return relativeIterator(entry, MessageType::Children, plane, iterator);
}

io_registry_entry_t IORegistryGetRootEntry(mach_port_t) {
    return IOServiceGetMatchingService(0, IOServiceMatching("IOPlatformExpertDevice"));
}

io_registry_entry_t IORegistryEntryFromPath(mach_port_t mainPort, const io_string_t path) {
    CFStringRef text = CFStringCreateWithCString(nullptr, path, kCFStringEncodingUTF8);
    if (text == nullptr) {
        return IO_OBJECT_NULL;
    }
    io_registry_entry_t found = IORegistryEntryCopyFromPath(mainPort, text);
    CFRelease(text);
    return found;
}

io_registry_entry_t IORegistryEntryCopyFromPath(mach_port_t mainPort, CFStringRef path) {
    CFMutableDictionaryRef matching = CFDictionaryCreateMutable(
        nullptr, 0, &kCFTypeDictionaryKeyCallBacks, &kCFTypeDictionaryValueCallBacks);
    CFDictionarySetValue(matching, CFSTR(kIOPathMatchKey), path);
    return IOServiceGetMatchingService(mainPort, matching);
}
