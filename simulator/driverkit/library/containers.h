// What the container objects hold. Only this library looks inside; drivers use the classes.
#ifndef DEXTSIM_LIBRARY_CONTAINERS_H
#define DEXTSIM_LIBRARY_CONTAINERS_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>
#include <DriverKit/OSCollections.h>

struct OSData_IVars {
    std::vector<uint8_t> bytes;
};

struct OSString_IVars {
    std::string text;
};

struct OSNumber_IVars {
    uint64_t value;
    size_t bits;
};

struct OSArray_IVars {
    std::vector<OSObject *> objects; // each retained
};

struct OSDictionary_IVars {
    struct Entry {
        OSObject * key;
        OSObject * value;
    };
    std::vector<Entry> entries; // in order of insertion, both retained
};

struct OSSet_IVars {
    std::vector<OSObject *> objects; // each retained
};

struct OSOrderedSet_IVars {
    std::vector<OSObject *> objects; // each retained
    OSOrderFunction order;
    void * context;
};

namespace dextsim {

// A new, initialised object of a container class with its own storage, or null.
template <typename Container, typename IVars>
Container * makeContainer(OSMetaClass * meta, IVars ivars) {
    OSObject * object = nullptr;
    if (OSObjectAllocate(meta, &object) != kIOReturnSuccess)
        return nullptr;
    Container * container = static_cast<Container *>(object);
    container->ivars = new IVars(std::move(ivars));
    if (!container->init()) {
        container->release();
        return nullptr;
    }
    return container;
}

// Objects come in as OSMetaClassBase; only OSObjects have a place in a container.
inline OSObject * asObject(const OSMetaClassBase * object) {
    return OSDynamicCast(OSObject, object);
}

inline OSObject * retained(OSObject * object) {
    object->retain();
    return object;
}

inline void releaseAll(std::vector<OSObject *> & objects) {
    // An object's free() may look at the collection: empty it first.
    std::vector<OSObject *> gone;
    gone.swap(objects);
    for (OSObject * object : gone)
        object->release();
}

} // namespace dextsim

#endif
