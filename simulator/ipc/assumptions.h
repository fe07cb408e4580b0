// What nobody outside of Apple knows for certain (the contract says UNVERIFIED): one bit each,
// unset for the stricter reading. The kernel takes them from its command line
// (kernel/assumptions.h) and puts them into the machine's page, where dexts find them.
#ifndef DEXTSIM_IPC_ASSUMPTIONS_H
#define DEXTSIM_IPC_ASSUMPTIONS_H

#include <cstdint>

namespace dextsim {

// In the order of the table in kernel/assumptions.cpp.
enum class Assumption : uint32_t {
    NullDispatch,
    UserClientStart,
    MissingClass,
    NoNewUserClient,
    UnsetOptions,
    LockingKeys,
    Sandbox,
    MatchedProperties,
    UsbKeys,
    UsbLength,
    UsbSize,
    UsbPipes,
    UsbGone,
    IdleDext,
    LogStrings,
    Iteration,
};

constexpr uint32_t bitOf(Assumption assumption) {
    return UINT32_C(1) << static_cast<uint32_t>(assumption);
}

// Whether this machine assumes the other reading; false in a process that has no page yet.
bool assumed(Assumption assumption);

} // namespace dextsim

#endif
