// See notifications.h.
#include "notifications.h"

#include "matching.h"

#include <algorithm>

namespace dextsim {

namespace {

// More services than this wait in no set (contract §0.2).
constexpr size_t kMaxOutstanding = 1024;

enum class Initial { Registered, Matched, None, Unknown };

Initial initialOf(const std::string & type) {
    if (type == kPublish || type == kFirstPublish) {
        return Initial::Registered;
    }
    if (type == kMatched || type == kFirstMatch) {
        return Initial::Matched;
    }
    return type == kTerminated || type == kWillTerminate ? Initial::None : Initial::Unknown;
}

} // namespace

uint64_t Notifications::addMatching(PortRef port, const std::string & type, Value criteria) {
    Initial initial = initialOf(type);
    if (initial == Initial::Unknown) {
        return 0;
    }
    Matching added{port, type, std::move(criteria), {}, false};
    registry_.each([&](Entry & entry) {
        bool inState = initial == Initial::Registered ? entry.registered
                       : initial == Initial::Matched  ? entry.matched
                                                      : false;
        if (inState && !entry.inactive && added.entries.size() < kMaxOutstanding &&
            serviceMatches(registry_, added.criteria, entry)) {
            added.entries.push_back(entry.id);
        }
    });
    uint64_t id = nextId_++;
    matching_.emplace(id, std::move(added));
    return id;
}

uint64_t Notifications::addInterest(PortRef port, uint64_t entry) {
    uint64_t id = nextId_++;
    interest_.emplace(id, Interest{port, entry});
    return id;
}

uint64_t Notifications::next(uint64_t notification) {
    auto found = matching_.find(notification);
    if (found == matching_.end()) {
        return 0;
    }
    Matching & matching = found->second;
    if (matching.entries.empty()) {
        matching.armed = true;
        return 0;
    }
    uint64_t entry = matching.entries.back();
    matching.entries.pop_back();
    return entry;
}

void Notifications::remove(uint64_t notification) {
    matching_.erase(notification);
    interest_.erase(notification);
}

void Notifications::removeSession(uint64_t session) {
    auto isOf = [session](const auto & pair) { return pair.second.port.session == session; };
    std::erase_if(matching_, isOf);
    std::erase_if(interest_, isOf);
}

bool Notifications::belongsTo(uint64_t notification, uint64_t session) const {
    auto matching = matching_.find(notification);
    if (matching != matching_.end()) {
        return matching->second.port.session == session;
    }
    auto interest = interest_.find(notification);
    return interest != interest_.end() && interest->second.port.session == session;
}

void Notifications::post(const std::string & type, const Entry & entry) {
    for (auto & [id, matching] : matching_) {
        if (matching.type != type || !serviceMatches(registry_, matching.criteria, entry)) {
            continue;
        }
        bool wasEmpty = matching.entries.empty();
        // A set: it has each once.
        const auto known = std::find(matching.entries.begin(), matching.entries.end(), entry.id);
        if (known == matching.entries.end() && matching.entries.size() < kMaxOutstanding) {
            matching.entries.push_back(entry.id);
        }
        if (wasEmpty && matching.armed) {
            matching.armed = false;
            ping_(matching.port, id);
        }
    }
}

void Notifications::message(uint64_t entry, uint32_t type, uint64_t argument) {
    for (auto & [id, interest] : interest_) {
        if (interest.entry == entry) {
            tell_(interest.port, id, entry, type, argument);
        }
    }
}

} // namespace dextsim
