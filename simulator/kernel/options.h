// Command line of dextsim.
#ifndef DEXTSIM_KERNEL_OPTIONS_H
#define DEXTSIM_KERNEL_OPTIONS_H

#include "entitlements.h"

#include <string>
#include <vector>

namespace dextsim {

struct Options {
    std::string socketPath;
    std::vector<std::string> dexts;
    std::string logPath;
    bool exitWithStdin = false; // end when standard input ends: whoever started it is gone
    Platform platform = Platform::MacOS;
    bool checkEntitlements = true;
    // The stricter reading of what the contract calls UNVERIFIED is the default.
    bool relaxedUsbKeys = false; // any set of USB keys may match (§5.2)
    bool relaxedUsbLength =
        false; // bulk-IN lengths need not be multiples of wMaxPacketSize (§10.2)
    bool relaxedMemoryOptions = false; // *options that a driver left unset are 0 (§14.3)
    unsigned maxRelaunches = 1000;     // gIODextRelaunchMax
    // A dext that dies within a second waits 2 ms more each time before it is launched again
    // (§14.11).
    unsigned maxRelaunchDelayMs = 1000;
    unsigned checkInSeconds = 120;
    // A call that lasts longer is logged; 0 = none is (contract §1.8).
    unsigned watchdogSeconds = 5;
};

// False: `error` is one sentence for the user.
bool parseOptions(int count, char ** arguments, Options & options, std::string & error);
extern const char * const kUsage;

} // namespace dextsim

#endif
