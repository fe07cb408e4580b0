// Mappings of descriptors in the dext: bounds, options, and read-only memory (contract §2.5).
#include <DriverKit/IOMemoryMap.h>

#include "../runtime/memory.h"

#include <algorithm>

using namespace dextsim;

struct IOMemoryMap_IVars {
    std::shared_ptr<PiecesMapping> mapping;
    uint64_t address;
    uint64_t length;
    uint64_t offset;
    uint64_t options;
};

namespace {

// One of them, or none (contract §2.5).
bool isCacheMode(uint64_t mode) {
    return mode == kIOMemoryMapCacheModeDefault || mode == kIOMemoryMapCacheModeInhibit ||
           mode == kIOMemoryMapCacheModeCopyback || mode == kIOMemoryMapCacheModeWriteThrough ||
           mode == kIOMemoryMapCacheModeRealTime;
}

bool isReadOnly(const IOMemoryDescriptor_IVars & of, const MemoryPieces & pieces,
                uint64_t options) {
    const bool outOnly = (of.options & kIOMemoryDirectionInOut) == kIOMemoryDirectionOut;
    return (options & kIOMemoryMapReadOnly) != 0 || (outOnly && !of.isCreator) ||
           std::any_of(pieces.begin(), pieces.end(),
                       [](const MemoryPiece & piece) { return !piece.memory->writable(); });
}

} // namespace

kern_return_t IOMemoryDescriptor::CreateMapping_Impl(IOMemoryDescriptor_CreateMapping_Args) {
    static_cast<void>(alignment);
    if (!isCacheMode(options & 0xff00)) {
        return kIOReturnBadArgument;
    }
    const IOMemoryDescriptor_IVars & source = *IOMemoryDescriptor::ivars;
    // 0 is the length of the whole, which does not fit behind an offset (contract §2.5).
    const uint64_t mapped = length != 0 ? length : source.length;
    const bool fixed = (options & kIOMemoryMapFixedAddress) != 0;
    if ((fixed && address == 0) || offset > source.length || mapped > source.length - offset) {
        return kIOReturnError;
    }
    MemoryPieces pieces;
    OSObject * object = nullptr;
    if (!piecesOf(this, offset, mapped, pieces)) {
        return kIOReturnError;
    }
    // Without the flag the address says nothing; a fixed one leaves no room for guards.
    const bool guarded = !fixed && (options & kIOMemoryMapGuardedMask) != kIOMemoryMapGuardedNone;
    auto mapping = PiecesMapping::make(pieces, {.writable = !isReadOnly(source, pieces, options),
                                                .address = fixed ? address : 0,
                                                .guarded = guarded});
    if (mapping == nullptr ||
        OSObjectAllocate(OSTypeID(IOMemoryMap), &object) != kIOReturnSuccess) {
        return kIOReturnError;
    }
    auto * const created = static_cast<IOMemoryMap *>(object);
    const uint64_t at = mapping->address();
    created->IOMemoryMap::ivars =
        new IOMemoryMap_IVars{std::move(mapping), at, mapped, offset, options};
    *map = created;
    return kIOReturnSuccess;
}

bool IOMemoryMap::init() {
    return OSObject::init();
}

void IOMemoryMap::free() {
    delete ivars;
    ivars = nullptr;
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
