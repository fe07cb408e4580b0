// The functions of OSCollections.h.
#include "containers.h"
#include <algorithm>
#include <cstring>

namespace {

const char * textOf(const OSObject * object) {
    const OSString * string = OSDynamicCast(OSString, object);
    return string == nullptr ? nullptr : string->getCStringNoCopy();
}

uint64_t valueOf(const OSObject * object) {
    const OSNumber * number = OSDynamicCast(OSNumber, object);
    return number == nullptr ? 0 : number->unsigned64BitValue();
}

uint32_t toIndex(size_t index) {
    return static_cast<uint32_t>(std::min<size_t>(index, UINT32_MAX));
}

// Hands `object`, which carries a reference, to `store` and drops the reference.
template <typename Store> void storeNew(OSObject * object, Store store) {
    if (object == nullptr)
        return;
    store(object);
    object->release();
}

} // namespace

void OSObjectRetain(OSObjectPtr container) {
    container->retain();
}

void OSObjectRelease(OSObjectPtr container) {
    container->release();
}

OSStringPtr OSStringCreate(const char * cstring, size_t length) {
    return OSString::withCString(cstring, length);
}

size_t OSStringGetLength(OSStringPtr obj) {
    return obj->getLength();
}

const char * OSStringGetStringPtr(OSStringPtr obj) {
    return obj->getCStringNoCopy();
}

OSDataPtr OSDataCreate(const void * bytes, size_t length) {
    return OSData::withBytes(bytes, length);
}

size_t OSDataGetLength(OSDataPtr obj) {
    return obj->getLength();
}

const void * OSDataGetBytesPtr(OSDataPtr obj, size_t offset, size_t length) {
    return obj->getBytesNoCopy(offset, length);
}

size_t OSDataGetBytes(OSDataPtr obj, void * buffer, size_t offset, size_t length) {
    const size_t total = obj->getLength();
    if (offset >= total)
        return 0;
    const size_t count = std::min(length, total - offset);
    memcpy(buffer, static_cast<const uint8_t *>(obj->getBytesNoCopy()) + offset, count);
    return count;
}

size_t OSDataAppendBytes(OSDataPtr obj, const void * buffer, size_t length) {
    return obj->appendBytes(buffer, length) ? length : 0;
}

OSNumberPtr OSNumberCreateWithUInt64Value(uint64_t value) {
    return OSNumber::withNumber(value, 64);
}

uint64_t OSNumberGetUInt64Value(OSNumberPtr obj) {
    return valueOf(obj);
}

OSDictionaryPtr OSDictionaryCreate(void) {
    return OSDictionary::withCapacity(0);
}

uint32_t OSDictionaryGetCount(OSDictionaryPtr obj) {
    return obj->getCount();
}

bool OSDictionarySetValue(OSDictionaryPtr obj, const char * key, OSObjectPtr value) {
    return obj->setObject(key, value);
}

OSObjectPtr OSDictionaryGetValue(OSDictionaryPtr obj, const char * key) {
    return obj->getObject(key);
}

const char * OSDictionaryGetStringValue(OSDictionaryPtr obj, const char * key) {
    return textOf(obj->getObject(key));
}

uint64_t OSDictionaryGetUInt64Value(OSDictionaryPtr obj, const char * key) {
    return valueOf(obj->getObject(key));
}

void OSDictionarySetStringValue(OSDictionaryPtr obj, const char * key, const char * value) {
    storeNew(OSString::withCString(value), [=](OSObject * object) { obj->setObject(key, object); });
}

void OSDictionarySetUInt64Value(OSDictionaryPtr obj, const char * key, uint64_t value) {
    storeNew(OSNumberCreateWithUInt64Value(value),
             [=](OSObject * object) { obj->setObject(key, object); });
}

OSArrayPtr OSArrayCreate(void) {
    return OSArray::withCapacity(0);
}

uint32_t OSArrayGetCount(OSArrayPtr obj) {
    return obj->getCount();
}

bool OSArraySetValue(OSArrayPtr obj, size_t index, OSObjectPtr value) {
    return index == kOSArrayAppend ? obj->setObject(value) : obj->setObject(toIndex(index), value);
}

bool OSArrayReplaceValue(OSArrayPtr obj, size_t index, OSObjectPtr value) {
    if (index >= obj->getCount() || value == nullptr)
        return false;
    return obj->replaceObject(toIndex(index), value);
}

bool OSArrayAppendValue(OSArrayPtr obj, OSObjectPtr value) {
    return obj->setObject(value);
}

OSObjectPtr OSArrayGetValue(OSArrayPtr obj, size_t index) {
    return obj->getObject(toIndex(index));
}

const char * OSArrayGetStringValue(OSArrayPtr obj, size_t index) {
    return textOf(OSArrayGetValue(obj, index));
}

void OSArraySetStringValue(OSArrayPtr obj, size_t index, const char * value) {
    storeNew(OSString::withCString(value),
             [=](OSObject * object) { OSArraySetValue(obj, index, object); });
}

uint64_t OSArrayGetUInt64Value(OSArrayPtr obj, size_t index) {
    return valueOf(OSArrayGetValue(obj, index));
}

void OSArraySetUInt64Value(OSArrayPtr obj, size_t index, uint64_t value) {
    storeNew(OSNumberCreateWithUInt64Value(value),
             [=](OSObject * object) { OSArraySetValue(obj, index, object); });
}

#if __BLOCKS__
bool OSDictionaryApply(OSDictionaryPtr obj, OSDictionaryApplier applier) {
    for (const auto & entry : obj->ivars->entries) {
        if (applier(textOf(entry.key), entry.value))
            return true;
    }
    return false;
}

bool OSArrayApply(OSArrayPtr obj, OSArrayApplier applier) {
    for (OSObject * object : obj->ivars->objects) {
        if (applier(object))
            return true;
    }
    return false;
}
#endif
