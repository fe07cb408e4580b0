// See bundle.h.
#include "bundle.h"

#include "class_names.h"
#include "executable.h"
#include "ipc/plist.h"
#include "registry.h"
#include "usb_matching.h"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace dextsim {

namespace {

const std::string kEmpty;

struct Checker {
    const std::string & file;
    std::string & error;

    bool fail(const std::string & text) {
        error = file + ": " + text;
        return false;
    }

    // The string member `key` of `dictionary`, called `where` in messages.
    bool require(const Value & dictionary, const std::string & where, std::string_view key,
                 std::string & value) {
        const Value * member = dictionary.find(key);
        std::string name = where.empty() ? std::string(key) : where + "." + std::string(key);
        if (member == nullptr) {
            return fail("the key " + name + " is missing");
        }
        if (!member->isString() || member->asString().empty()) {
            return fail("the key " + name + " must be a string that is not empty");
        }
        value = member->asString();
        return true;
    }
};

bool checkPersonality(Checker & check, const Personality & personality, const Bundle & bundle,
                      bool anyUsbKeys) {
    std::string where = "IOKitPersonalities." + personality.name;
    std::string value;
    for (const char * key : {"IOClass", "IOProviderClass", "IOUserClass", "IOUserServerName"}) {
        if (!check.require(personality.properties, where, key, value)) {
            return false;
        }
    }
    if (!check.require(personality.properties, where, "CFBundleIdentifier", value)) {
        return false;
    }
    if (value != bundle.identifier) {
        return check.fail("the key " + where + ".CFBundleIdentifier is \"" + value +
                          "\" but the bundle is \"" + bundle.identifier +
                          "\": the kernel would not find the dext");
    }
    std::string reason = whyNeverMatches(personality.properties, anyUsbKeys);
    return reason.empty() || check.fail(where + " never matches: " + reason);
}

// Why nothing is ever what it asks for; "" when something may be.
std::string whyNoProvider(const Bundle & bundle, const Personality & personality) {
    const std::string & wanted = personality.string("IOProviderClass");
    if (wanted == "IOResources") {
        return "IOProviderClass is IOResources, which a dext may not match; a driver without a "
               "device asks for IOUserResources, with IOResourceMatch IOKit";
    }
    const bool isBrought =
        std::any_of(bundle.personalities.begin(), bundle.personalities.end(),
                    [&](const Personality & each) { return each.string("IOClass") == wanted; });
    if (isBrought || isKnownClass(wanted)) {
        return "";
    }
    const std::string nearest = nearestClass(wanted);
    return "IOProviderClass is " + wanted +
           ", and the simulator has nothing of that class (it has IOUSBHostDevice, "
           "IOUSBHostInterface, IOPCIDevice, IOHIDInterface, IOUserResources and, for a driver "
           "above another one, the IOClass of that)" +
           (nearest.empty() ? "" : ". Did you mean " + nearest + "?");
}

// A bundle of which no personality can match is refused; of others it is said.
bool checkProviders(Checker & check, const Bundle & bundle, std::string & warnings) {
    size_t without = 0;
    std::string first;
    for (const Personality & personality : bundle.personalities) {
        const std::string reason = whyNoProvider(bundle, personality);
        if (!reason.empty()) {
            const std::string text =
                "IOKitPersonalities." + personality.name + " never matches: " + reason;
            first = first.empty() ? text : first;
            warnings += (warnings.empty() ? "" : "; ") + text;
            ++without;
        }
        if (!isDextClass(personality.string("IOClass"))) {
            warnings += (warnings.empty() ? "" : "; ") +
                        ("the key IOKitPersonalities." + personality.name + ".IOClass names \"" +
                         personality.string("IOClass") +
                         "\", a kernel class that the simulator does not have: it stands for "
                         "IOUserService here, and keeps the driver from starting on a Mac that "
                         "does not have it either");
        }
    }
    return without < bundle.personalities.size() || check.fail(first);
}

bool readPersonalities(Checker & check, const Value & info, Bundle & bundle, bool anyUsbKeys) {
    const Value * personalities = info.find("IOKitPersonalities");
    if (personalities == nullptr) {
        return check.fail("the key IOKitPersonalities is missing");
    }
    if (!personalities->isDictionary() || personalities->entries().empty()) {
        return check.fail("the key IOKitPersonalities must be a dictionary that is not empty");
    }
    for (const auto & [name, properties] : personalities->entries()) {
        if (!properties.isDictionary()) {
            return check.fail("the key IOKitPersonalities." + name + " must be a dictionary");
        }
        bundle.personalities.push_back({name, properties});
        if (!checkPersonality(check, bundle.personalities.back(), bundle, anyUsbKeys)) {
            return false;
        }
    }
    return true;
}

std::string missingClass(const std::string & key, const std::string & name) {
    return "the key " + key + " names \"" + name + "\", a class that the executable does not have";
}

// Dictionaries that IOService::Create takes: it, and nothing else, fails for such a class (§4.2).
void checkCreated(const Executable & program, const std::string & where, const Value & properties,
                  std::string & warnings) {
    for (const auto & [key, value] : properties.entries()) {
        const std::string name = where + "." + key;
        if (key == "IOUserClass" && !program.hasClass(value.asString())) {
            warnings += (warnings.empty() ? "" : "; ") + missingClass(name, value.asString()) +
                        ": Create will fail (contract §4.2)";
        }
        if (value.isDictionary()) {
            checkCreated(program, name, value, warnings);
        }
    }
}

// The IOUserClass of each personality, and of the dictionaries in it.
bool checkClasses(Checker & check, const Executable & program, const Bundle & bundle,
                  std::string & warnings) {
    for (const Personality & personality : bundle.personalities) {
        const std::string where = "IOKitPersonalities." + personality.name;
        const std::string & driver = personality.string("IOUserClass");
        if (!program.hasClass(driver)) {
            return check.fail(missingClass(where + ".IOUserClass", driver));
        }
        for (const auto & [key, value] : personality.properties.entries()) {
            if (value.isDictionary()) {
                checkCreated(program, where + "." + key, value, warnings);
            }
        }
    }
    return true;
}

} // namespace

