// See registry_walk.h.
#include "registry_walk.h"

#include "names.h"

#include <IOKit/IOKitLib.h>

#include <cstring>

namespace dextsim::client {

RegistryWalk::RegistryWalk(SessionRef session, uint64_t from, bool withEntry, uint32_t options)
    : session_(std::move(session)), from_(from), withEntry_(withEntry), options_(options) {
    reset();
}

void RegistryWalk::reset() {
    done_.clear();
    levels_.clear();
    levels_.push_back({from_, false, {}, 0, 0});
    if (withEntry_) {
        levels_.back().isLoaded = true;
        levels_.back().entries = {from_};
    }
}

// What is beside, or, just entered, below (or above) the entry.
uint64_t RegistryWalk::nextOfLevel() {
    Level & level = levels_.back();
    if (!level.isLoaded) {
        level.isLoaded = true;
        const bool up = (options_ & kIORegistryIterateParents) != 0;
        Reply reply = session_->request(up ? MessageType::Parents : MessageType::Children,
                                        Writer().u64(level.of).string(kIOServicePlane));
        Reader reader = reply.reader();
        const bool came = reply.delivered && reply.status == kIOReturnSuccess;
        for (uint32_t count = came ? reader.u32() : 0; count > 0 && reader.ok(); --count) {
            level.entries.push_back(reader.u64());
        }
    }
    level.current = level.at < level.entries.size() ? level.entries[level.at++] : 0;
    return level.current;
}

uint64_t RegistryWalk::next() {
    uint64_t found = nextOfLevel();
    if ((options_ & kIORegistryIterateRecursively) == 0) {
        return found;
    }
    while (found == 0 && leave()) {
        found = nextOfLevel();
    }
    if (found != 0 && done_.insert(found).second) {
        enter();
    }
    return found;
}

void RegistryWalk::enter() {
    levels_.push_back({levels_.back().current, false, {}, 0, 0});
    levels_.back().isLoaded = levels_.back().of == 0; // below nothing is nothing
}

bool RegistryWalk::leave() {
    if (levels_.size() == 1) {
        return false;
    }
    levels_.pop_back();
    return true;
}

} // namespace dextsim::client

namespace {

using namespace dextsim;
using namespace dextsim::client;

bool isPlane(const char * name) {
    // The others of a Mac have nothing in them here.
    for (const char * plane : {kIOServicePlane, "IOPower", "IODeviceTree", "IOUSB", "IOAudio"}) {
        if (strcmp(name, plane) == 0) {
            return true;
        }
    }
    return false;
}

kern_return_t addWalk(const SessionRef & session, uint64_t from, bool withEntry, const char * plane,
                      IOOptionBits options, io_iterator_t * iterator) {
    if (!isPlane(plane)) {
        return kIOReturnBadArgument;
    }
    auto object = std::make_shared<Name>();
    object->kind = NameKind::Iterator;
    object->session = session;
    if (strcmp(plane, kIOServicePlane) == 0) {
        object->walk = std::make_shared<RegistryWalk>(session, from, withEntry, options);
    }
    *iterator = Names::shared().add(std::move(object));
    return kIOReturnSuccess;
}

NameRef walkOf(io_iterator_t iterator) {
    return Names::shared().find(iterator, NameKind::Iterator);
}

} // namespace

kern_return_t IORegistryCreateIterator(mach_port_t mainPort, const io_name_t plane,
                                       IOOptionBits options, io_iterator_t * iterator) {
    io_registry_entry_t root = IORegistryGetRootEntry(mainPort);
    NameRef entry = Names::shared().find(root);
    if (entry == nullptr) {
        return MACH_SEND_INVALID_DEST;
    }
    // The platform is the first entry below a Mac's root, and the root here.
    kern_return_t status = addWalk(entry->session, entry->id, true, plane, options, iterator);
    IOObjectRelease(root);
    return status;
}

kern_return_t IORegistryEntryCreateIterator(io_registry_entry_t name, const io_name_t plane,
                                            IOOptionBits options, io_iterator_t * iterator) {
    NameRef entry = Names::shared().find(name);
    if (entry == nullptr) {
        return MACH_SEND_INVALID_DEST;
    }
    return addWalk(entry->session, entry->id, false, plane, options, iterator);
}

kern_return_t IORegistryIteratorEnterEntry(io_iterator_t iterator) {
    NameRef found = walkOf(iterator);
    if (found == nullptr) {
        return kIOReturnBadArgument;
    }
    if (found->walk != nullptr) {
        found->walk->enter();
    }
    return kIOReturnSuccess;
}

kern_return_t IORegistryIteratorExitEntry(io_iterator_t iterator) {
    NameRef found = walkOf(iterator);
    if (found == nullptr) {
        return kIOReturnBadArgument;
    }
    return found->walk != nullptr && found->walk->leave() ? kIOReturnSuccess : kIOReturnNoDevice;
}
