// OSDictionary. Few entries are usual in property lists, so that a search in order is fast enough
// and the order of insertion stays.
#include "containers.h"
#include "iteration.h"
#include <algorithm>
#include <cstring>

using Entry = OSDictionary_IVars::Entry;

namespace {

bool hasKey(const Entry & entry, const OSMetaClassBase * key) {
    return entry.key == key || entry.key->isEqualTo(key);
}

bool hasKey(const Entry & entry, const char * key) {
    const OSString * string = OSDynamicCast(OSString, entry.key);
    return string != nullptr && string->isEqualTo(key);
}

template <typename Key> Entry * findEntry(std::vector<Entry> & entries, const Key * key) {
    for (Entry & entry : entries) {
        if (hasKey(entry, key))
            return &entry;
    }
    return nullptr;
}

template <typename Key> void removeEntry(std::vector<Entry> & entries, const Key * key) {
    const Entry * found = key == nullptr ? nullptr : findEntry(entries, key);
    if (found == nullptr)
        return;
    const Entry gone = *found;
    entries.erase(entries.begin() + (found - entries.data()));
    gone.key->release();
    gone.value->release();
}

} // namespace

OSDictionaryPtr OSDictionary::withCapacity(uint32_t capacity) {
    OSDictionary_IVars ivars;
    ivars.entries.reserve(capacity);
    return dextsim::makeContainer<OSDictionary>(gOSDictionaryMetaClass, std::move(ivars));
}

OSDictionaryPtr OSDictionary::withObjects(const OSObject ** values, const OSObject ** keys,
                                          uint32_t count, uint32_t capacity) {
    OSDictionary * dictionary = withCapacity(std::max(count, capacity));
    for (uint32_t index = 0; dictionary != nullptr && index < count; index++) {
        if (!dictionary->setObject(keys[index], values[index]))
            OSSafeReleaseNULL(dictionary);
    }
    return dictionary;
}

OSDictionaryPtr OSDictionary::withDictionary(const OSDictionary * dictionary, uint32_t capacity) {
    if (dictionary == nullptr)
        return nullptr;
    OSDictionary * copy = withCapacity(std::max(dictionary->getCount(), capacity));
    if (copy != nullptr)
        copy->merge(dictionary);
    return copy;
}

void OSDictionary::free() {
    if (ivars != nullptr)
        flushCollection();
    delete ivars;
    ivars = nullptr;
    super::free();
}

uint32_t OSDictionary::getCount() const {
    return static_cast<uint32_t>(ivars->entries.size());
}

uint32_t OSDictionary::getCapacity() const {
    return static_cast<uint32_t>(ivars->entries.capacity());
}

uint32_t OSDictionary::ensureCapacity(uint32_t newCapacity) {
    ivars->entries.reserve(newCapacity);
    return getCapacity();
}

void OSDictionary::flushCollection() {
    std::vector<Entry> gone;
    gone.swap(ivars->entries);
    for (const Entry & entry : gone) {
        entry.key->release();
        entry.value->release();
    }
}

bool OSDictionary::setObject(const OSObject * aKey, const OSMetaClassBase * anObject) {
    OSObject * value = dextsim::asObject(anObject);
    OSObject * key = const_cast<OSObject *>(aKey);
    if (key == nullptr || value == nullptr)
        return false;
    value->retain();
    if (Entry * entry = findEntry<OSMetaClassBase>(ivars->entries, key)) {
        std::swap(entry->value, value);
        value->release();
    } else {
        ivars->entries.push_back({dextsim::retained(key), value});
    }
    return true;
}

bool OSDictionary::setObject(const char * aKey, const OSMetaClassBase * anObject) {
    OSString * key = OSString::withCString(aKey);
    if (key == nullptr)
        return false;
    const bool done = setObject(key, anObject);
    key->release();
    return done;
}

void OSDictionary::removeObject(const OSObject * aKey) {
    removeEntry<OSMetaClassBase>(ivars->entries, aKey);
}

void OSDictionary::removeObject(const char * aKey) {
    removeEntry(ivars->entries, aKey);
}

bool OSDictionary::merge(const OSDictionary * otherDictionary) {
    if (otherDictionary == nullptr)
        return false;
    if (otherDictionary == this)
        return true;
    for (const Entry & entry : otherDictionary->ivars->entries)
        setObject(entry.key, entry.value);
    return true;
}

OSObject * OSDictionary::getObject(const OSObject * aKey) const {
    const Entry * entry =
        aKey == nullptr ? nullptr : findEntry<OSMetaClassBase>(ivars->entries, aKey);
    return entry == nullptr ? nullptr : entry->value;
}

OSObject * OSDictionary::getObject(const char * aKey) const {
    const Entry * entry = aKey == nullptr ? nullptr : findEntry(ivars->entries, aKey);
    return entry == nullptr ? nullptr : entry->value;
}

bool OSDictionary::isEqualTo(const OSDictionary * aDictionary, const OSCollection * keys) const {
    if (aDictionary == nullptr || keys == nullptr)
        return false;
    const auto agree = [&](const OSObject * key) {
        const OSObject * mine = getObject(key);
        const OSObject * theirs = aDictionary->getObject(key);
        return mine != nullptr && theirs != nullptr && mine->isEqualTo(theirs);
    };
    if (const OSDictionary * dictionary = OSDynamicCast(OSDictionary, keys)) {
        const auto & entries = dictionary->ivars->entries;
        return std::all_of(entries.begin(), entries.end(),
                           [&](const Entry & entry) { return agree(entry.key); });
    }
    if (const OSArray * array = OSDynamicCast(OSArray, keys))
        return std::all_of(array->ivars->objects.begin(), array->ivars->objects.end(), agree);
    if (const OSSet * set = OSDynamicCast(OSSet, keys))
        return std::all_of(set->ivars->objects.begin(), set->ivars->objects.end(), agree);
    return false;
}

bool OSDictionary::isEqualTo(const OSDictionary * aDictionary) const {
    return aDictionary != nullptr && aDictionary->getCount() == getCount() &&
           isEqualTo(aDictionary, this);
}

bool OSDictionary::isEqualTo(const OSMetaClassBase * anObject) const {
    return isEqualTo(OSDynamicCast(OSDictionary, anObject));
}

bool OSDictionary::iterateObjects([[maybe_unused]] OSCollectionIterateObjectsBlock block) const {
    const bool more = dextsim::goesOn();
#if __BLOCKS__
    for (const Entry & entry : ivars->entries) {
        if (block(entry.key) != more)
            return !more;
    }
#endif
    return more;
}

bool OSDictionary::iterateObjects([[maybe_unused]] OSDictionaryIterateObjectsBlock block) const {
    const bool more = dextsim::goesOn();
#if __BLOCKS__
    for (const Entry & entry : ivars->entries) {
        if (block(entry.key, entry.value) != more)
            return !more;
    }
#endif
    return more;
}
