// References, casts and allocation; declared in DriverKit/OSMetaClass.h.
#include <DriverKit/OSObject.h>

#include "../runtime/classes.h"
#include "../runtime/log.h"

#include <cstdio>
#include <cstdlib>
#include <string>

using namespace dextsim;

OSMetaClassBase * OSMetaClassBase::safeMetaCast(const OSMetaClassBase * anObject,
                                                const OSMetaClass * toMeta) {
    const bool fits = anObject != nullptr && isSubclass(anObject->meta, toMeta);
    return fits ? const_cast<OSMetaClassBase *>(anObject) : nullptr;
}

OSMetaClassBase * OSMetaClassBase::requiredMetaCast(const OSMetaClassBase * anObject,
                                                    const OSMetaClass * toMeta) {
    OSMetaClassBase * const object = safeMetaCast(anObject, toMeta);
    if (object == nullptr && anObject != nullptr) {
        dieOfFault(std::string("OSRequiredCast: an object of class ") +
                   const_cast<OSMetaClassBase *>(anObject)->GetClassName() + " is no " +
                   descriptionOf(toMeta)->name);
    }
    return object;
}

bool OSMetaClassBase::IsRemote() {
    return (reserved & kOSObjectIsRemote) != 0;
}

const OSMetaClass * OSMetaClassBase::GetClass() {
    return meta;
}

const char * OSMetaClassBase::GetClassName() {
    return meta != nullptr ? descriptionOf(meta)->name : "OSMetaClass";
}

const OSMetaClass * OSMetaClassBase::getMetaClass() const {
    return meta;
}

void OSMetaClassBase::retain() const {
    if (__atomic_fetch_add(&refcount, 1, __ATOMIC_RELAXED) <= 0) {
        dieOfFault("retain of an object that was freed");
    }
}

void OSMetaClassBase::release() const {
    const int32_t before = __atomic_fetch_sub(&refcount, 1, __ATOMIC_ACQ_REL);
    if (before <= 0) {
        dieOfFault("release of an object that was freed");
    }
    if (before == 1) {
        // Every counted object is an OSObject; metaclasses are never released.
        static_cast<OSObject *>(const_cast<OSMetaClassBase *>(this))->free();
    }
}

bool OSMetaClassBase::isEqualTo(const OSMetaClassBase * anObject) const {
    return anObject == this;
}

kern_return_t OSMetaClassBase::Dispatch(IORPC invoke) {
    const uint64_t id = IORPCMessageFromMach(invoke.message, false)->msgid;
    char text[128];
    snprintf(text, sizeof text, "%s does not implement the message 0x%016llx", GetClassName(),
             static_cast<unsigned long long>(id));
    reportFault(text);
    return kIOReturnUnsupported;
}

kern_return_t OSObjectAllocate(OSMetaClass * meta, OSObject ** pObject) {
    auto * const object = static_cast<OSObject *>(calloc(1, instanceSizeOf(meta)));
    if (object == nullptr) {
        return kIOReturnNoMemory;
    }
    const kern_return_t status = meta->New(object);
    if (status != kIOReturnSuccess) {
        ::free(object);
        return status;
    }
    object->refcount = 1;
    object->meta = meta;
    *pObject = object;
    return kIOReturnSuccess;
}

bool IORPCIsObjectOf(OSObjectRef object, const OSMetaClass * meta) {
    const auto * const base = reinterpret_cast<const OSMetaClassBase *>(object);
    return base == nullptr || OSMetaClassBase::safeMetaCast(base, meta) != nullptr;
}

void IORPCReleaseObject(OSObjectRef object) {
    if (const auto * const base = reinterpret_cast<const OSMetaClassBase *>(object)) {
        base->release();
    }
}

void IORPCMissing(const char * method, const char * parameter) {
    dieOfFault(std::string(method) + ": " + parameter +
               " is NULL; a Mac's driver crashes here, as messages read strings and write objects "
               "without looking");
}
