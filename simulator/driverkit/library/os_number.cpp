// OSNumber and OSBoolean.
#include "containers.h"
#include <cstdlib>
#include <cstring>
#include <new>

OSNumberPtr OSNumber::withNumber(uint64_t value, size_t numberOfBits) {
    if (numberOfBits == 0 || numberOfBits > 64)
        return nullptr;
    const uint64_t mask = UINT64_MAX >> (64 - numberOfBits);
    const OSNumber_IVars ivars = {value & mask, numberOfBits};
    return dextsim::makeContainer<OSNumber>(gOSNumberMetaClass, ivars);
}

OSNumberPtr OSNumber::withNumber(const char * valueString, size_t numberOfBits) {
    if (valueString == nullptr)
        return nullptr;
    const bool hex = strncmp(valueString, "0x", 2) == 0 || strncmp(valueString, "0X", 2) == 0;
    return withNumber(static_cast<uint64_t>(strtoull(valueString, nullptr, hex ? 16 : 10)),
                      numberOfBits);
}

void OSNumber::free() {
    delete ivars;
    ivars = nullptr;
    super::free();
}

size_t OSNumber::numberOfBits() const {
    return ivars->bits;
}

uint8_t OSNumber::unsigned8BitValue() const {
    return static_cast<uint8_t>(ivars->value);
}

uint16_t OSNumber::unsigned16BitValue() const {
    return static_cast<uint16_t>(ivars->value);
}

uint32_t OSNumber::unsigned32BitValue() const {
    return static_cast<uint32_t>(ivars->value);
}

uint64_t OSNumber::unsigned64BitValue() const {
    return ivars->value;
}

bool OSNumber::isEqualTo(const OSNumber * aNumber) const {
    return aNumber != nullptr && aNumber->ivars->value == ivars->value;
}

bool OSNumber::isEqualTo(const OSMetaClassBase * anObject) const {
    return isEqualTo(OSDynamicCast(OSNumber, anObject));
}

void OSBoolean::free() {}

void OSBoolean::retain() const {}

void OSBoolean::release() const {}

namespace {

OSBoolean * makeBoolean(void * storage) {
    OSBoolean * boolean = ::new (storage) OSBoolean();
    boolean->refcount = 1;
    boolean->meta = gOSBooleanMetaClass;
    return boolean;
}

alignas(OSBoolean) unsigned char trueStorage[sizeof(OSBoolean)];
alignas(OSBoolean) unsigned char falseStorage[sizeof(OSBoolean)];

} // namespace

OSBooleanPtr kOSBooleanTrue = makeBoolean(trueStorage);
OSBooleanPtr kOSBooleanFalse = makeBoolean(falseStorage);
