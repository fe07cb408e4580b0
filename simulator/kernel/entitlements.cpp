// See entitlements.h.
#include "entitlements.h"

#include "pci.h"
#include "usb_matching.h"

#include <algorithm>

namespace dextsim {

namespace {

constexpr const char * kDriverKit = "com.apple.developer.driverkit";
constexpr const char * kDriverAccess = "com.apple.private.driverkit.driver-access";
constexpr const char * kAnyAccess = "com.apple.developer.driverkit.allow-any-userclient-access";
constexpr const char * kAccess = "com.apple.developer.driverkit.userclient-access";
constexpr const char * kCommunicates = "com.apple.developer.driverkit.communicates-with-drivers";
constexpr const char * kThirdParty = "com.apple.developer.driverkit.allow-third-party-userclients";
constexpr const char * kTeam = "com.apple.developer.team-identifier";
constexpr const char * kDextEntitlements = "IOServiceDEXTEntitlements";

bool isTrue(const Value & entitlements, const char * key) {
    const Value * value = entitlements.find(key);
    return value != nullptr && value->asBoolean();
}

// A string, or an array that contains it.
bool names(const Value * value, const std::string & wanted) {
    if (value == nullptr) {
        return false;
    }
    if (value->isString()) {
        return value->asString() == wanted;
    }
    return std::any_of(value->items().begin(), value->items().end(),
                       [&](const Value & item) { return item.asString() == wanted; });
}

// string = must be there; array = any element; an element that is an array = all of it. Presence
// counts, the value does not.
bool hasRequired(const Value & required, const Value & entitlements) {
    auto has = [&](const Value & name) { return entitlements.find(name.asString()) != nullptr; };
    if (required.isString()) {
        return has(required);
    }
    return std::any_of(required.items().begin(), required.items().end(), [&](const Value & item) {
        return item.isArray() ? std::all_of(item.items().begin(), item.items().end(), has)
                              : has(item);
    });
}

std::string whyAppDenied(const UserClientAccess & access) {
    if (access.platform == Platform::IPadOS) {
        if (!isTrue(access.client, kCommunicates)) {
            return std::string("the client lacks ") + kCommunicates;
        }
        const Value * clientTeam = access.client.find(kTeam);
        const Value * dextTeam = access.dext.find(kTeam);
        bool sameTeam = clientTeam != nullptr && dextTeam != nullptr && *clientTeam == *dextTeam;
        return sameTeam || isTrue(access.dext, kThirdParty)
                   ? ""
                   : std::string("another team's client and the dext lacks ") + kThirdParty;
    }
    // Mere presence counts, even of false.
    if (access.dext.find(kAnyAccess) != nullptr ||
        names(access.client.find(kAccess), access.bundle)) {
        return "";
    }
    return "failed userclient-access check, needed bundle ID " + access.bundle;
}

} // namespace

std::string whyDenied(const UserClientAccess & access) {
    const Value * driverAccess = access.client.find(kDriverAccess);
    bool privateAccess = driverAccess != nullptr && hasRequired(*driverAccess, access.dext);
    std::string reason = privateAccess ? "" : whyAppDenied(access);
    const Value * required = access.userClient.find(kDextEntitlements);
    if (reason.empty() && required != nullptr && !hasRequired(*required, access.client)) {
        reason = std::string("the client lacks what ") + kDextEntitlements +
                 " of the user client asks for";
    }
    return reason;
}

std::string whySandboxed(const Value & client) {
    constexpr const char * kException =
        "com.apple.security.temporary-exception.iokit-user-client-class";
    if (!isTrue(client, "com.apple.security.app-sandbox") ||
        isTrue(client, "com.apple.security.device.usb") ||
        names(client.find(kException), "IOUserUserClient")) {
        return "";
    }
    return "the client is sandboxed and lacks com.apple.security.device.usb (--assume "
           "sandbox=open lets it in)";
}

std::string whyNotPrivileged(const Value & userClient, const Value & client) {
    const Value * required = userClient.find("IOUserClientEntitlements");
    if (required == nullptr ||
        (required->kind() == Value::Kind::Boolean && !required->asBoolean())) {
        return "";
    }
    if (required->isString() && isTrue(client, required->asString().c_str())) {
        return "";
    }
    return "the client lacks " + required->asString() + " (IOUserClientEntitlements)";
}

std::string whyDextDenied(const Value & dext, const Value & provider) {
    if (!isTrue(dext, kDriverKit)) {
        return std::string("the dext lacks ") + kDriverKit;
    }
    const Value * required = provider.find(kDextEntitlements);
    if (required == nullptr) {
        return "";
    }
    // The value of a transport entitlement is a list of matching dictionaries (contract §5.4).
    for (const Value & name : required->items()) {
        const Value * granted = dext.find(name.asString());
        if (granted == nullptr) {
            continue;
        }
        if (!granted->isArray()) {
            return granted->asBoolean() ? "" : name.asString() + " is neither true nor a list";
        }
        for (const Value & criteria : granted->items()) {
            if (hasPciKeys(criteria) && comparePciKeys(criteria, provider).empty()) {
                return "";
            }
            const Value * vendor = criteria.find("idVendor");
            bool wildcard = vendor != nullptr && vendor->asString() == "*";
            if (wildcard || (vendor != nullptr && compareUsbKeys(criteria, provider).empty())) {
                return "";
            }
        }
        return "no element of " + name.asString() + " matches the device";
    }
    return "the dext lacks " + (required->items().empty() ? std::string("an entitlement")
                                                          : required->items().front().asString());
}

} // namespace dextsim
