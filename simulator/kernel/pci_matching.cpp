// How the PCI family compares a personality with a function: "0xDDDDVVVV", an optional "&mask",
// alternatives separated by spaces.
#include "pci.h"

#include <cstdlib>

namespace dextsim {

namespace {

struct Key {
    const char * name;
    const char * registers[2]; // properties that hold them; any may agree
    uint32_t mask;             // where the text gives none
};
// The class register's low byte is the revision.
constexpr Key kKeys[] = {
    {"IOPCIMatch", {"IOPCIPrimary", "IOPCISecondary"}, 0xffffffff},
    {"IOPCIPrimaryMatch", {"IOPCIPrimary", nullptr}, 0xffffffff},
    {"IOPCISecondaryMatch", {"IOPCISecondary", nullptr}, 0xffffffff},
    {"IOPCIClassMatch", {"IOPCIClass", nullptr}, 0xffffff00},
};

bool agrees(const char * text, uint32_t mask, uint32_t actual) {
    while (*text != '\0') {
        char * rest = nullptr;
        auto wanted = static_cast<uint32_t>(strtoul(text, &rest, 16));
        if (rest == text) {
            return false; // no number
        }
        uint32_t own = mask;
        if (*rest == '&') {
            text = rest + 1;
            own = static_cast<uint32_t>(strtoul(text, &rest, 16));
        }
        if ((actual & own) == (wanted & own)) {
            return true;
        }
        while (*rest == ' ' || *rest == '\t' || *rest == '\n') {
            ++rest;
        }
        text = rest;
    }
    return false;
}

std::string hexWord(uint64_t value) {
    char text[12];
    snprintf(text, sizeof text, "0x%08llx", static_cast<unsigned long long>(value));
    return text;
}

} // namespace

bool hasPciKeys(const Value & criteria) {
    for (const Key & key : kKeys) {
        if (criteria.find(key.name) != nullptr) {
            return true;
        }
    }
    return false;
}

std::string comparePciKeys(const Value & criteria, const Value & nub) {
    const Value * registers = nub.find("IOPCIRegisters");
    for (const Key & key : kKeys) {
        const Value * wanted = criteria.find(key.name);
        if (wanted == nullptr) {
            continue;
        }
        if (!wanted->isString()) {
            return std::string(key.name) + " must be a string";
        }
        bool found = false;
        std::string actual;
        for (const char * name : key.registers) {
            const Value * value =
                name == nullptr || registers == nullptr ? nullptr : registers->find(name);
            if (value != nullptr) {
                found = found || agrees(wanted->asString().c_str(), key.mask,
                                        static_cast<uint32_t>(value->asNumber()));
                actual += (actual.empty() ? "" : " and ") + hexWord(value->asNumber());
            }
        }
        if (!found) {
            return std::string(key.name) + " is \"" + wanted->asString() +
                   "\" but the device has " + actual;
        }
    }
    return "";
}

} // namespace dextsim
