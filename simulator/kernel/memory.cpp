// See memory.h.
#include "memory.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {
constexpr uint64_t kDirectionBits = 3;
// The largest descriptor the simulator makes; more is a mistake of the driver.
constexpr uint64_t kMaxCapacity = UINT64_C(4) << 30;
} // namespace

MemoryBacking::~MemoryBacking() {
    unmapShared(address, size);
}

int32_t MemoryTable::create(uint32_t owner, uint64_t options, uint64_t capacity,
                            MemoryDescriptor *& made) {
    if ((options & ~kDirectionBits) != 0) {
        return kIOReturnBadArgument;
    }
    if (capacity == 0 || capacity > kMaxCapacity) {
        return kIOReturnNoMemory;
    }
    auto backing = std::make_shared<MemoryBacking>();
    backing->size = roundToPages(capacity);
    backing->fd = createSharedMemory(backing->size);
    if (!backing->fd.valid()) {
        return kIOReturnNoMemory;
    }
    backing->address = static_cast<uint8_t *>(mapShared(backing->fd, backing->size, true));
    if (backing->address == nullptr) {
        return kIOReturnNoMemory;
    }
    uint64_t id = nextId_++;
    made = &table_[id];
    *made = {id, owner, options, 0, capacity, capacity, 1, std::move(backing)};
    return kIOReturnSuccess;
}

int32_t MemoryTable::createSub(uint32_t owner, uint64_t options, uint64_t offset, uint64_t length,
                               uint64_t of, MemoryDescriptor *& made) {
    MemoryDescriptor * source = find(of);
    if (source == nullptr || (options & ~kDirectionBits) != 0 || offset > source->length ||
        length > source->length - offset) {
        return kIOReturnBadArgument;
    }
    uint64_t id = nextId_++;
    uint64_t start = source->offset + offset;
    auto backing = source->backing;
    made = &table_[id];
    *made = {id, owner, options, start, length, length, 1, std::move(backing)};
    return kIOReturnSuccess;
}

MemoryDescriptor * MemoryTable::find(uint64_t id) {
    auto found = table_.find(id);
    return found == table_.end() ? nullptr : &found->second;
}

void MemoryTable::retain(uint64_t id) {
    if (MemoryDescriptor * memory = find(id)) {
        ++memory->references;
    }
}

void MemoryTable::release(uint64_t id) {
    MemoryDescriptor * memory = find(id);
    if (memory != nullptr && --memory->references == 0) {
        table_.erase(id);
    }
}

void MemoryTable::releaseOwner(uint32_t owner) {
    std::erase_if(table_, [owner](const auto & pair) { return pair.second.owner == owner; });
}

} // namespace dextsim
