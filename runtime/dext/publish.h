// Properties of the driver in the registry, where apps read them without opening it (contract
// §6.2).
#ifndef DEXTGEN_PUBLISH_H
#define DEXTGEN_PUBLISH_H

#include <DriverKit/IOService.h>

namespace dextgen {

/// Collects values and publishes them in one step. Begin with a zeroed Publication, end with
/// PublicationSend.
struct Publication {
    OSDictionary * values;
    bool failed;
};

void PublicationAddInteger(Publication * publication, const char * key, uint64_t word,
                           uint32_t bits);
void PublicationAddBool(Publication * publication, const char * key, bool value);

/// Merges the values into the registry entry of `service`, and frees the publication.
kern_return_t PublicationSend(Publication * publication, IOService * service);

} // namespace dextgen

#endif
