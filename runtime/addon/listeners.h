// The table behind every reference word given to the platform. A refcon is an id, never a pointer:
// completions and notifications may arrive after their connection, or its environment, is gone.
#ifndef DEXTGEN_ADDON_LISTENERS_H
#define DEXTGEN_ADDON_LISTENERS_H

#include <cstdint>
#include <memory>

namespace dextgen {

class Mailbox;

using ListenerId = uint64_t;

/// Who hears of an id. `once`: forgotten at the first completion.
struct Listener {
    std::shared_ptr<Mailbox> mailbox;
    bool once;
};

/// All functions may be called on any thread. Ids are never used twice in a process.
ListenerId AddListener(Listener listener);
void RemoveListener(ListenerId id);
/// The mailbox of a listener, or null when nobody listens any more. Forgets a `once` listener.
std::shared_ptr<Mailbox> TakeListener(ListenerId id);

inline void * RefconOf(ListenerId id) {
    return reinterpret_cast<void *>(static_cast<uintptr_t>(id));
}
inline ListenerId ListenerOf(void * refcon) {
    return reinterpret_cast<uintptr_t>(refcon);
}

} // namespace dextgen

#endif
