// The IORegistry: entries with ids, properties, providers and clients. Holds state and answers
// questions; what happens to entries is decided elsewhere (services, lifecycle, usb_device).
#ifndef DEXTSIM_KERNEL_REGISTRY_H
#define DEXTSIM_KERNEL_REGISTRY_H

#include "ipc/value.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dextsim {

struct Entry {
    uint64_t id = 0;
    std::string name;
    std::string className;         // kernel class
    uint64_t provider = 0;         // 0: the root
    std::vector<uint64_t> clients; // children in the service plane
    Value properties;              // real properties of the object
    Value userProperties; // IOUserServiceProperties (contract §6.1); none until the first is set
    bool registered = false; // RegisterService was reached
    bool matched = false;    // matching ran: visible to look-ups (contract §7.2)
    bool inactive = false;   // termination phase 1 ran
    uint32_t busy = 0;       // of it and, as one, of each client that is
    uint64_t busySince = 0;  // ns by the machine's clock, while it is busy
    uint64_t busyBefore = 0; // ns that it was busy until then
};

class Registry {
  public:
    Registry();

    Entry & add(uint64_t provider, std::string name, std::string className, Value properties);
    // Detaches and deletes. The entry must have no clients.
    void remove(uint64_t id);
    // Null when the id is unknown.
    Entry * find(uint64_t id);
    const Entry * find(uint64_t id) const;
    // Also one of the last entries that were removed: an app may still hold its object and read it.
    const Entry * findOrRemoved(uint64_t id) const;

    uint64_t root() const { return root_; }
    uint64_t resources() const { return resources_; }
    uint64_t userResources() const { return userResources_; }
    // The entry and all below it, providers before clients.
    std::vector<uint64_t> subtree(uint64_t id) const;
    // In order of creation.
    void each(const std::function<void(Entry &)> & visit);
    size_t size() const { return entries_.size(); }

    // A property of the object itself. What a dext publishes is one of them, a dictionary.
    static const Value * ownProperty(const Entry & entry, const std::string & key);
    // One property as IORegistryEntryCreateCFProperty sees it, all of them as …CreateCFProperties
    // does: the precedence differs (contract §6.1).
    const Value * property(const Entry & entry, const std::string & key) const;
    Value properties(const Entry & entry) const;
    // Walks towards the root, the entry first (kIOServiceSearchPropertyParents).
    const Value * searchUp(const Entry & entry, const std::string & key) const;
    std::string path(const Entry & entry) const;

  private:
    std::map<uint64_t, std::unique_ptr<Entry>> entries_;
    std::deque<std::unique_ptr<Entry>> removed_;
    uint64_t nextId_ = 0x100000100;
    uint64_t root_ = 0;
    uint64_t resources_ = 0;
    uint64_t userResources_ = 0;
};

// The kernel class of an entry and its superclasses, most derived first; for metaCast matching.
std::vector<std::string> superclassesOf(const std::string & className);
bool isKindOf(const std::string & className, const std::string & ancestor);
// Whether entries can be of it without a dext that brings it as its IOClass.
bool isKnownClass(const std::string & className);
// Kernel classes whose other half can be in a dext: what IOClass may say.
bool isDextClass(const std::string & className);

} // namespace dextsim

#endif
