// See assumptions.h.
#include "assumptions.h"

#include <algorithm>

namespace dextsim {

namespace {

struct Row {
    const char * key;
    const char * strict;
    const char * other;
    const char * section; // of the contract
};
constexpr Row kRows[] = {
    {"null-dispatch", "unsupported", "bad-argument", "§1.4, §14.1"},
    {"user-client-start", "after-create", "in-create", "§4.3, §14.2"},
    {"missing-class", "unsupported-mode", "offline", "§4.2, §14.2"},
    {"no-new-user-client", "error", "unsupported", "§4.1"},
    {"unset-options", "read-only", "zero", "§2.4, §14.3"},
    {"locking-keys", "ignored", "honoured", "§1.8, §14.10"},
    {"sandbox", "closed", "open", "§4.3, §14.9"},
    {"matched-properties", "registry", "published", "§5.2, §6.2"},
    {"usb-keys", "sets", "any", "§5.2, §14.8"},
    {"usb-length", "packets", "any", "§10.2, §14.8"},
    {"usb-size", "1MiB", "any", "§10.2, §14.8"},
    {"usb-pipes", "opened", "any", "§10.1"},
    {"usb-gone", "aborted", "not-responding", "§10.2, §14.8"},
    {"idle-dext", "exits", "stays", "§14.11"},
    {"log-strings", "private", "public", "§9.8, §14.7"},
    {"iteration", "false-ends", "true-ends", "§9.7"},
};

std::string keys() {
    std::string text;
    for (const Row & row : kRows) {
        text += (text.empty() ? "" : ", ") + std::string(row.key);
    }
    return text;
}

} // namespace

bool takeAssumption(const std::string & text, uint32_t & bits, std::string & error) {
    const size_t equals = text.find('=');
    const std::string key = text.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
    const auto * row = std::find_if(std::begin(kRows), std::end(kRows),
                                    [&](const Row & each) { return key == each.key; });
    if (row == std::end(kRows)) {
        error = "--assume knows " + keys() + ", not \"" + key + "\"";
        return false;
    }
    if (value != row->strict && value != row->other) {
        error = "--assume " + key + " is " + row->strict + " or " + row->other + ", not \"" +
                value + "\"";
        return false;
    }
    const uint32_t bit = bitOf(static_cast<Assumption>(row - std::begin(kRows)));
    bits = value == row->other ? bits | bit : bits & ~bit;
    return true;
}

std::string describeAssumptions() {
    std::string text;
    for (const Row & row : kRows) {
        text += "  " + std::string(row.key) + "=" + row.strict + "|" + row.other + " (" +
                row.section + ")\n";
    }
    return text;
}

} // namespace dextsim
