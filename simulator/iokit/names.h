// Port names: the small integers that stand for kernel objects in this process. One name per
// object, with a count of user references, as Mach coalesces send rights.
#ifndef DEXTSIM_IOKIT_NAMES_H
#define DEXTSIM_IOKIT_NAMES_H

#include "session.h"

#include <mach/mach_types.h>

#include <memory>
#include <vector>

namespace dextsim::client {

class Connect;
class RegistryWalk;

enum class NameKind { Entry, Iterator, Notification, Connect };

struct Name {
    NameKind kind{};
    SessionRef session;
    uint64_t id = 0; // entry, notification, or user client

    // An iterator over a fixed list; a notification's iterator asks the kernel instead.
    std::vector<uint64_t> entries;
    size_t at = 0;
    std::shared_ptr<RegistryWalk> walk; // an iterator over the registry, in place of a list
    uint32_t port = 0;                  // notifications: the port they are delivered to
    std::shared_ptr<Connect> connect;
};
using NameRef = std::shared_ptr<Name>;

class Names {
  public:
    static Names & shared();
    // The name of an entry, with one more reference.
    mach_port_t addEntry(const SessionRef & session, uint64_t entry);
    mach_port_t add(NameRef object);
    // Null when the name is dead or of another kind.
    NameRef find(mach_port_t name);
    NameRef find(mach_port_t name, NameKind kind);
    bool retain(mach_port_t name);
    // The object when its last reference went, else null; false: no such name.
    bool release(mach_port_t name, NameRef & last);
    uint32_t references(mach_port_t name);

  private:
    struct State;
    State & state_;
    Names();
};

} // namespace dextsim::client

#endif
