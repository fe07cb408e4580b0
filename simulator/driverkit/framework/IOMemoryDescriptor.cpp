// Memory descriptors, buffers and parts of them (contract §2.5).
#include "../runtime/kernel.h"
#include "../runtime/memory.h"
#include "../runtime/objects.h"

#include <DriverKit/IOMemoryMap.h>

using namespace dextsim;

bool IOMemoryDescriptor::init() {
    return OSObject::init();
}

void IOMemoryDescriptor::free() {
    if (const uint64_t id = kernelId(this)) {
        notifyKernel(MessageType::ReleaseMemory, Writer().u64(id));
    }
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

kern_return_t IOMemoryDescriptor::GetLength(uint64_t * returnLength) {
    if (returnLength == nullptr) {
        return kIOReturnBadArgument;
    }
    *returnLength = ivars->length;
    return kIOReturnSuccess;
}

namespace {

// One piece is found in the process's mapping of its memory; several get one of their own, which
// stays as long as the descriptor.
bool mapForProcess(IOMemoryDescriptor_IVars & ivars, const MemoryPieces & pieces,
                   uint64_t & address) {
    if (pieces.size() == 1) {
        uint8_t * const base = pieces[0].memory->address();
        address = reinterpret_cast<uint64_t>(base) + pieces[0].offset;
        return base != nullptr;
    }
    std::lock_guard lock(ivars.lock);
    if (ivars.ownMapping == nullptr) {
        ivars.ownMapping = PiecesMapping::make(pieces, {});
    }
    address = ivars.ownMapping != nullptr ? ivars.ownMapping->address() : 0;
    return ivars.ownMapping != nullptr;
}

} // namespace

kern_return_t IOMemoryDescriptor::Map(uint64_t options, uint64_t address, uint64_t length,
                                      uint64_t alignment, uint64_t * returnAddress,
                                      uint64_t * returnLength) {
    static_cast<void>(options);
    if (address != 0 || alignment != 0 || length > ivars->length || returnAddress == nullptr ||
        returnLength == nullptr) {
        return kIOReturnBadArgument;
    }
    MemoryPieces pieces;
    if (!piecesOf(this, 0, ivars->length, pieces) || pieces.empty()) {
        return kIOReturnVMError;
    }
    if (!mapForProcess(*ivars, pieces, *returnAddress)) {
        return kIOReturnVMError;
    }
    *returnLength = length != 0 ? length : ivars->length;
    return kIOReturnSuccess;
}

kern_return_t IOMemoryDescriptor::_CopyState_Impl(IOMemoryDescriptor__CopyState_Args) {
    *state = {ivars->length, ivars->options};
    return kIOReturnSuccess;
}

kern_return_t IOMemoryDescriptor::CreateSubMemoryDescriptor_Impl(
    IOMemoryDescriptor_CreateSubMemoryDescriptor_Args) {
    constexpr uint64_t kKnown = kIOMemoryDirectionInOut;
    if (ofDescriptor == nullptr || (memoryDescriptorCreateOptions & ~kKnown) != 0) {
        return kIOReturnBadArgument;
    }
    IOMemoryDescriptor_IVars & source = *ofDescriptor->IOMemoryDescriptor::ivars;
    if (offset > source.length || length > source.length - offset) {
        return kIOReturnBadArgument;
    }
    Writer body;
    body.u64(memoryDescriptorCreateOptions).u64(offset).u64(length);
    const Reply reply =
        askKernel(MessageType::CreateSubMemory, body.u64(kernelMemory(ofDescriptor)));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    MemoryDescription made{.length = length,
                           .options = memoryDescriptorCreateOptions,
                           .isCreator = source.isCreator,
                           .kernelId = reply.reader().u64()};
    made.referenced = source.referenced && piecesOf(ofDescriptor, offset, length, made.pieces);
    *memory = makeDescriptor(OSTypeID(IOMemoryDescriptor), std::move(made));
    return *memory != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

kern_return_t IOMemoryDescriptor::CreateWithMemoryDescriptors_Impl(
    IOMemoryDescriptor_CreateWithMemoryDescriptors_Args) {
    constexpr uint64_t kKnown = kIOMemoryDirectionInOut;
    if (withDescriptorsCount == 0 || (memoryDescriptorCreateOptions & ~kKnown) != 0) {
        return kIOReturnBadArgument;
    }
    MemoryDescription made{.options = memoryDescriptorCreateOptions, .isCreator = true};
    Writer body;
    body.u64(memoryDescriptorCreateOptions).u32(withDescriptorsCount);
    for (uint32_t i = 0; i < withDescriptorsCount; i++) {
        IOMemoryDescriptor * const each = withDescriptors[i];
        if (each == nullptr) {
            return kIOReturnBadArgument;
        }
        body.u64(kernelMemory(each));
        IOMemoryDescriptor_IVars & part = *each->IOMemoryDescriptor::ivars;
        made.isCreator = made.isCreator && part.isCreator;
        MemoryPieces pieces;
        made.referenced =
            made.referenced && part.referenced && piecesOf(each, 0, part.length, pieces);
        made.pieces.insert(made.pieces.end(), pieces.begin(), pieces.end());
        made.length += part.length;
    }
    const Reply reply = askKernel(MessageType::CreateMultiMemory, body);
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    made.kernelId = reply.reader().u64();
    *memory = makeDescriptor(OSTypeID(IOMemoryDescriptor), std::move(made));
    return *memory != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

// ── buffers ──

kern_return_t IOBufferMemoryDescriptor::Create_Impl(IOBufferMemoryDescriptor_Create_Args) {
    constexpr uint64_t kKnown = kIOMemoryDirectionInOut;
    if (memory == nullptr || (options & ~kKnown) != 0) {
        return kIOReturnBadArgument;
    }
    if (capacity == 0) {
        return kIOReturnNoMemory;
    }
    Reply reply =
        askKernel(MessageType::CreateMemory, Writer().u64(options).u64(capacity).u64(alignment));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    Reader answer = reply.reader();
    const uint64_t id = answer.u64();
    const uint64_t length = answer.u64();
    const uint64_t size = answer.u64();
    auto shared = std::make_shared<SharedMemory>(reply.takeFd(), size, true);
    *memory = static_cast<IOBufferMemoryDescriptor *>(makeDescriptor(
        OSTypeID(IOBufferMemoryDescriptor), {.pieces = {{std::move(shared), 0, length}},
                                             .length = length,
                                             .options = options,
                                             .isCreator = true,
                                             .kernelId = id}));
    return *memory != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

bool IOBufferMemoryDescriptor::init() {
    return IOMemoryDescriptor::init();
}

void IOBufferMemoryDescriptor::free() {
    IOMemoryDescriptor::free();
}

kern_return_t IOBufferMemoryDescriptor::GetAddressRange(IOAddressSegment * range) {
    if (range == nullptr) {
        return kIOReturnBadArgument;
    }
    return Map(0, 0, 0, 0, &range->address, &range->length);
}

kern_return_t IOBufferMemoryDescriptor::SetLength_Impl(IOBufferMemoryDescriptor_SetLength_Args) {
    IOMemoryDescriptor_IVars & state = *IOMemoryDescriptor::ivars;
    const kern_return_t status =
        tellKernel(MessageType::SetMemoryLength, Writer().u64(kernelId(this)).u64(length));
    // A length above the capacity is a success that changes nothing (contract §2.5).
    if (status == kIOReturnSuccess && length <= state.capacity) {
        std::lock_guard lock(state.lock);
        state.length = length;
    }
    return status;
}
