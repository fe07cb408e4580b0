// Mappings of descriptors in the dext: bounds, options, and read-only memory (contract §2.5).
#include <DriverKit/IOMemoryMap.h>

#include "../../ipc/os.h"
#include "../runtime/memory.h"

using namespace dextsim;

struct IOMemoryMap_IVars {
    std::shared_ptr<SharedMemory> memory;
    void * base; // of the whole memory
    uint64_t address;
    uint64_t length;
    uint64_t offset;
    uint64_t options;
};

namespace {

constexpr uint64_t kCacheModes = kIOMemoryMapCacheModeInhibit | kIOMemoryMapCacheModeCopyback |
                                 kIOMemoryMapCacheModeWriteThrough | 0x800; // real time

bool isReadOnly(const IOMemoryDescriptor_IVars & of, uint64_t options) {
    const bool outOnly = (of.options & kIOMemoryDirectionInOut) == kIOMemoryDirectionOut;
    return (options & kIOMemoryMapReadOnly) != 0 || !of.memory->writable() ||
           (outOnly && !of.isCreator);
}

} // namespace

kern_return_t IOMemoryDescriptor::CreateMapping_Impl(IOMemoryDescriptor_CreateMapping_Args) {
    static_cast<void>(alignment);
    if ((options & 0xff00 & ~kCacheModes) != 0) {
        return kIOReturnBadArgument;
    }
    const IOMemoryDescriptor_IVars & source = *IOMemoryDescriptor::ivars;
    const bool fixed = (options & kIOMemoryMapFixedAddress) != 0 || address != 0;
    if (fixed || offset > source.length || length > source.length - offset) {
        return kIOReturnError;
    }
    const uint64_t mapped = length != 0 ? length : source.length - offset;
    void * const base =
        mapShared(source.memory->memory(), source.memory->size(), !isReadOnly(source, options));
    OSObject * object = nullptr;
    if (base == nullptr || OSObjectAllocate(OSTypeID(IOMemoryMap), &object) != kIOReturnSuccess) {
        if (base != nullptr) {
            unmapShared(base, source.memory->size());
        }
        return kIOReturnError;
    }
    auto * const created = static_cast<IOMemoryMap *>(object);
    created->IOMemoryMap::ivars = new IOMemoryMap_IVars{
        source.memory, base,   reinterpret_cast<uint64_t>(base) + source.offset + offset,
        mapped,        offset, options};
    *map = created;
    return kIOReturnSuccess;
}

bool IOMemoryMap::init() {
    return OSObject::init();
}

void IOMemoryMap::free() {
    if (ivars != nullptr) {
        unmapShared(ivars->base, ivars->memory->size());
        delete ivars;
        ivars = nullptr;
    }
    OSObject::free();
}

uint64_t IOMemoryMap::GetAddress() {
    return ivars->address;
}

uint64_t IOMemoryMap::GetLength() {
    return ivars->length;
}

uint64_t IOMemoryMap::GetOffset() {
    return ivars->offset;
}

kern_return_t IOMemoryMap::_CopyState_Impl(IOMemoryMap__CopyState_Args) {
    *state = {ivars->length, ivars->offset, ivars->options, ivars->address};
    return kIOReturnSuccess;
}
