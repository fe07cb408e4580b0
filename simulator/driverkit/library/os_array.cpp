// OSArray.
#include "containers.h"
#include "iteration.h"
#include <algorithm>

OSArrayPtr OSArray::withCapacity(uint32_t capacity) {
    OSArray_IVars ivars;
    ivars.objects.reserve(capacity);
    return dextsim::makeContainer<OSArray>(gOSArrayMetaClass, std::move(ivars));
}

OSArrayPtr OSArray::withObjects(const OSObject ** values, uint32_t count, uint32_t capacity) {
    OSArray * array = withCapacity(std::max(count, capacity));
    for (uint32_t index = 0; array != nullptr && index < count; index++) {
        if (!array->setObject(values[index]))
            OSSafeReleaseNULL(array);
    }
    return array;
}

OSArrayPtr OSArray::withArray(const OSArray * array, uint32_t capacity) {
    if (array == nullptr)
        return nullptr;
    OSArray * copy = withCapacity(std::max(array->getCount(), capacity));
    if (copy != nullptr)
        copy->merge(array);
    return copy;
}

void OSArray::free() {
    if (ivars != nullptr)
        flushCollection();
    delete ivars;
    ivars = nullptr;
    super::free();
}

uint32_t OSArray::getCount() const {
    return static_cast<uint32_t>(ivars->objects.size());
}

uint32_t OSArray::getCapacity() const {
    return static_cast<uint32_t>(ivars->objects.capacity());
}

uint32_t OSArray::ensureCapacity(uint32_t newCapacity) {
    ivars->objects.reserve(newCapacity);
    return getCapacity();
}

void OSArray::flushCollection() {
    dextsim::releaseAll(ivars->objects);
}

bool OSArray::setObject(const OSMetaClassBase * anObject) {
    return setObject(getCount(), anObject);
}

bool OSArray::setObject(uint32_t index, const OSMetaClassBase * anObject) {
    OSObject * object = dextsim::asObject(anObject);
    if (object == nullptr || index > getCount())
        return false;
    ivars->objects.insert(ivars->objects.begin() + index, dextsim::retained(object));
    return true;
}

bool OSArray::merge(const OSArray * otherArray) {
    if (otherArray == nullptr)
        return false;
    const std::vector<OSObject *> others = otherArray->ivars->objects; // may be this one
    for (OSObject * object : others)
        ivars->objects.push_back(dextsim::retained(object));
    return true;
}

bool OSArray::replaceObject(uint32_t index, const OSMetaClassBase * anObject) {
    OSObject * object = dextsim::asObject(anObject);
    if (object == nullptr || index >= getCount())
        return false;
    object->retain();
    std::swap(ivars->objects[index], object);
    object->release();
    return true;
}

void OSArray::removeObject(uint32_t index) {
    if (index >= getCount())
        return;
    OSObject * object = ivars->objects[index];
    ivars->objects.erase(ivars->objects.begin() + index);
    object->release();
}

OSObject * OSArray::getObject(uint32_t index) const {
    return index < getCount() ? ivars->objects[index] : nullptr;
}

OSObject * OSArray::getLastObject() const {
    return ivars->objects.empty() ? nullptr : ivars->objects.back();
}

uint32_t OSArray::getNextIndexOfObject(const OSMetaClassBase * anObject, uint32_t index) const {
    for (; index < getCount(); index++) {
        if (ivars->objects[index] == anObject)
            return index;
    }
    return UINT32_MAX;
}

bool OSArray::isEqualTo(const OSArray * anArray) const {
    if (anArray == nullptr || anArray->getCount() != getCount())
        return false;
    return std::equal(
        ivars->objects.begin(), ivars->objects.end(), anArray->ivars->objects.begin(),
        [](const OSObject * one, const OSObject * other) { return one->isEqualTo(other); });
}

bool OSArray::isEqualTo(const OSMetaClassBase * anObject) const {
    return isEqualTo(OSDynamicCast(OSArray, anObject));
}

bool OSArray::iterateObjects([[maybe_unused]] OSCollectionIterateObjectsBlock block) const {
    const bool more = dextsim::goesOn();
#if __BLOCKS__
    for (OSObject * object : ivars->objects) {
        if (block(object) != more)
            return !more;
    }
#endif
    return more;
}
