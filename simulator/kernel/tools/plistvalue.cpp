// plistvalue FILE KEY: prints a string of a property list, so that the build asks the same parser
// as the kernel.
#include "ipc/plist.h"

#include <cstdio>

int main(int count, char ** arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: plistvalue FILE KEY\n");
        return 2;
    }
    dextsim::Value value;
    std::string error;
    if (!dextsim::readPlist(arguments[1], value, error)) {
        fprintf(stderr, "plistvalue: %s\n", error.c_str());
        return 1;
    }
    const dextsim::Value * member = value.find(arguments[2]);
    if (member == nullptr || !member->isString() || member->asString().empty()) {
        fprintf(stderr, "plistvalue: %s: the key %s is missing or not a string\n", arguments[1],
                arguments[2]);
        return 1;
    }
    printf("%s\n", member->asString().c_str());
    return 0;
}
