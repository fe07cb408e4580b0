// See names.h.
#include "names.h"

#include <map>
#include <mutex>
#include <tuple>

namespace dextsim::client {

struct Names::State {
    struct Slot {
        NameRef object;
        uint32_t references = 1;
    };
    std::mutex lock;
    std::map<mach_port_t, Slot> slots;
    std::map<std::pair<Session *, uint64_t>, mach_port_t> entries;
    // Names are not reused soon: a stale one must not hit another object (contract §7.7).
    mach_port_t next = 0x1003;
};

Names::Names() : state_(*new State()) {}

Names & Names::shared() {
    static auto * names = new Names();
    return *names;
}

mach_port_t Names::addEntry(const SessionRef & session, uint64_t entry) {
    std::lock_guard guard(state_.lock);
    auto known = state_.entries.find({session.get(), entry});
    if (known != state_.entries.end()) {
        ++state_.slots.at(known->second).references;
        return known->second;
    }
    auto object = std::make_shared<Name>();
    object->kind = NameKind::Entry;
    object->session = session;
    object->id = entry;
    mach_port_t name = state_.next;
    state_.next += 4;
    state_.entries.emplace(std::make_pair(session.get(), entry), name);
    state_.slots.emplace(name, State::Slot{std::move(object), 1});
    return name;
}

mach_port_t Names::add(NameRef object) {
    std::lock_guard guard(state_.lock);
    mach_port_t name = state_.next;
    state_.next += 4;
    state_.slots.emplace(name, State::Slot{std::move(object), 1});
    return name;
}

NameRef Names::find(mach_port_t name) {
    std::lock_guard guard(state_.lock);
    auto found = state_.slots.find(name);
    return found == state_.slots.end() ? nullptr : found->second.object;
}

NameRef Names::find(mach_port_t name, NameKind kind) {
    NameRef found = find(name);
    return found != nullptr && found->kind == kind ? found : nullptr;
}

bool Names::retain(mach_port_t name) {
    std::lock_guard guard(state_.lock);
    auto found = state_.slots.find(name);
    if (found == state_.slots.end()) {
        return false;
    }
    ++found->second.references;
    return true;
}

bool Names::release(mach_port_t name, NameRef & last) {
    std::lock_guard guard(state_.lock);
    auto found = state_.slots.find(name);
    if (found == state_.slots.end()) {
        return false;
    }
    if (--found->second.references == 0) {
        last = std::move(found->second.object);
        state_.slots.erase(found);
        if (last->kind == NameKind::Entry) {
            state_.entries.erase({last->session.get(), last->id});
        }
    }
    return true;
}

uint32_t Names::references(mach_port_t name) {
    std::lock_guard guard(state_.lock);
    auto found = state_.slots.find(name);
    return found == state_.slots.end() ? 0 : found->second.references;
}

} // namespace dextsim::client
