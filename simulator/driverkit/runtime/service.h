// What an IOService of this process carries.
#ifndef DEXTSIM_DRIVERKIT_SERVICE_H
#define DEXTSIM_DRIVERKIT_SERVICE_H

#include <DriverKit/IOService.h>

#include <map>
#include <mutex>
#include <string>

class IODispatchQueue;
class OSDictionary;

struct IOService_IVars {
    std::mutex lock;
    std::map<std::string, IODispatchQueue *, std::less<>> queues; // retained
    IOService * provider;                                         // retained from Start to Stop
    bool stopped;                                                 // the kernel has let go of it
    bool didStop;                                                 // Stop has reached IOService
    OSDictionary * opening; // entitlements of the client of a NewUserClient under way; borrowed
};

namespace dextsim {

// The dext's half of an object that the kernel has made, initialised; its reference is the
// kernel's. Null with kIOReturnUnsupportedMode: the process has no such class (contract §4.2).
IOService * instantiate(uint64_t id, const std::string & className, kern_return_t & status);

// From here on the service's queues are out of use (contract §9.6).
void markStopped(IOService * service);

} // namespace dextsim

#endif
