// One table for what the kernel holds and for proxies. Proxies are not retained by it: an object
// whose last reference has gone is not found any more, even before it has left the table.
#include "objects.h"

#include "classes.h"

#include <DriverKit/IOService.h>

#include <map>
#include <mutex>

// Classes that a driver may meet only as proxies: naming them here links them.
extern OSMetaClass * gIOUSBHostDeviceMetaClass;
extern OSMetaClass * gIOUSBHostInterfaceMetaClass;

struct OSObject_IVars {
    uint64_t kernelId;
};

namespace dextsim {

namespace {

struct Entry {
    OSObject * object;
    bool held;
};

struct Table {
    std::mutex lock;
    std::map<uint64_t, Entry> entries;
};

Table & table() {
    static Table & instance = *new Table;
    return instance;
}

bool retainIfAlive(const OSObject * object) {
    int32_t count = __atomic_load_n(&object->refcount, __ATOMIC_RELAXED);
    while (count > 0) {
        if (__atomic_compare_exchange_n(&object->refcount, &count, count + 1, true,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            return true;
        }
    }
    return false;
}

OSMetaClass * proxyClass(std::string_view name) {
    for (OSMetaClass * meta : {gIOUSBHostInterfaceMetaClass, gIOUSBHostDeviceMetaClass}) {
        if (name == descriptionOf(meta)->name) {
            return meta;
        }
    }
    OSMetaClass * const meta = findClass(name);
    const bool isService = meta != nullptr && isSubclass(meta, OSTypeID(IOService));
    return isService ? meta : OSTypeID(IOService);
}

OSObject * makeProxy(uint64_t id, std::string_view className) {
    OSMetaClass * const meta = proxyClass(className);
    OSObject * object = nullptr;
    if (OSObjectAllocate(meta, &object) != kIOReturnSuccess) {
        return nullptr;
    }
    object->reserved |= kOSObjectIsRemote;
    setKernelId(object, id);
    if (!object->init()) {
        object->release();
        return nullptr;
    }
    return object;
}

} // namespace

uint64_t kernelId(const OSObject * object) {
    const OSObject_IVars * ivars = object != nullptr ? object->OSObject::ivars : nullptr;
    return ivars != nullptr ? ivars->kernelId : 0;
}

void setKernelId(OSObject * object, uint64_t id) {
    object->OSObject::ivars = new OSObject_IVars{id};
}

void holdForKernel(OSObject * object) {
    Table & shared = table();
    std::lock_guard lock(shared.lock);
    shared.entries[kernelId(object)] = {object, true};
}

OSObject * takeFromKernel(uint64_t id) {
    Table & shared = table();
    std::lock_guard lock(shared.lock);
    auto found = shared.entries.find(id);
    if (found == shared.entries.end() || !found->second.held) {
        return nullptr;
    }
    OSObject * object = found->second.object;
    shared.entries.erase(found);
    return object;
}

OSObject * copyObject(uint64_t id) {
    Table & shared = table();
    std::lock_guard lock(shared.lock);
    auto found = shared.entries.find(id);
    const bool alive = found != shared.entries.end() && retainIfAlive(found->second.object);
    return alive ? found->second.object : nullptr;
}

OSObject * copyProxy(uint64_t id, std::string_view className) {
    if (id == 0) {
        return nullptr;
    }
    if (OSObject * existing = copyObject(id)) {
        return existing;
    }
    OSObject * proxy = makeProxy(id, className);
    if (proxy == nullptr) {
        return nullptr;
    }
    Table & shared = table();
    OSObject * other = nullptr;
    {
        std::lock_guard lock(shared.lock);
        auto found = shared.entries.find(id);
        if (found != shared.entries.end() && retainIfAlive(found->second.object)) {
            other = found->second.object; // another thread was faster
        } else {
            shared.entries[id] = {proxy, false};
        }
    }
    if (other != nullptr) {
        proxy->release();
        return other;
    }
    return proxy;
}

void forgetObject(OSObject * object) {
    OSObject_IVars * ivars = object->OSObject::ivars;
    if (ivars == nullptr) {
        return;
    }
    {
        Table & shared = table();
        std::lock_guard lock(shared.lock);
        auto found = shared.entries.find(ivars->kernelId);
        if (found != shared.entries.end() && found->second.object == object) {
            shared.entries.erase(found);
        }
    }
    object->OSObject::ivars = nullptr;
    delete ivars;
}

} // namespace dextsim
