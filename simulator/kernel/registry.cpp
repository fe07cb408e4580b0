// See registry.h.
#include "registry.h"

#include "busy.h"
#include "class_names.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace dextsim {

namespace {

constexpr size_t kRemovedKept = 256;

// Superclass of the kernel classes that can appear here; everything else derives from IOService.
struct ClassRow {
    const char * name;
    const char * super;
};
constexpr ClassRow kClasses[] = {
    {"OSObject", ""},
    {"IORegistryEntry", "OSObject"},
    {"IOService", "IORegistryEntry"},
    {"IOUserClient", "IOService"},
    {"IOUserUserClient", "IOUserClient"},
    {"IOUserService", "IOService"},
    {"IOResources", "IOService"},
    {"IOUserResources", "IOService"},
    {"IOPlatformExpertDevice", "IOService"},
    {"IOUSBHostDevice", "IOService"},
    {"IOUSBHostInterface", "IOService"},
    {"IOPCIDevice", "IOService"},
    {"IOHIDDevice", "IOService"},
    {"IOUserHIDDevice", "IOHIDDevice"},
    {"AppleUserHIDDevice", "IOUserHIDDevice"},
    {"IOHIDUserDevice", "IOHIDDevice"},
    {"IOHIDInterface", "IOService"},
    {"IOHIDEventService", "IOService"},
    {"AppleUserHIDEventService", "IOHIDEventService"},
    {"AppleUserHIDEventDriver", "AppleUserHIDEventService"},
    {"IOSCSIParallelInterfaceController", "IOService"},
    {"IOUserSCSIParallelInterfaceController", "IOSCSIParallelInterfaceController"},
    {"IOSCSIParallelInterfaceDevice", "IOService"},
    {"IOSerialStreamSync", "IOService"},
    {"IOUserSerial", "IOSerialStreamSync"},
    {"IOUserUSBSerial", "IOUserSerial"},
    {"IOEthernetInterface", "IOService"},
    {"IOUserNetworkEthernet", "IOService"},
    {"IOUserAudioDriver", "IOService"},
    {"IOUserMIDIDriver", "IOService"},
    {"IOUserVideoDriver", "IOService"},
    {"IOUserBlockStorageDevice", "IOService"},
};

std::string superOf(const std::string & className) {
    for (const ClassRow & row : kClasses) {
        if (className == row.name) {
            return row.super;
        }
    }
    return "IOService";
}

// Letters that are missing, too many, or others.
size_t distance(const std::string & one, const std::string & other) {
    std::vector<size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 0; i < one.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < other.size(); ++k) {
            const size_t changed = diagonal + (one[i] == other[k] ? 0 : 1);
            diagonal = row[k + 1];
            row[k + 1] = std::min({changed, row[k] + 1, diagonal + 1});
        }
    }
    return row.back();
}

} // namespace

std::string nearestClass(const std::string & className) {
    std::string nearest;
    size_t least = className.size() / 3 + 1;
    for (const ClassRow & row : kClasses) {
        if (const size_t other = distance(className, row.name); other < least) {
            nearest = row.name;
            least = other;
        }
    }
    return nearest;
}

bool isDextClass(const std::string & className) {
    static const std::set<std::string, std::less<>> names = {
        "IOUserService",
        "IOUserUserClient",
        "IOUserHIDDevice",
        "AppleUserHIDDevice",
        "AppleUserHIDEventService",
        "AppleUserHIDEventDriver",
        "IOUserSCSIParallelInterfaceController",
        "IOUserSerial",
        "IOUserUSBSerial",
        "IOUserNetworkEthernet",
        "IOUserAudioDriver",
        "IOUserMIDIDriver",
        "IOUserVideoDriver",
        "IOUserBlockStorageDevice",
    };
    return names.contains(className);
}

bool isKnownClass(const std::string & className) {
    return std::any_of(std::begin(kClasses), std::end(kClasses),
                       [&](const ClassRow & row) { return className == row.name; });
}

std::vector<std::string> superclassesOf(const std::string & className) {
    std::vector<std::string> chain;
    for (std::string name = className; !name.empty(); name = superOf(name)) {
        chain.push_back(name);
    }
    return chain;
}

