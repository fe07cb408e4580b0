// How the HID family compares a personality with a device or its interface.
#include "hid.h"

#include "registry.h"

#include <algorithm>

namespace dextsim {

namespace {

constexpr const char * kKeys[] = {
    "Transport",    "VendorID",     "VendorIDSource",   "VersionNumber",
    "Manufacturer", "SerialNumber", "Product",          "LocationID",
    "CountryCode",  "PrimaryUsage", "PrimaryUsagePage", "StandardType",
};

bool equal(const Value & criteria, const Value & nub, const char * key) {
    const Value * wanted = criteria.find(key);
    const Value * actual = nub.find(key);
    return wanted == nullptr || (actual != nullptr && *actual == *wanted);
}

// The product may be one of a list, and compared under a mask.
bool productMatches(const Value & criteria, const Value & nub) {
    const Value * actual = nub.find("ProductID");
    const Value * list = criteria.find("ProductIDArray");
    if (list != nullptr) {
        return actual != nullptr && std::find(list->items().begin(), list->items().end(),
                                              *actual) != list->items().end();
    }
    const Value * wanted = criteria.find("ProductID");
    const Value * mask = criteria.find("ProductIDMask");
    if (wanted == nullptr || mask == nullptr) {
        return equal(criteria, nub, "ProductID");
    }
    return actual != nullptr && ((actual->asNumber() ^ wanted->asNumber()) & mask->asNumber()) == 0;
}

bool pairMatches(const Value & wanted, const Value & actual) {
    return equal(wanted, actual, "DeviceUsagePage") && equal(wanted, actual, "DeviceUsage");
}

// A pair of the criteria fits a pair of the device: of a list, one of them; alone, as two keys.
bool usagesMatch(const Value & criteria, const Value & nub) {
    const Value * actual = nub.find("DeviceUsagePairs");
    const Value * list = criteria.find("DeviceUsagePairs");
    bool single =
        criteria.find("DeviceUsagePage") != nullptr || criteria.find("DeviceUsage") != nullptr;
    if (list == nullptr && !single) {
        return true;
    }
    static const Value::Array none;
    const Value::Array & has = actual == nullptr ? none : actual->items();
    const Value::Array wanted = list == nullptr ? Value::Array{criteria} : list->items();
    return std::any_of(wanted.begin(), wanted.end(), [&](const Value & each) {
        return std::any_of(has.begin(), has.end(),
                           [&](const Value & pair) { return pairMatches(each, pair); });
    });
}

} // namespace

bool isHidProviderClass(const std::string & className) {
    return className == "IOHIDInterface" || isKindOf(className, "IOHIDDevice");
}

std::string compareHidKeys(const Value & criteria, const Value & nub) {
    for (const char * key : kKeys) {
        if (!equal(criteria, nub, key)) {
            return std::string(key) + " differs from the device's";
        }
    }
    if (!productMatches(criteria, nub)) {
        return "ProductID differs from the device's";
    }
    return usagesMatch(criteria, nub) ? "" : "no DeviceUsagePairs are among the device's";
}

} // namespace dextsim
