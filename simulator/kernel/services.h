// Matching personalities against providers, starting dext services, and publishing them.
#ifndef DEXTSIM_KERNEL_SERVICES_H
#define DEXTSIM_KERNEL_SERVICES_H

#include "kernel.h"

namespace dextsim {

// Loads a bundle and matches it against everything that is there. False: `error` is one sentence.
bool addBundle(Kernel & kernel, const std::string & path, std::string & error);
// The same in place of the bundle of that identifier: its processes serve on until they end.
bool replaceBundle(Kernel & kernel, const std::string & path, std::string & error);
// Which personalities are tried on a provider.
struct MatchScope {
    // The driver of this one died: it alone comes back (contract §4.7). Null: all are tried.
    const Personality * again = nullptr;
    bool gaveUp = false; // it died too often: all but it
};
// Tries personalities on a provider that is registered. While the system sleeps it is put off until
// the system wakes (contract §5.3).
void matchProvider(Kernel & kernel, uint64_t provider, MatchScope scope = {});
// What was put off.
void matchDeferred(Kernel & kernel);
// Publishes an entry: notifications, matching of drivers on it.
void registerEntry(Kernel & kernel, uint64_t entry);
// Whether a driver of the default category is attached to a provider, or is being started on it.
bool isDriven(Kernel & kernel, const Entry & provider);
// RegisterService of a dext. An IOReturn.
int32_t registerService(Kernel & kernel, uint64_t entry);
// IOService::Create (contract §4.2). 0 or an IOReturn.
int32_t createObject(Kernel & kernel, DextProcess & process, uint64_t service,
                     const std::string & propertiesKey, Entry *& made);

} // namespace dextsim

#endif
