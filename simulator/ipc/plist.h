// Reads XML property lists (Info.plist, entitlements) into Values. Refuses what the kernel could
// not take over: real numbers and dates (contract §6.4).
#ifndef DEXTSIM_IPC_PLIST_H
#define DEXTSIM_IPC_PLIST_H

#include "value.h"

#include <string>
#include <string_view>

namespace dextsim {

struct PlistError {
    size_t line = 0;
    std::string message;
};

// False: `error` says what is wrong and in which line; a key is named where there is one.
bool parsePlist(std::string_view text, Value & value, PlistError & error);

// The same for a file; the error is one sentence that begins with the path.
bool readPlist(const std::string & path, Value & value, std::string & error);

} // namespace dextsim

#endif
