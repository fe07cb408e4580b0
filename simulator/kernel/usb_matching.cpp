// See usb_matching.h.
#include "usb_matching.h"

#include "log.h"

#include <algorithm>
#include <array>
#include <vector>

namespace dextsim {

namespace {

struct UsbKey {
    const char * name;
    uint64_t max;
};
constexpr UsbKey kKeys[] = {
    {"idVendor", 0xffff},          {"idProduct", 0xffff},        {"bcdDevice", 0xffff},
    {"bConfigurationValue", 0xff}, {"bInterfaceNumber", 0xff},   {"bInterfaceClass", 0xff},
    {"bInterfaceSubClass", 0xff},  {"bInterfaceProtocol", 0xff}, {"bDeviceClass", 0xff},
    {"bDeviceSubClass", 0xff},     {"bDeviceProtocol", 0xff},
};

// Allowed combinations, most specific first (Common Class specification §3.10; Apple QA1076). A
// vendor-specific class (0xff) must come with idVendor, any other class must not.
struct KeySet {
    std::vector<const char *> keys;
    int score;
};
const std::vector<KeySet> & interfaceKeySets() {
    static const std::vector<KeySet> sets = {
        {{"idVendor", "idProduct", "bcdDevice", "bConfigurationValue", "bInterfaceNumber"}, 100000},
        {{"idVendor", "idProduct", "bConfigurationValue", "bInterfaceNumber"}, 90000},
        {{"idVendor", "bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"}, 80000},
        {{"idVendor", "bInterfaceSubClass", "bInterfaceProtocol"}, 80000},
        {{"idVendor", "bInterfaceClass", "bInterfaceSubClass"}, 70000},
        {{"idVendor", "bInterfaceSubClass"}, 70000},
        {{"bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"}, 60000},
        {{"bInterfaceClass", "bInterfaceSubClass"}, 50000},
    };
    return sets;
}
const std::vector<KeySet> & deviceKeySets() {
    static const std::vector<KeySet> sets = {
        {{"idVendor", "idProduct", "bcdDevice"}, 100000},
        {{"idVendor", "idProduct"}, 90000},
        {{"idVendor", "bDeviceClass", "bDeviceSubClass", "bDeviceProtocol"}, 80000},
        {{"idVendor", "bDeviceSubClass", "bDeviceProtocol"}, 80000},
        {{"idVendor", "bDeviceClass", "bDeviceSubClass"}, 70000},
        {{"idVendor", "bDeviceSubClass"}, 70000},
        {{"bDeviceClass", "bDeviceSubClass", "bDeviceProtocol"}, 60000},
        {{"bDeviceClass", "bDeviceSubClass"}, 50000},
    };
    return sets;
}

const KeySet * keySetOf(const Value & personality) {
    const Value * provider = personality.find("IOProviderClass");
    bool isDevice = provider != nullptr && provider->asString() == "IOUSBHostDevice";
    // An array or mask stands for the plain key.
    auto has = [&](const std::string & name) {
        return personality.find(name) != nullptr || personality.find(name + "Array") != nullptr;
    };
    for (const KeySet & set : isDevice ? deviceKeySets() : interfaceKeySets()) {
        auto inSet = [&](const UsbKey & key) {
            return std::find_if(set.keys.begin(), set.keys.end(), [&](const char * name) {
                       return std::string_view(name) == key.name;
                   }) != set.keys.end();
        };
        bool same = std::all_of(std::begin(kKeys), std::end(kKeys),
                                [&](const UsbKey & key) { return inSet(key) == has(key.name); });
        if (same) {
            return &set;
        }
    }
    return nullptr;
}

std::string wrongType(const Value & personality) {
    for (const UsbKey & key : kKeys) {
        const Value * value = personality.find(key.name);
        if (value != nullptr && !value->isNumber()) {
            return std::string(key.name) +
                   " is not an integer, and the USB family compares integers";
        }
        if (value != nullptr && value->asNumber() > key.max) {
            return std::string(key.name) + " is " + std::to_string(value->asNumber()) +
                   ", more than " + std::to_string(key.max);
        }
        const Value * list = personality.find(std::string(key.name) + "Array");
        if (list != nullptr &&
            (!list->isArray() || !std::all_of(list->items().begin(), list->items().end(),
                                              [](auto & i) { return i.isNumber(); }))) {
            return std::string(key.name) + "Array is not an array of integers";
        }
    }
    return "";
}

std::string presentKeys(const Value & personality) {
    std::string names;
    for (const UsbKey & key : kKeys) {
        if (personality.find(key.name) != nullptr) {
            names += (names.empty() ? "" : ", ") + std::string(key.name);
        }
    }
    return names.empty() ? "no USB key" : names;
}

bool numberAgrees(const Value & criteria, const std::string & key, uint64_t actual) {
    const Value * wanted = criteria.find(key);
    const Value * mask = criteria.find(key + "Mask");
    uint64_t bits = mask != nullptr && mask->isNumber() ? mask->asNumber() : ~UINT64_C(0);
    if (wanted != nullptr) {
        return wanted->isNumber() && ((wanted->asNumber() ^ actual) & bits) == 0;
    }
    const Value * list = criteria.find(key + "Array");
    return list == nullptr ||
           std::any_of(list->items().begin(), list->items().end(),
                       [&](auto & item) { return item.isNumber() && item.asNumber() == actual; });
}

} // namespace

bool isUsbProviderClass(const std::string & className) {
    return className == "IOUSBHostInterface" || className == "IOUSBHostDevice";
}

std::string whyNeverMatches(const Value & personality, bool anyKeys) {
    const Value * provider = personality.find("IOProviderClass");
    if (provider == nullptr || !isUsbProviderClass(provider->asString())) {
        return "";
    }
    std::string reason = wrongType(personality);
    if (!reason.empty() || anyKeys || keySetOf(personality) != nullptr) {
        return reason;
    }
    return presentKeys(personality) +
           " is not a key set of the USB Common Class specification for " + provider->asString() +
           " (most specific: " +
           (provider->asString() == "IOUSBHostDevice"
                ? "idVendor, idProduct"
                : "idVendor, idProduct, bConfigurationValue, bInterfaceNumber") +
           "; --assume usb-keys=any allows any keys)";
}

std::string compareUsbKeys(const Value & criteria, const Value & nub) {
    for (const UsbKey & key : kKeys) {
        std::string name = key.name;
        if (criteria.find(name) == nullptr && criteria.find(name + "Array") == nullptr) {
            continue;
        }
        const Value * actual = nub.find(name);
        if (actual == nullptr) {
            return name + " is not a property of the provider";
        }
        if (!numberAgrees(criteria, name, actual->asNumber())) {
            const Value * wanted = criteria.find(name);
            std::string text = wanted == nullptr     ? "another list"
                               : !wanted->isNumber() ? "not an integer"
                                                     : hex(wanted->asNumber());
            return name + " is " + text + " but the provider has " + hex(actual->asNumber());
        }
    }
    return "";
}

int usbProbeScore(const Value & personality) {
    const KeySet * set = keySetOf(personality);
    return set == nullptr ? 10000 : set->score;
}

} // namespace dextsim
