// A service of the registry: its object and its registry entry id, which names it for as long as
// the system runs.
#ifndef DEXTGEN_ADDON_SERVICE_H
#define DEXTGEN_ADDON_SERVICE_H

#include "resources.h"

#include <memory>

namespace dextgen {

struct Service {
    IoObject object;
    uint64_t id = 0;

    /// Null when the object has no id, which means that it is no registry entry.
    static std::shared_ptr<Service> Adopt(IoObject object) {
        auto service = std::make_shared<Service>();
        if (IORegistryEntryGetRegistryEntryID(object.Get(), &service->id) != kIOReturnSuccess)
            return nullptr;
        service->object = std::move(object);
        return service;
    }
};

} // namespace dextgen

#endif
