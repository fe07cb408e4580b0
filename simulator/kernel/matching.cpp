// See matching.h.
#include "matching.h"

#include "hid.h"
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

bool propertiesMatch(const Registry & registry, const Entry & entry, const Value & wanted) {
    if (!wanted.isDictionary()) {
        return false;
    }
    return std::all_of(wanted.entries().begin(), wanted.entries().end(), [&](const auto & pair) {
        const Value * actual = registry.property(entry, pair.first);
        return actual != nullptr && *actual == pair.second;
    });
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
        return "IOPropertyMatch differs from the provider's properties";
    }
    if (differs("IOPropertyExistsMatch", [&](const Value & name) {
            return registry.property(entry, name.asString()) != nullptr;
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
    // Only the resources themselves look at it; on other providers it means nothing.
    bool isResources = entry.className == "IOResources" || entry.className == "IOUserResources";
    if (isResources && differs("IOResourceMatch", [&](const Value & name) {
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
    const Entry * provider = registry.find(entry.provider);
    if (reason.empty() && parent != nullptr &&
        (provider == nullptr || !compareAll(registry, *parent, *provider).empty())) {
        reason = "IOParentMatch does not match the provider's own provider";
    }
    return reason;
}

} // namespace

std::string whyNotMatching(const Registry & registry, const Personality & personality,
                           const Entry & provider) {
    // A dext may not attach to IOResources (contract §5.2).
    if (personality.string("IOProviderClass") == "IOResources") {
        return "a dext may not match IOResources; use IOUserResources with IOResourceMatch IOKit";
    }
    return compareAll(registry, personality.properties, provider);
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
