// See options.h.
#include "options.h"

#include "assumptions.h"
#include "ipc/messages.h"

#include <cstdlib>

namespace dextsim {

std::string usage() {
    return "usage: dextsim --socket PATH [--dext BUNDLE]… [--log FILE] [--record FILE]\n"
           "               [--exit-with-stdin]\n"
           "               [--platform macos|ipados] [--no-entitlement-checks]\n"
           "               [--max-relaunches N] [--max-relaunch-delay MS]\n"
           "               [--check-in-seconds N] [--assume KEY=VALUE]… [--help]\n"
           "               [--watchdog-seconds N (0: none; default $DEXTGEN_SIM_WATCHDOG, or 5)]\n"
           "What is not known for certain, the stricter reading first; --assume takes the "
           "other:\n" +
           describeAssumptions();
}

namespace {

struct Arguments {
    int count;
    char ** values;
    int at = 1;
    std::string & error;

    bool take(const std::string & option, std::string & value) {
        if (at >= count) {
            error = option + " needs a value";
            return false;
        }
        value = values[at++];
        return true;
    }

    bool takeNumber(const std::string & option, unsigned & value) {
        std::string text;
        if (!take(option, text)) {
            return false;
        }
        char * rest = nullptr;
        unsigned long number = strtoul(text.c_str(), &rest, 10);
        if (text.empty() || *rest != 0 || number > 1'000'000) {
            error = option + " needs a number, not \"" + text + "\"";
            return false;
        }
        value = static_cast<unsigned>(number);
        return true;
    }
};

bool takePlatform(Arguments & arguments, Options & options) {
    std::string value;
    if (!arguments.take("--platform", value)) {
        return false;
    }
    if (value != "macos" && value != "ipados") {
        arguments.error = "--platform knows macos and ipados, not \"" + value + "\"";
        return false;
    }
    options.platform = value == "macos" ? Platform::MacOS : Platform::IPadOS;
    return true;
}

bool takeOption(Arguments & arguments, const std::string & option, Options & options) {
    std::string value;
    if (option == "--socket") {
        return arguments.take(option, options.socketPath);
    }
    if (option == "--dext") {
        bool taken = arguments.take(option, value);
        options.dexts.push_back(value);
        return taken;
    }
    if (option == "--log") {
        return arguments.take(option, options.logPath);
    }
    if (option == "--record") {
        return arguments.take(option, options.recordPath);
    }
    if (option == "--exit-with-stdin") {
        return options.exitWithStdin = true;
    }
    if (option == "--no-entitlement-checks") {
        return !(options.checkEntitlements = false);
    }
    if (option == "--platform") {
        return takePlatform(arguments, options);
    }
    if (option == "--assume") {
        return arguments.take(option, value) &&
               takeAssumption(value, options.assumptions, arguments.error);
    }
    if (option == "--help") {
        return options.help = true;
    }
    if (option == "--max-relaunches") {
        return arguments.takeNumber(option, options.maxRelaunches);
    }
    if (option == "--max-relaunch-delay") {
        return arguments.takeNumber(option, options.maxRelaunchDelayMs);
    }
    if (option == "--check-in-seconds") {
        return arguments.takeNumber(option, options.checkInSeconds);
    }
    if (option == "--watchdog-seconds") {
        return arguments.takeNumber(option, options.watchdogSeconds);
    }
    arguments.error = "unknown option " + option;
    return false;
}

} // namespace

bool parseOptions(int count, char ** values, Options & options, std::string & error) {
    if (char * seconds = getenv(kWatchdogVariable)) {
        Arguments environment{1, &seconds, 0, error};
        if (!environment.takeNumber(kWatchdogVariable, options.watchdogSeconds)) {
            return false;
        }
    }
    Arguments arguments{count, values, 1, error};
    while (arguments.at < count) {
        std::string option = values[arguments.at++];
        if (!takeOption(arguments, option, options)) {
            return false;
        }
    }
    if (options.socketPath.empty() && !options.help) {
        error = "--socket is missing";
        return false;
    }
    return true;
}

} // namespace dextsim
