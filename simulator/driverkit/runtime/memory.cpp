// Mapping, descriptors from parts, and what only the kernel knows of them.
#include "memory.h"

#include "../../ipc/os.h"
#include "kernel.h"
#include "objects.h"

#include <algorithm>

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

// ── mappings of several pieces ──

std::shared_ptr<PiecesMapping> PiecesMapping::make(const MemoryPieces & pieces, const Wish & wish) {
    std::vector<SharedPart> parts;
    size_t size = 0;
    for (const MemoryPiece & piece : pieces) {
        const uint64_t begin = piece.offset / pageSize() * pageSize();
        const uint64_t end = roundToPages(piece.offset + piece.length);
        const bool first = &piece == &pieces.front();
        const bool last = &piece == &pieces.back();
        if ((!first && begin != piece.offset) || (!last && end != piece.offset + piece.length) ||
            end > piece.memory->size()) {
            return nullptr;
        }
        parts.push_back({&piece.memory->memory(), begin, end - begin});
        size += end - begin;
    }
    if (parts.empty()) {
        return nullptr;
    }
    const size_t inPage = pieces.front().offset % pageSize();
    const size_t guard = wish.guarded ? pageSize() : 0;
    const uint64_t at = wish.address == 0 ? 0 : wish.address - inPage;
    if (at % pageSize() != 0) {
        return nullptr;
    }
    auto * const first = static_cast<uint8_t *>(
        mapSharedParts(parts, wish.writable, {reinterpret_cast<void *>(at), guard}));
    return first == nullptr
               ? nullptr
               : std::make_shared<PiecesMapping>(first - guard, size + 2 * guard, guard + inPage);
}

PiecesMapping::~PiecesMapping() {
    unmapShared(base_, size_);
}

// ── descriptors ──

IOMemoryDescriptor * makeDescriptor(OSMetaClass * meta, MemoryDescription description) {
    OSObject * object = nullptr;
    if (OSObjectAllocate(meta, &object) != kIOReturnSuccess) {
        return nullptr;
    }
    auto * const descriptor = static_cast<IOMemoryDescriptor *>(object);
    auto * const ivars = new IOMemoryDescriptor_IVars{};
    ivars->pieces = std::move(description.pieces);
    ivars->referenced = description.referenced;
    ivars->length = ivars->capacity = description.length;
    ivars->options = description.options;
    ivars->isCreator = description.isCreator;
    descriptor->IOMemoryDescriptor::ivars = ivars;
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
    return makeDescriptor(
        OSTypeID(IOMemoryDescriptor),
        {.pieces = {{std::move(shared), 0, length}}, .length = length, .options = direction});
}

namespace {

MemoryPieces slice(const MemoryPieces & pieces, uint64_t offset, uint64_t length) {
    MemoryPieces found;
    for (const MemoryPiece & piece : pieces) {
        if (offset >= piece.length) {
            offset -= piece.length;
            continue;
        }
        const uint64_t taken = std::min(piece.length - offset, length);
        if (taken == 0) {
            break;
        }
        found.push_back({piece.memory, piece.offset + offset, taken});
        length -= taken;
        offset = 0;
    }
    return found;
}

// The answer to ReferenceMemory.
bool takePieces(Reply & reply, bool writable, MemoryPieces & pieces) {
    std::vector<std::shared_ptr<SharedMemory>> memories;
    Reader answer = reply.reader();
    for (uint32_t count = answer.u32(); memories.size() < count && answer.ok();) {
        const uint64_t size = answer.u64();
        if (memories.size() >= reply.fds.size()) {
            return false;
        }
        memories.push_back(
            std::make_shared<SharedMemory>(std::move(reply.fds[memories.size()]), size, writable));
    }
    for (uint32_t count = answer.u32(); count > 0 && answer.ok(); --count) {
        const uint32_t index = answer.u32();
        const uint64_t offset = answer.u64();
        const uint64_t length = answer.u64();
        if (index >= memories.size()) {
            return false;
        }
        pieces.push_back({memories[index], offset, length});
    }
    return answer.ok();
}

} // namespace

bool piecesOf(IOMemoryDescriptor * descriptor, uint64_t offset, uint64_t length,
              MemoryPieces & pieces) {
    IOMemoryDescriptor_IVars & ivars = *descriptor->IOMemoryDescriptor::ivars;
    std::lock_guard lock(ivars.lock);
    if (!ivars.referenced) {
        Reply reply = askKernel(MessageType::ReferenceMemory, Writer().u64(kernelId(descriptor)));
        MemoryPieces all;
        if (reply.status != kIOReturnSuccess || !takePieces(reply, true, all)) {
            return false;
        }
        ivars.pieces = std::move(all);
        ivars.referenced = true;
    }
    pieces = slice(ivars.pieces, offset, length);
    return true;
}

uint64_t kernelMemory(IOMemoryDescriptor * descriptor) {
    if (descriptor == nullptr) {
        return 0;
    }
    IOMemoryDescriptor_IVars & ivars = *descriptor->IOMemoryDescriptor::ivars;
    std::lock_guard lock(ivars.lock);
    if (kernelId(descriptor) == 0 && ivars.pieces.size() == 1) {
        const MemoryPiece & piece = ivars.pieces[0];
        const int fd = piece.memory->memory().get();
        const Writer body =
            std::move(Writer().u64(ivars.length).u8(piece.memory->writable() ? 1 : 0));
        const Reply reply = askKernel(MessageType::AdoptMemory, body, std::span(&fd, 1));
        if (reply.status == kIOReturnSuccess) {
            setKernelId(descriptor, reply.reader().u64());
        }
    }
    return kernelId(descriptor);
}

} // namespace dextsim
