// OSNumber has no float (contract §6.4), so only integers and booleans can be properties.
#include "publish.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSNumber.h>

namespace dextgen {

namespace {

void Add(Publication * publication, const char * key, const OSObject * value) {
    if (publication->values == nullptr) {
        publication->values = OSDictionary::withCapacity(8);
    }
    if (publication->values == nullptr || value == nullptr ||
        !publication->values->setObject(key, value)) {
        publication->failed = true;
    }
}

} // namespace

void PublicationAddInteger(Publication * publication, const char * key, uint64_t word,
                           uint32_t bits) {
    OSNumber * number = OSNumber::withNumber(word, bits);
    Add(publication, key, number);
    OSSafeReleaseNULL(number);
}

void PublicationAddBool(Publication * publication, const char * key, bool value) {
    Add(publication, key, value ? kOSBooleanTrue : kOSBooleanFalse);
}

kern_return_t PublicationSend(Publication * publication, IOService * service) {
    kern_return_t status = kIOReturnNoMemory;
    if (!publication->failed) {
        status = publication->values != nullptr ? service->SetProperties(publication->values)
                                                : kIOReturnSuccess;
    }
    OSSafeReleaseNULL(publication->values);
    return status;
}

} // namespace dextgen
