// Compares matching dictionaries with registry entries: personalities against providers and
// clients' dictionaries against services (contract §5.2, §7.2). Changes nothing. IOPropertyMatch
// and IOPropertyExistsMatch look at an object's own properties, not at what a dext has published
// with SetProperties (contract §6.2), unless that is assumed.
#ifndef DEXTSIM_KERNEL_MATCHING_H
#define DEXTSIM_KERNEL_MATCHING_H

#include "bundle.h"
#include "registry.h"

#include <string>

namespace dextsim {

// "" when the personality matches the provider; else a clause that says why not.
std::string whyNotMatching(const Registry & registry, const Personality & personality,
                           const Entry & provider);

// "" or the resource that a driver of a provider other than the resources waits for (contract
// §5.2).
std::string missingResource(const Registry & registry, const Personality & personality,
                            const Entry & provider);

// IOProbeScore plus what the provider's family adds.
int probeScore(const Personality & personality);

// Whether a client's matching dictionary finds this service. Its state is the caller's business.
bool serviceMatches(const Registry & registry, const Value & matching, const Entry & service);

} // namespace dextsim

#endif
