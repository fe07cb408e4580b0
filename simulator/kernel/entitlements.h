// The entitlement decisions of contract §4.3 and §5.4, as functions of dictionaries.
#ifndef DEXTSIM_KERNEL_ENTITLEMENTS_H
#define DEXTSIM_KERNEL_ENTITLEMENTS_H

#include "ipc/value.h"

#include <string>

namespace dextsim {

enum class Platform { MacOS, IPadOS };

// What decides whether a client may open a user client.
struct UserClientAccess {
    Platform platform = Platform::MacOS;
    const Value & client;     // entitlements of the client
    const Value & dext;       // entitlements of the dext
    std::string bundle;       // CFBundleIdentifier of the service
    const Value & userClient; // properties of the user client object
};
// "" or why the open is denied: kIOReturnNotPermitted.
std::string whyDenied(const UserClientAccess & access);

// "" or why the sandbox of a client keeps it from opening anything (contract §4.3 step 2).
std::string whySandboxed(const Value & client);

// IOUserClientEntitlements of the user client: "" or why the open is kIOReturnNotPrivileged.
std::string whyNotPrivileged(const Value & userClient, const Value & client);

// "" or why a dext may not serve this provider (IOServiceDEXTEntitlements of the provider).
std::string whyDextDenied(const Value & dext, const Value & provider);

} // namespace dextsim

#endif