const std::string & Personality::string(std::string_view key) const {
    const Value * member = properties.find(key);
    return member == nullptr ? kEmpty : member->asString();
}

bool loadBundle(const std::string & path, bool anyUsbKeys, Bundle & bundle, std::string & error) {
    Value info;
    std::string infoPath = path + "/Info.plist";
    if (!readPlist(infoPath, info, error)) {
        return false;
    }
    Checker check{infoPath, error};
    std::string executable;
    if (!check.require(info, "", "CFBundleIdentifier", bundle.identifier) ||
        !check.require(info, "", "CFBundleExecutable", executable) ||
        !readPersonalities(check, info, bundle, anyUsbKeys)) {
        return false;
    }
    bundle.path = path;
    bundle.executable = path + "/" + executable;
    struct stat status;
    if (stat(bundle.executable.c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
        access(bundle.executable.c_str(), X_OK) != 0) {
        return check.fail("the key CFBundleExecutable names \"" + executable +
                          "\", which is not an executable file in the bundle");
    }
    std::string warnings;
    if (!checkProviders(check, bundle, warnings) ||
        !checkClasses(check, Executable(bundle.executable), bundle, warnings)) {
        return false;
    }
    std::string entitlementsPath = path + "/entitlements.plist";
    if (!readPlist(entitlementsPath, bundle.entitlements, error)) {
        return false;
    }
    if (!bundle.entitlements.isDictionary()) {
        error = entitlementsPath + ": a dictionary of entitlements expected";
        return false;
    }
    error = warnings;
    return true;
}

} // namespace dextsim
