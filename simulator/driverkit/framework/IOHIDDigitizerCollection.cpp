// Collections of digitizer elements: plain state between a driver's reports.
#include <HIDDriverKit/IOHIDDigitizerCollection.h>

#include <DriverKit/OSArray.h>
#include <HIDDriverKit/IOHIDElement.h>

struct IOHIDDigitizerCollection_IVars {
    IOHIDDigitizerCollectionType type;
    IOHIDElement * parent;
    OSArray * elements;
    bool touch, inRange;
    IOFixed x, y, z;
};

IOHIDDigitizerCollection * IOHIDDigitizerCollection::withType(IOHIDDigitizerCollectionType type,
                                                              IOHIDElement * parent) {
    auto * const made = OSTypeAlloc(IOHIDDigitizerCollection);
    if (made != nullptr && !made->initWithType(type, parent)) {
        made->release();
        return nullptr;
    }
    return made;
}

bool IOHIDDigitizerCollection::initWithType(IOHIDDigitizerCollectionType type,
                                            IOHIDElement * parent) {
    if (!OSContainer::init()) {
        return false;
    }
    ivars = new IOHIDDigitizerCollection_IVars{};
    ivars->type = type;
    ivars->parent = parent;
    return true;
}

void IOHIDDigitizerCollection::free() {
    if (ivars != nullptr) {
        OSSafeRelease(ivars->elements);
        delete ivars;
        ivars = nullptr;
    }
    OSContainer::free();
}

void IOHIDDigitizerCollection::addElement(IOHIDElement * element) {
    if (ivars->elements == nullptr) {
        ivars->elements = OSArray::withCapacity(4);
    }
    if (element != nullptr && ivars->elements != nullptr) {
        ivars->elements->setObject(element);
    }
}

OSArray * IOHIDDigitizerCollection::getElements() {
    return ivars->elements;
}

IOHIDElement * IOHIDDigitizerCollection::getParentCollection() {
    return ivars->parent;
}

IOHIDDigitizerCollectionType IOHIDDigitizerCollection::getType() {
    return ivars->type;
}

bool IOHIDDigitizerCollection::getTouch() {
    return ivars->touch;
}

void IOHIDDigitizerCollection::setTouch(bool touch) {
    ivars->touch = touch;
}

bool IOHIDDigitizerCollection::getInRange() {
    return ivars->inRange;
}

void IOHIDDigitizerCollection::setInRange(bool inRange) {
    ivars->inRange = inRange;
}

IOFixed IOHIDDigitizerCollection::getX() {
    return ivars->x;
}

void IOHIDDigitizerCollection::setX(IOFixed x) {
    ivars->x = x;
}

IOFixed IOHIDDigitizerCollection::getY() {
    return ivars->y;
}

void IOHIDDigitizerCollection::setY(IOFixed y) {
    ivars->y = y;
}

IOFixed IOHIDDigitizerCollection::getZ() {
    return ivars->z;
}

void IOHIDDigitizerCollection::setZ(IOFixed z) {
    ivars->z = z;
}
