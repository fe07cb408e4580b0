// The root class: its memory, and its place among the objects the kernel knows.
#include <DriverKit/OSObject.h>

#include "../runtime/objects.h"

#include <cstdlib>

bool OSObject::init() {
    return true;
}

void OSObject::free() {
    dextsim::forgetObject(this);
    ::free(static_cast<void *>(this));
}

void OSObject::retain() const {
    OSMetaClassBase::retain();
}

void OSObject::release() const {
    OSMetaClassBase::release();
}