bool isKindOf(const std::string & className, const std::string & ancestor) {
    auto chain = superclassesOf(className);
    return std::find(chain.begin(), chain.end(), ancestor) != chain.end();
}

Registry::Registry() {
    Entry & root = add(0, "Root", "IOPlatformExpertDevice", Value::dictionary());
    root.registered = root.matched = true;
    root_ = root.id;
    for (const char * name : {"IOResources", "IOUserResources"}) {
        Entry & entry = add(root_, name, name, Value::dictionary());
        entry.properties.put("IOKit", Value::string("IOService"));
        entry.registered = entry.matched = true;
        resources_ = userResources_;
        userResources_ = entry.id;
    }
    // What a system that has come up has published besides.
    find(resources_)->properties.put("IOBSD", Value::string("IOService"));
}

Entry & Registry::add(uint64_t provider, std::string name, std::string className,
                      Value properties) {
    auto entry = std::make_unique<Entry>();
    entry->id = nextId_++;
    entry->name = std::move(name);
    entry->className = std::move(className);
    entry->provider = provider;
    entry->properties = std::move(properties);
    if (Entry * parent = find(provider)) {
        parent->clients.push_back(entry->id);
    }
    Entry & added = *entry;
    entries_.emplace(added.id, std::move(entry));
    return added;
}

void Registry::remove(uint64_t id) {
    Entry * entry = find(id);
    if (entry == nullptr) {
        return;
    }
    changeBusy(*this, id, -static_cast<int32_t>(entry->busy));
    if (Entry * parent = find(entry->provider)) {
        std::erase(parent->clients, id);
    }
    auto node = entries_.extract(id);
    removed_.push_back(std::move(node.mapped()));
    if (removed_.size() > kRemovedKept) {
        removed_.pop_front();
    }
}

Entry * Registry::find(uint64_t id) {
    auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : found->second.get();
}

const Entry * Registry::find(uint64_t id) const {
    auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : found->second.get();
}

const Entry * Registry::findOrRemoved(uint64_t id) const {
    if (const Entry * entry = find(id)) {
        return entry;
    }
    auto found = std::find_if(removed_.rbegin(), removed_.rend(),
                              [id](const auto & entry) { return entry->id == id; });
    return found == removed_.rend() ? nullptr : found->get();
}

std::vector<uint64_t> Registry::subtree(uint64_t id) const {
    std::vector<uint64_t> found;
    if (find(id) != nullptr) {
        found.push_back(id);
    }
    for (size_t i = 0; i < found.size(); ++i) {
        const Entry & entry = *find(found[i]);
        found.insert(found.end(), entry.clients.begin(), entry.clients.end());
    }
    return found;
}

void Registry::each(const std::function<void(Entry &)> & visit) {
    for (auto & [id, entry] : entries_) {
        visit(*entry);
    }
}

const Value * Registry::ownProperty(const Entry & entry, const std::string & key) {
    const bool isContainer = key == "IOUserServiceProperties" && !entry.userProperties.isNone();
    return isContainer ? &entry.userProperties : entry.properties.find(key);
}

const Value * Registry::property(const Entry & entry, const std::string & key) const {
    const Value * real = ownProperty(entry, key);
    return real != nullptr ? real : entry.userProperties.find(key);
}

Value Registry::properties(const Entry & entry) const {
    Value merged = entry.properties;
    for (const auto & [key, value] : entry.userProperties.entries()) {
        merged.put(key, value);
    }
    return merged;
}

const Value * Registry::searchUp(const Entry & entry, const std::string & key) const {
    for (const Entry * at = &entry; at != nullptr; at = find(at->provider)) {
        if (const Value * found = property(*at, key)) {
            return found;
        }
    }
    return nullptr;
}

std::string Registry::path(const Entry & entry) const {
    if (entry.provider == 0) {
        return "IOService:/";
    }
    std::string path;
    for (const Entry * at = &entry; at != nullptr && at->provider != 0; at = find(at->provider)) {
        path = "/" + at->name + path;
    }
    return "IOService:" + path;
}

} // namespace dextsim
