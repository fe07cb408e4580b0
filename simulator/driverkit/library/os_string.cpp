// OSString: immutable strings.
#include "containers.h"
#include <cstring>

OSStringPtr OSString::withCString(const char * cString) {
    return cString == nullptr ? nullptr : withCString(cString, strlen(cString));
}

OSStringPtr OSString::withCString(const char * cString, size_t length) {
    if (cString == nullptr)
        return nullptr;
    OSString_IVars ivars;
    ivars.text.assign(cString, strnlen(cString, length));
    return dextsim::makeContainer<OSString>(gOSStringMetaClass, std::move(ivars));
}

OSStringPtr OSString::withCStringNoCopy(const char * cString) {
    return withCString(cString);
}

OSStringPtr OSString::withString(const OSString * aString) {
    return aString == nullptr ? nullptr : withCString(aString->getCStringNoCopy());
}

void OSString::free() {
    delete ivars;
    ivars = nullptr;
    super::free();
}

size_t OSString::getLength() const {
    return ivars->text.size();
}

const char * OSString::getCStringNoCopy() const {
    return ivars->text.c_str();
}

bool OSString::isEqualTo(const OSString * aString) const {
    return aString != nullptr && aString->ivars->text == ivars->text;
}

bool OSString::isEqualTo(const char * cString) const {
    return cString != nullptr && ivars->text == cString;
}

bool OSString::isEqualTo(const OSData * aDataObject) const {
    return aDataObject != nullptr && aDataObject->isEqualTo(this);
}

bool OSString::isEqualTo(const OSMetaClassBase * anObject) const {
    if (const OSString * string = OSDynamicCast(OSString, anObject))
        return isEqualTo(string);
    if (const OSData * data = OSDynamicCast(OSData, anObject))
        return isEqualTo(data);
    return false;
}
