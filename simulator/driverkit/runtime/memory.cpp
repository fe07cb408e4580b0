// Mapping, and descriptors from parts.
#include "memory.h"

#include "../../ipc/os.h"
#include "objects.h"

namespace dextsim {

SharedMemory::~SharedMemory() {
    if (address_ != nullptr) {
        unmapShared(address_, size_);
    }
}

uint8_t * SharedMemory::address() {
    std::lock_guard lock(lock_);
    if (address_ == nullptr) {
        address_ = static_cast<uint8_t *>(mapShared(memory_, size_, writable_));
    }
    return address_;
}

IOMemoryDescriptor * makeDescriptor(OSMetaClass * meta, const MemoryDescription & description) {
    OSObject * object = nullptr;
    if (OSObjectAllocate(meta, &object) != kIOReturnSuccess) {
        return nullptr;
    }
    auto * const descriptor = static_cast<IOMemoryDescriptor *>(object);
    descriptor->IOMemoryDescriptor::ivars = new IOMemoryDescriptor_IVars{
        description.memory, description.offset,  description.length,
        description.length, description.options, description.isCreator};
    if (description.kernelId != 0) {
        setKernelId(descriptor, description.kernelId);
    }
    if (!descriptor->init()) {
        descriptor->release();
        return nullptr;
    }
    return descriptor;
}

IOMemoryDescriptor * makeClientDescriptor(Fd memory, uint64_t length, uint64_t direction) {
    const bool writable = (direction & kIOMemoryDirectionIn) != 0;
    const size_t size = roundToPages(length);
    auto shared = std::make_shared<SharedMemory>(std::move(memory), size, writable);
    if (shared->address() == nullptr) {
        return nullptr;
    }
    return makeDescriptor(OSTypeID(IOMemoryDescriptor),
                          {.memory = std::move(shared), .length = length, .options = direction});
}

} // namespace dextsim
