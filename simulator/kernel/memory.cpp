// See memory.h.
#include "memory.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <algorithm>

namespace dextsim {

namespace {

constexpr uint64_t kDirectionBits = 3;
// The largest descriptor the simulator makes; more is a mistake of the driver.
constexpr uint64_t kMaxCapacity = UINT64_C(4) << 30;

// What [offset, offset + length) of a list of things with a length is made of.
template <typename Part>
std::vector<Part> slice(const std::vector<Part> & parts, uint64_t offset, uint64_t length) {
    std::vector<Part> found;
    for (const Part & part : parts) {
        if (length == 0) {
            break;
        }
        if (offset >= part.length) {
            offset -= part.length;
            continue;
        }
        Part taken = part;
        taken.offset += offset;
        taken.length = std::min(part.length - offset, length);
        length -= taken.length;
        offset = 0;
        found.push_back(std::move(taken));
    }
    return found;
}

} // namespace

std::vector<MemoryPiece> slicePieces(const std::vector<MemoryPiece> & pieces, uint64_t offset,
                                     uint64_t length) {
    return slice(pieces, offset, length);
}

MemoryBacking::~MemoryBacking() {
    unmapShared(address, size);
}

std::shared_ptr<MemoryBacking> MemoryBacking::map(Fd fd, size_t size, bool writable) {
    auto backing = std::make_shared<MemoryBacking>();
    backing->fd = std::move(fd);
    backing->size = size;
    backing->writable = writable;
    if (backing->fd.valid()) {
        backing->address = static_cast<uint8_t *>(mapShared(backing->fd, size, writable));
    }
    return backing->address == nullptr ? nullptr : backing;
}

std::vector<MemoryPiece> MemoryDescriptor::pieces() const {
    std::vector<MemoryPiece> all;
    uint64_t left = length;
    for (const MemoryPart & part : parts) {
        const auto some = slice(part.source->pieces, part.offset, std::min(part.length, left));
        all.insert(all.end(), some.begin(), some.end());
        left -= std::min(part.length, left);
    }
    return all;
}

void MemoryDescriptor::write(std::span<const uint8_t> from, uint64_t offset) const {
    size_t at = 0;
    for (const MemoryPiece & piece : slice(pieces(), offset, from.size())) {
        if (piece.backing->writable) {
            std::copy_n(from.data() + at, piece.length, piece.bytes().data());
        }
        at += piece.length;
    }
}

int32_t MemoryTable::create(uint32_t owner, uint64_t options, uint64_t capacity,
                            MemoryDescriptor *& made) {
    if ((options & ~kDirectionBits) != 0) {
        return kIOReturnBadArgument;
    }
    if (capacity == 0 || capacity > kMaxCapacity) {
        return kIOReturnNoMemory;
    }
    const size_t size = roundToPages(capacity);
    auto backing = MemoryBacking::map(createSharedMemory(size), size, true);
    if (backing == nullptr) {
        return kIOReturnNoMemory;
    }
    auto source = std::make_shared<MemorySource>();
    source->pieces.push_back({std::move(backing), 0, capacity});
    made = &add(owner, options, capacity, std::move(source));
    return kIOReturnSuccess;
}

MemoryDescriptor & MemoryTable::add(uint32_t owner, uint64_t options, uint64_t length,
                                    std::shared_ptr<MemorySource> source) {
    const uint64_t id = nextId_++;
    MemoryDescriptor & made = table_[id];
    made = {id, owner, options, length, length, 1, {{std::move(source), 0, length}}};
    return made;
}

int32_t MemoryTable::createSub(uint32_t owner, uint64_t options, uint64_t offset, uint64_t length,
                               uint64_t of, MemoryDescriptor *& made) {
    const MemoryDescriptor * source = find(of);
    if (source == nullptr || (options & ~kDirectionBits) != 0 || offset > source->length ||
        length > source->length - offset) {
        return kIOReturnBadArgument;
    }
    auto parts = slice(source->parts, offset, length);
    const uint64_t id = nextId_++;
    made = &table_[id];
    *made = {id, owner, options, length, length, 1, std::move(parts)};
    return kIOReturnSuccess;
}

int32_t MemoryTable::createMulti(uint32_t owner, uint64_t options, const std::vector<uint64_t> & of,
                                 MemoryDescriptor *& made) {
    std::vector<MemoryPart> parts;
    uint64_t length = 0;
    for (uint64_t each : of) {
        const MemoryDescriptor * source = find(each);
        if (source == nullptr) {
            return kIOReturnBadArgument;
        }
        const auto some = slice(source->parts, 0, source->length);
        parts.insert(parts.end(), some.begin(), some.end());
        length += source->length;
    }
    if (of.empty() || (options & ~kDirectionBits) != 0) {
        return kIOReturnBadArgument;
    }
    const uint64_t id = nextId_++;
    made = &table_[id];
    *made = {id, owner, options, length, length, 1, std::move(parts)};
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
