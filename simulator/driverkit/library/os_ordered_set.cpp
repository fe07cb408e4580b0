// OSOrderedSet.
#include "containers.h"
#include "iteration.h"
#include <algorithm>

OSOrderedSetPtr OSOrderedSet::withCapacity(uint32_t capacity, OSOrderFunction orderFunc,
                                           void * orderingContext) {
    OSOrderedSet_IVars ivars = {{}, orderFunc, orderingContext};
    ivars.objects.reserve(capacity);
    return dextsim::makeContainer<OSOrderedSet>(gOSOrderedSetMetaClass, std::move(ivars));
}

void OSOrderedSet::free() {
    if (ivars != nullptr)
        flushCollection();
    delete ivars;
    ivars = nullptr;
    super::free();
}

uint32_t OSOrderedSet::getCount() const {
    return static_cast<uint32_t>(ivars->objects.size());
}

uint32_t OSOrderedSet::getCapacity() const {
    return static_cast<uint32_t>(ivars->objects.capacity());
}

uint32_t OSOrderedSet::ensureCapacity(uint32_t newCapacity) {
    ivars->objects.reserve(newCapacity);
    return getCapacity();
}

void OSOrderedSet::flushCollection() {
    dextsim::releaseAll(ivars->objects);
}

namespace {

bool insertAt(OSOrderedSet_IVars & ivars, size_t index, const OSMetaClassBase * anObject) {
    OSObject * object = dextsim::asObject(anObject);
    if (object == nullptr || std::count(ivars.objects.begin(), ivars.objects.end(), object) > 0)
        return false;
    ivars.objects.insert(ivars.objects.begin() + static_cast<std::ptrdiff_t>(index),
                         dextsim::retained(object));
    return true;
}

} // namespace

bool OSOrderedSet::setObject(const OSMetaClassBase * anObject) {
    const OSObject * object = dextsim::asObject(anObject);
    size_t index = 0;
    if (object != nullptr && ivars->order != nullptr) {
        while (index < ivars->objects.size() &&
               ivars->order(ivars->objects[index], object, ivars->context) >= 0)
            index++;
    }
    return insertAt(*ivars, index, anObject);
}

bool OSOrderedSet::setFirstObject(const OSMetaClassBase * anObject) {
    return insertAt(*ivars, 0, anObject);
}

bool OSOrderedSet::setLastObject(const OSMetaClassBase * anObject) {
    return insertAt(*ivars, ivars->objects.size(), anObject);
}

void OSOrderedSet::removeObject(const OSMetaClassBase * anObject) {
    const auto found = std::find(ivars->objects.begin(), ivars->objects.end(), anObject);
    if (found == ivars->objects.end())
        return;
    OSObject * object = *found;
    ivars->objects.erase(found);
    object->release();
}

bool OSOrderedSet::containsObject(const OSMetaClassBase * anObject) const {
    return std::count(ivars->objects.begin(), ivars->objects.end(), anObject) > 0;
}

OSObject * OSOrderedSet::getObject(uint32_t index) const {
    return index < getCount() ? ivars->objects[index] : nullptr;
}

OSObject * OSOrderedSet::getFirstObject() const {
    return getObject(0);
}

OSObject * OSOrderedSet::getLastObject() const {
    return ivars->objects.empty() ? nullptr : ivars->objects.back();
}

bool OSOrderedSet::isEqualTo(const OSOrderedSet * anOrderedSet) const {
    return anOrderedSet != nullptr && anOrderedSet->ivars->objects == ivars->objects;
}

bool OSOrderedSet::isEqualTo(const OSMetaClassBase * anObject) const {
    return isEqualTo(OSDynamicCast(OSOrderedSet, anObject));
}

bool OSOrderedSet::iterateObjects([[maybe_unused]] OSCollectionIterateObjectsBlock block) const {
    const bool more = dextsim::goesOn();
#if __BLOCKS__
    for (OSObject * object : ivars->objects) {
        if (block(object) != more)
            return !more;
    }
#endif
    return more;
}
