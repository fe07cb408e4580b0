// Memory prepared for a device's transfers: the kernel gives it an address that the device may use.
#include <DriverKit/IODMACommand.h>

#include "../runtime/families.h"
#include "../runtime/memory.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

using namespace dextsim;

struct IODMACommand_IVars {
    uint64_t device = 0; // kernel id
    uint32_t addressBits = 64;
    uint64_t mapping = 0;
    uint64_t offset = 0;
    uint64_t length = 0;
    IOMemoryDescriptor * memory = nullptr; // retained while prepared
};

bool IODMACommand::init() {
    return OSObject::init();
}

void IODMACommand::free() {
    if (ivars != nullptr) {
        CompleteDMA(kIODMACommandCompleteDMANoOptions);
        delete ivars;
        ivars = nullptr;
    }
    OSObject::free();
}

kern_return_t IODMACommand::Create_Impl(IODMACommand_Create_Args) {
    if (device == nullptr || specification == nullptr || command == nullptr || options != 0) {
        return kIOReturnBadArgument;
    }
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(IODMACommand), &object) != kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    auto * const made = static_cast<IODMACommand *>(object);
    made->IODMACommand::ivars = new IODMACommand_IVars;
    made->IODMACommand::ivars->device = kernelId(device);
    // 0 is no limit, as 64 is.
    const uint64_t bits = specification->maxAddressBits;
    made->IODMACommand::ivars->addressBits =
        static_cast<uint32_t>(bits == 0 || bits > 64 ? 64 : bits);
    *command = made;
    return kIOReturnSuccess;
}

kern_return_t IODMACommand::PrepareForDMA_Impl(IODMACommand_PrepareForDMA_Args) {
    if (memory == nullptr || segmentsCount == nullptr || *segmentsCount == 0 ||
        segments == nullptr || options != 0) {
        return kIOReturnBadArgument;
    }
    if (ivars->memory != nullptr) {
        return kIOReturnNotReady; // CompleteDMA comes first
    }
    // Memory of a client is reached before a device can be.
    MemoryPieces pieces;
    const uint64_t id = kernelMemory(memory);
    if (id == 0 || !piecesOf(memory, offset, 1, pieces)) {
        return kIOReturnVMError;
    }
    Writer body = familyBody(FamilyOp::DmaPrepare, ivars->device);
    const Reply reply = askFamily(body.u64(id).u64(offset).u64(length).u32(ivars->addressBits));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    Reader answer = reply.reader();
    ivars->mapping = answer.u64();
    segments[0].address = answer.u64();
    segments[0].length = ivars->length = answer.u64();
    *segmentsCount = 1; // the device sees one range, as behind an IOMMU
    const uint64_t direction = answer.u64();
    if (flags != nullptr) {
        *flags = direction;
    }
    ivars->offset = offset;
    memory->retain();
    ivars->memory = memory;
    return kIOReturnSuccess;
}

kern_return_t IODMACommand::CompleteDMA_Impl(IODMACommand_CompleteDMA_Args) {
    static_cast<void>(options);
    if (ivars->memory == nullptr) {
        return kIOReturnNotReady;
    }
    tellFamily(familyBody(FamilyOp::DmaComplete, ivars->mapping).u64(ivars->mapping));
    OSSafeReleaseNULL(ivars->memory);
    ivars->mapping = 0;
    return kIOReturnSuccess;
}

kern_return_t IODMACommand::GetPreparation_Impl(IODMACommand_GetPreparation_Args) {
    if (ivars->memory == nullptr) {
        return kIOReturnNotReady;
    }
    if (offset != nullptr) {
        *offset = ivars->offset;
    }
    if (length != nullptr) {
        *length = ivars->length;
    }
    if (memory != nullptr) {
        ivars->memory->retain();
        *memory = ivars->memory;
    }
    return kIOReturnSuccess;
}

namespace {

// Where each byte of a range lies in this process. False: not all of it can be reached.
bool addressesOf(IOMemoryDescriptor * memory, uint64_t offset, uint64_t length,
                 std::vector<std::span<uint8_t>> & ranges) {
    MemoryPieces pieces;
    uint64_t total = 0;
    memory->GetLength(&total);
    if (offset > total || length > total - offset || !piecesOf(memory, offset, length, pieces)) {
        return false;
    }
    for (const MemoryPiece & piece : pieces) {
        uint8_t * const base = piece.memory->address();
        if (base == nullptr) {
            return false;
        }
        ranges.emplace_back(base + piece.offset, piece.length);
    }
    return true;
}

// Both lists cover the same number of bytes.
void copyRanges(std::vector<std::span<uint8_t>> to, std::vector<std::span<uint8_t>> from) {
    for (size_t i = 0, k = 0; i < to.size() && k < from.size();) {
        const size_t count = std::min(to[i].size(), from[k].size());
        memcpy(to[i].data(), from[k].data(), count);
        to[i] = to[i].subspan(count);
        from[k] = from[k].subspan(count);
        i += to[i].empty() ? 1 : 0;
        k += from[k].empty() ? 1 : 0;
    }
}

} // namespace

kern_return_t IODMACommand::PerformOperation_Impl(IODMACommand_PerformOperation_Args) {
    if (ivars->memory == nullptr) {
        return kIOReturnNotReady;
    }
    std::vector<std::span<uint8_t>> mapped;
    std::vector<std::span<uint8_t>> own;
    if (dmaOffset > ivars->length || length > ivars->length - dmaOffset ||
        !addressesOf(ivars->memory, ivars->offset + dmaOffset, length, mapped)) {
        return kIOReturnBadArgument;
    }
    if (options == kIODMACommandPerformOperationOptionZero) {
        for (const auto & range : mapped) {
            memset(range.data(), 0, range.size());
        }
        return kIOReturnSuccess;
    }
    if (data == nullptr || !addressesOf(data, dataOffset, length, own)) {
        return kIOReturnBadArgument;
    }
    if (options == kIODMACommandPerformOperationOptionRead) {
        copyRanges(own, mapped);
    } else if (options == kIODMACommandPerformOperationOptionWrite) {
        copyRanges(mapped, own);
    } else {
        return kIOReturnBadArgument;
    }
    return kIOReturnSuccess;
}
