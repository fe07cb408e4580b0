// OSSet.
#include "containers.h"
#include "iteration.h"
#include <algorithm>

OSSetPtr OSSet::withCapacity(uint32_t capacity) {
    OSSet_IVars ivars;
    ivars.objects.reserve(capacity);
    return dextsim::makeContainer<OSSet>(gOSSetMetaClass, std::move(ivars));
}

OSSetPtr OSSet::withObjects(const OSObject ** values, uint32_t count, uint32_t capacity) {
    OSSet * set = withCapacity(std::max(count, capacity));
    for (uint32_t index = 0; set != nullptr && index < count; index++) {
        if (values[index] == nullptr)
            OSSafeReleaseNULL(set) else set->setObject(values[index]);
    }
    return set;
}

OSSetPtr OSSet::withArray(const OSArray * array, uint32_t capacity) {
    OSSet * set = array == nullptr ? nullptr : withCapacity(std::max(array->getCount(), capacity));
    if (set != nullptr)
        set->merge(array);
    return set;
}

OSSetPtr OSSet::withSet(const OSSet * other, uint32_t capacity) {
    OSSet * set = other == nullptr ? nullptr : withCapacity(std::max(other->getCount(), capacity));
    if (set != nullptr)
        set->merge(other);
    return set;
}

void OSSet::free() {
    if (ivars != nullptr)
        flushCollection();
    delete ivars;
    ivars = nullptr;
    super::free();
}

uint32_t OSSet::getCount() const {
    return static_cast<uint32_t>(ivars->objects.size());
}

uint32_t OSSet::getCapacity() const {
    return static_cast<uint32_t>(ivars->objects.capacity());
}

uint32_t OSSet::ensureCapacity(uint32_t newCapacity) {
    ivars->objects.reserve(newCapacity);
    return getCapacity();
}

void OSSet::flushCollection() {
    dextsim::releaseAll(ivars->objects);
}

bool OSSet::setObject(const OSMetaClassBase * anObject) {
    OSObject * object = dextsim::asObject(anObject);
    if (object == nullptr || containsObject(object))
        return false;
    ivars->objects.push_back(dextsim::retained(object));
    return true;
}

bool OSSet::merge(const OSArray * otherArray) {
    bool added = false;
    for (uint32_t index = 0; otherArray != nullptr && index < otherArray->getCount(); index++)
        added = setObject(otherArray->getObject(index)) || added;
    return added;
}

bool OSSet::merge(const OSSet * otherSet) {
    bool added = false;
    if (otherSet == nullptr || otherSet == this)
        return false;
    for (OSObject * object : otherSet->ivars->objects)
        added = setObject(object) || added;
    return added;
}

void OSSet::removeObject(const OSMetaClassBase * anObject) {
    const auto found = std::find(ivars->objects.begin(), ivars->objects.end(), anObject);
    if (found == ivars->objects.end())
        return;
    OSObject * object = *found;
    ivars->objects.erase(found);
    object->release();
}

bool OSSet::containsObject(const OSMetaClassBase * anObject) const {
    return std::find(ivars->objects.begin(), ivars->objects.end(), anObject) !=
           ivars->objects.end();
}

OSObject * OSSet::getAnyObject() const {
    return ivars->objects.empty() ? nullptr : ivars->objects.front();
}

bool OSSet::isEqualTo(const OSArray * anArray) const {
    if (anArray == nullptr || anArray->getCount() != getCount())
        return false;
    return std::all_of(ivars->objects.begin(), ivars->objects.end(), [&](const OSObject * object) {
        return anArray->getNextIndexOfObject(object, 0) != UINT32_MAX;
    });
}

bool OSSet::isEqualTo(const OSSet * aSet) const {
    if (aSet == nullptr || aSet->getCount() != getCount())
        return false;
    return std::all_of(ivars->objects.begin(), ivars->objects.end(),
                       [&](const OSObject * object) { return aSet->containsObject(object); });
}

bool OSSet::isEqualTo(const OSMetaClassBase * anObject) const {
    if (const OSSet * set = OSDynamicCast(OSSet, anObject))
        return isEqualTo(set);
    if (const OSArray * array = OSDynamicCast(OSArray, anObject))
        return isEqualTo(array);
    return false;
}

bool OSSet::iterateObjects([[maybe_unused]] OSCollectionIterateObjectsBlock block) const {
    const bool more = dextsim::goesOn();
#if __BLOCKS__
    for (OSObject * object : ivars->objects) {
        if (block(object) != more)
            return !more;
    }
#endif
    return more;
}
