// Objects that the kernel knows, by the number it gave them (ipc/messages.h).
#ifndef DEXTSIM_DRIVERKIT_OBJECTS_H
#define DEXTSIM_DRIVERKIT_OBJECTS_H

#include <DriverKit/OSObject.h>

#include <cstdint>
#include <string_view>

namespace dextsim {

// 0: the kernel does not know the object.
uint64_t kernelId(const OSObject * object);
// Once per object, before others can see it.
void setKernelId(OSObject * object, uint64_t id);

// Objects of this process that the kernel holds a reference of; this one passes to the table.
void holdForKernel(OSObject * object);
// Returns that reference; null when there was none.
OSObject * takeFromKernel(uint64_t id);
// With a reference for the caller, null for an unknown number.
OSObject * copyObject(uint64_t id);

// The proxy of an object that lives in the kernel, or the object itself when it lives here. With a
// reference for the caller. A class that this process does not have becomes an IOService.
OSObject * copyProxy(uint64_t id, std::string_view className);

// For OSObject::free.
void forgetObject(OSObject * object);

template <typename Class> Class * castTo(OSObject * object, const OSMetaClass * meta) {
    return static_cast<Class *>(OSMetaClassBase::safeMetaCast(object, meta));
}

} // namespace dextsim

#endif
