#include "Pieces.h"

#include <DriverKit/DriverKit.h>

// The application's part of the memory type: bits 0–11 the number of buffers.
static constexpr uint64_t kReadOnly = 0x1000;
static constexpr uint64_t kOddSizes = 0x2000;

struct PiecesClient_IVars {
    uint64_t type;
    IOMemoryDescriptor * memory; // of this type: mapping and unmapping have to find the same
};

kern_return_t Pieces::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t Pieces::NewUserClient_Impl(uint32_t, IOUserClient ** userClient) {
    IOService * client = nullptr;
    const kern_return_t status = Create(this, "UserClientProperties", &client);
    *userClient = OSDynamicCast(IOUserClient, client);
    return status;
}

bool PiecesClient::init() {
    ivars = IONewZero(PiecesClient_IVars, 1);
    return super::init();
}

void PiecesClient::free() {
    OSSafeReleaseNULL(ivars->memory);
    IOSafeDeleteNULL(ivars, PiecesClient_IVars, 1);
    super::free();
}

// Each byte of a buffer is its number, from 1 on.
static IOMemoryDescriptor * MakeBuffer(uint64_t size, uint64_t number) {
    IOBufferMemoryDescriptor * buffer = nullptr;
    IOAddressSegment range = {};
    if (IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, size, 0, &buffer) !=
            kIOReturnSuccess ||
        buffer->GetAddressRange(&range) != kIOReturnSuccess) {
        return nullptr;
    }
    memset(reinterpret_cast<void *>(range.address), static_cast<int>(number), size);
    return buffer;
}

static kern_return_t Join(IOMemoryDescriptor ** parts, uint32_t count,
                          IOMemoryDescriptor ** whole) {
    const kern_return_t status = IOMemoryDescriptor::CreateWithMemoryDescriptors(
        kIOMemoryDirectionInOut, count, parts, whole);
    for (uint32_t i = 0; i < count; i++) {
        OSSafeReleaseNULL(parts[i]);
    }
    return status;
}

kern_return_t PiecesClient::Make(uint64_t count, uint64_t size, IOMemoryDescriptor ** memory) {
    IOMemoryDescriptor * groups[32] = {};
    uint32_t made = 0;
    for (uint64_t first = 0; first < count && made < 32; first += 32) {
        IOMemoryDescriptor * buffers[32] = {};
        const uint64_t left = count - first;
        const auto here = static_cast<uint32_t>(left < 32 ? left : 32);
        for (uint32_t i = 0; i < here; i++) {
            buffers[i] = MakeBuffer(size, first + i + 1);
        }
        if (Join(buffers, here, &groups[made]) != kIOReturnSuccess) {
            return kIOReturnNoMemory;
        }
        made++;
    }
    return Join(groups, made, memory);
}

kern_return_t PiecesClient::CopyClientMemoryForType_Impl(uint64_t type, uint64_t * options,
                                                         IOMemoryDescriptor ** memory) {
    if (ivars->memory == nullptr || ivars->type != type) {
        OSSafeReleaseNULL(ivars->memory);
        const uint64_t size = IOVMPageSize + ((type & kOddSizes) != 0 ? 100 : 0);
        const kern_return_t status = Make(type & 0xfff, size, &ivars->memory);
        if (status != kIOReturnSuccess) {
            return status;
        }
        ivars->type = type;
    }
    ivars->memory->retain();
    *memory = ivars->memory;
    *options = (type & kReadOnly) != 0 ? kIOUserClientMemoryReadOnly : 0;
    return kIOReturnSuccess;
}
