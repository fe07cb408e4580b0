// Command line of dextsim.
#ifndef DEXTSIM_KERNEL_OPTIONS_H
#define DEXTSIM_KERNEL_OPTIONS_H

#include "entitlements.h"
#include "ipc/assumptions.h"

#include <string>
#include <vector>

namespace dextsim {

struct Options {
    std::string socketPath;
    std::vector<std::string> dexts;
    std::string logPath;
    std::string recordPath;     // a recording from the first driver on
    bool exitWithStdin = false; // end when standard input ends: whoever started it is gone
    Platform platform = Platform::MacOS;
    bool checkEntitlements = true;
    uint32_t assumptions = 0;      // bitOf each Assumption
    unsigned maxRelaunches = 1000; // gIODextRelaunchMax
    // A dext that dies within a second waits 2 ms more each time before it is launched again
    // (§14.11).
    unsigned maxRelaunchDelayMs = 1000;
    unsigned checkInSeconds = 120;
    // A call that lasts longer is logged; 0 = none is (contract §1.8).
    unsigned watchdogSeconds = 5;
    bool help = false; // says what options there are, and ends

    bool assumes(Assumption assumption) const { return (assumptions & bitOf(assumption)) != 0; }
};

// False: `error` is one sentence for the user.
bool parseOptions(int count, char ** arguments, Options & options, std::string & error);
std::string usage();

} // namespace dextsim

#endif
