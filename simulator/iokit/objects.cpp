// References to objects and what they are.
#include "connect.h"
#include "names.h"
#include "notification_port.h"

#include <algorithm>
#include <cstring>

namespace {

using namespace dextsim;
using namespace dextsim::client;

// The last reference of a name went: its object's end in this process.
void endOf(const Name & object) {
    if (object.kind == NameKind::Notification) {
        forgetCallback(object.port, object.id);
        object.session->send(MessageType::RemoveNotification, Writer().u64(object.id));
    } else if (object.kind == NameKind::Connect) {
        object.connect->end(); // no senders (contract §4.5)
    }
}

struct Info {
    std::string name;
    std::string className;
    std::vector<std::string> classes;
    std::string path;
    uint32_t busy = 0;
};

kern_return_t readInfo(mach_port_t name, Info & info) {
    NameRef object = Names::shared().find(name);
    if (object == nullptr) {
        return MACH_SEND_INVALID_DEST;
    }
    Reply reply = object->session->request(MessageType::EntryInfo, Writer().u64(object->id));
    if (!reply.delivered || reply.status != kIOReturnSuccess) {
        return reply.delivered ? reply.status : MACH_SEND_INVALID_DEST;
    }
    Reader reader = reply.reader();
    info.name = reader.string();
    info.className = reader.string();
    Value chain = reader.value();
    for (const Value & item : chain.items()) {
        info.classes.push_back(item.asString());
    }
    info.path = reader.string();
    info.busy = reader.u32();
    return kIOReturnSuccess;
}

template <size_t N> void copyText(const std::string & text, char (&buffer)[N]) {
    size_t size = std::min(text.size(), N - 1);
    memcpy(buffer, text.data(), size);
    buffer[size] = 0;
}

} // namespace

kern_return_t IOObjectRelease(io_object_t object) {
    NameRef last;
    if (!Names::shared().release(object, last)) {
        return KERN_INVALID_NAME;
    }
    if (last != nullptr) {
        endOf(*last);
    }
    return KERN_SUCCESS;
}

kern_return_t IOObjectRetain(io_object_t object) {
    return Names::shared().retain(object) ? KERN_SUCCESS : KERN_INVALID_NAME;
}

uint32_t IOObjectGetUserRetainCount(io_object_t object) {
    return Names::shared().references(object);
}

uint32_t IOObjectGetKernelRetainCount(io_object_t object) {
    return Names::shared().find(object) == nullptr ? 0 : 1;
}

boolean_t IOObjectIsEqualTo(io_object_t object, io_object_t another) {
    return object == another;
}

kern_return_t IOObjectGetClass(io_object_t object, io_name_t className) {
    Info info;
    kern_return_t status = readInfo(object, info);
    if (status == kIOReturnSuccess) {
        copyText(info.className, *reinterpret_cast<io_name_t *>(className));
    }
    return status;
}

CFStringRef IOObjectCopyClass(io_object_t object) {
    Info info;
    return readInfo(object, info) == kIOReturnSuccess
               ? CFStringCreateWithCString(nullptr, info.className.c_str(), kCFStringEncodingUTF8)
               : nullptr;
}

boolean_t IOObjectConformsTo(io_object_t object, const io_name_t className) {
    Info info;
    return readInfo(object, info) == kIOReturnSuccess &&
           std::find(info.classes.begin(), info.classes.end(), className) != info.classes.end();
}

kern_return_t IORegistryEntryGetName(io_registry_entry_t entry, io_name_t name) {
    Info info;
    kern_return_t status = readInfo(entry, info);
    if (status == kIOReturnSuccess) {
        copyText(info.name, *reinterpret_cast<io_name_t *>(name));
    }
    return status;
}

kern_return_t IORegistryEntryGetNameInPlane(io_registry_entry_t entry, const io_name_t,
                                            io_name_t name) {
    return IORegistryEntryGetName(entry, name);
}

kern_return_t IORegistryEntryGetLocationInPlane(io_registry_entry_t entry, const io_name_t,
                                                io_name_t) {
    Info info;
    kern_return_t status = readInfo(entry, info);
    return status == kIOReturnSuccess ? kIOReturnNotFound : status;
}

boolean_t IORegistryEntryInPlane(io_registry_entry_t entry, const io_name_t plane) {
    Info info;
    return strcmp(plane, kIOServicePlane) == 0 && readInfo(entry, info) == kIOReturnSuccess;
}

kern_return_t IORegistryEntryGetPath(io_registry_entry_t entry, const io_name_t, io_string_t path) {
    Info info;
    kern_return_t status = readInfo(entry, info);
    if (status == kIOReturnSuccess) {
        copyText(info.path, *reinterpret_cast<io_string_t *>(path));
    }
    return status;
}

CFStringRef IORegistryEntryCopyPath(io_registry_entry_t entry, const io_name_t) {
    Info info;
    return readInfo(entry, info) == kIOReturnSuccess
               ? CFStringCreateWithCString(nullptr, info.path.c_str(), kCFStringEncodingUTF8)
               : nullptr;
}

kern_return_t IORegistryEntryGetRegistryEntryID(io_registry_entry_t entry, uint64_t * entryID) {
    Info info; // asks the kernel, so that a dead name says so
    kern_return_t status = readInfo(entry, info);
    if (status == kIOReturnSuccess) {
        *entryID = Names::shared().find(entry)->id & ~kAfterTermination;
    }
    return status;
}

kern_return_t IOServiceGetBusyState(io_service_t service, uint32_t * busyState) {
    Info info;
    kern_return_t status = readInfo(service, info);
    if (status == kIOReturnSuccess) {
        *busyState = info.busy;
    }
    return status;
}

kern_return_t IOServiceRequestProbe(io_service_t service, uint32_t) {
    return Names::shared().find(service) == nullptr ? MACH_SEND_INVALID_DEST : kIOReturnUnsupported;
}
