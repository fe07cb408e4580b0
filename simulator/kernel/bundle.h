// A dext bundle as it lies on disk: Info.plist, entitlements.plist, executable. Checks everything
// that can be known before a device is plugged.
#ifndef DEXTSIM_KERNEL_BUNDLE_H
#define DEXTSIM_KERNEL_BUNDLE_H

#include "ipc/value.h"

#include <string>
#include <vector>

namespace dextsim {

struct Personality {
    std::string name; // key in IOKitPersonalities
    Value properties;
    // A string member, "" when it is absent.
    const std::string & string(std::string_view key) const;
};

struct Bundle {
    std::string path;
    std::string identifier;
    std::string executable; // full path
    Value entitlements;
    std::vector<Personality> personalities;
    bool superseded = false; // by another version: matches nothing more, its processes go on
};

// False: `error` is one sentence that names the file and the key. True: it is what the log should
// say, or nothing.
bool loadBundle(const std::string & path, bool anyUsbKeys, Bundle & bundle, std::string & error);

} // namespace dextsim

#endif
