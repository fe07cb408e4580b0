// See matching.h.
#include "matching.h"

#include "hid.h"
#include "ipc/assumptions.h"
#include "pci.h"
#include "usb_matching.h"

#include <algorithm>

namespace dextsim {

namespace {

// A criterion may be one value or an array of alternatives.
template <typename Test> bool anyOf(const Value & criterion, Test test) {
    if (!criterion.isArray()) {
        return test(criterion);
    }
    return std::any_of(criterion.items().begin(), criterion.items().end(), test);
}

// What a criterion compares: the container of what a dext publishes is one property of the object.
const Value * matchable(const Registry & registry, const Entry & entry, const std::string & key) {
    return assumed(Assumption::MatchedProperties) ? registry.property(entry, key)
                                                  : Registry::ownProperty(entry, key);
}

bool propertiesMatch(const Registry & registry, const Entry & entry, const Value & wanted) {
    if (!wanted.isDictionary()) {
        return false;
    }
    return std::all_of(wanted.entries().begin(), wanted.entries().end(), [&](const auto & pair) {
        const Value * actual = matchable(registry, entry, pair.first);
        return actual != nullptr && *actual == pair.second;
    });
}

bool isResources(const Entry & entry) {
    return entry.className == "IOResources" || entry.className == "IOUserResources";
}

// Drivers that were matched on an entry and live.
size_t matchedServices(const Registry & registry, const Entry & entry) {
    return static_cast<size_t>(
        std::count_if(entry.clients.begin(), entry.clients.end(), [&](uint64_t id) {
            const Entry * client = registry.find(id);
            return !client->inactive && client->properties.find("IOMatchCategory") != nullptr;
        }));
}

// A hint for those who match what a dext has published with SetProperties.
std::string published(const Entry & entry, const Value & criteria) {
    const Value * wanted = criteria.find("IOPropertyMatch");
    for (const auto & [key, value] : wanted->entries()) {
        const Value * actual = entry.userProperties.find(key);
        if (actual != nullptr && *actual == value && !assumed(Assumption::MatchedProperties)) {
            return ": " + key +
                   " is published with SetProperties, where matching does not look (--assume "
                   "matched-properties=published)";
        }
    }
    return "";
}

// The keys that every IOService compares (IOService::passiveMatch): "" or which one differs.
std::string compareGeneric(const Registry & registry, const Value & criteria, const Entry & entry) {
    auto differs = [&](const char * key, auto test) {
        const Value * criterion = criteria.find(key);
        return criterion != nullptr && !anyOf(*criterion, test);
    };
    auto isNamed = [&](const Value & name) {
        return name.isString() && name.asString() == entry.name;
    };
    if (differs("IONameMatch", isNamed)) {
        return "IONameMatch is not \"" + entry.name + "\"";
    }
    if (differs("IOPropertyMatch",
                [&](const Value & wanted) { return propertiesMatch(registry, entry, wanted); })) {
        return "IOPropertyMatch differs from the provider's properties" +
               published(entry, criteria);
    }
    if (differs("IOPropertyExistsMatch", [&](const Value & name) {
            return matchable(registry, entry, name.asString()) != nullptr;
        })) {
        return "IOPropertyExistsMatch names a property that the provider does not have";
    }
    if (differs("IORegistryEntryID",
                [&](const Value & id) { return id.isNumber() && id.asNumber() == entry.id; })) {
        return "IORegistryEntryID is another";
    }
    if (differs("IOPathMatch",
                [&](const Value & path) { return path.asString() == registry.path(entry); })) {
        return "IOPathMatch is not \"" + registry.path(entry) + "\"";
    }
    if (criteria.find("IOLocationMatch") != nullptr) {
        return "IOLocationMatch: entries of the simulator have no location";
    }
    if (differs("IOMatchedServiceCount", [&](const Value & count) {
            return count.isNumber() && count.asNumber() == matchedServices(registry, entry);
        })) {
        return "IOMatchedServiceCount is not " + std::to_string(matchedServices(registry, entry));
    }
    // Only the resources themselves look at it here; drivers of others wait for a resource.
    if (isResources(entry) && differs("IOResourceMatch", [&](const Value & name) {
            return registry.property(entry, name.asString()) != nullptr;
        })) {
        return "IOResourceMatch names a resource that is not published";
    }
    return "";
}

std::string compareProviderClass(const Value & criteria, const Entry & entry) {
    const Value * wanted = criteria.find("IOProviderClass");
    if (wanted != nullptr && !isKindOf(entry.className, wanted->asString())) {
        return "IOProviderClass is " + wanted->asString() + " but the provider is a " +
               entry.className;
    }
    return "";
}

bool matchesAbove(const Registry & registry, const Value & criteria, const Entry & entry);

std::string compareAll(const Registry & registry, const Value & criteria, const Entry & entry) {
    std::string reason = compareProviderClass(criteria, entry);
    if (reason.empty()) {
        reason = compareGeneric(registry, criteria, entry);
    }
    if (reason.empty() && isUsbProviderClass(entry.className)) {
        reason = compareUsbKeys(criteria, entry.properties);
    }
    if (reason.empty() && entry.className == "IOPCIDevice") {
        reason = comparePciKeys(criteria, entry.properties);
    }
    if (reason.empty() && isHidProviderClass(entry.className)) {
        reason = compareHidKeys(criteria, entry.properties);
    }
    const Value * parent = criteria.find("IOParentMatch");
    if (reason.empty() && parent != nullptr && !matchesAbove(registry, *parent, entry)) {
        reason = "IOParentMatch matches nothing above it";
    }
    return reason;
}

// Anything on the way to the root will do.
bool matchesAbove(const Registry & registry, const Value & criteria, const Entry & entry) {
    for (const Entry * at = registry.find(entry.provider); at != nullptr;
         at = registry.find(at->provider)) {
        if (compareAll(registry, criteria, *at).empty()) {
            return true;
        }
    }
    return false;
}

} // namespace

std::string whyNotMatching(const Registry & registry, const Personality & personality,
                           const Entry & provider) {
    // A dext may not attach to IOResources, by whatever class it asks for it (contract §5.2).
    const bool asksForResources = personality.string("IOProviderClass") == "IOResources";
    if (asksForResources || provider.className == "IOResources") {
        return "a dext may not match IOResources; use IOUserResources with IOResourceMatch IOKit";
    }
    return compareAll(registry, personality.properties, provider);
}

std::string missingResource(const Registry & registry, const Personality & personality,
                            const Entry & provider) {
    const Value * wanted = personality.properties.find("IOResourceMatch");
    if (wanted == nullptr || isResources(provider)) {
        return "";
    }
    const Value & published = registry.find(registry.resources())->properties;
    auto isMissing = [&](const Value & name) { return published.find(name.asString()) == nullptr; };
    if (wanted->isArray()) {
        auto missing = std::find_if(wanted->items().begin(), wanted->items().end(), isMissing);
        return missing == wanted->items().end() ? "" : missing->asString();
    }
    return isMissing(*wanted) ? wanted->asString() : "";
}

int probeScore(const Personality & personality) {
    const Value * own = personality.properties.find("IOProbeScore");
    int score = own != nullptr && own->isNumber() ? static_cast<int>(own->asNumber()) : 0;
    if (isUsbProviderClass(personality.string("IOProviderClass"))) {
        score += usbProbeScore(personality.properties);
    }
    return score;
}

bool serviceMatches(const Registry & registry, const Value & matching, const Entry & service) {
    return compareAll(registry, matching, service).empty();
}

} // namespace dextsim
