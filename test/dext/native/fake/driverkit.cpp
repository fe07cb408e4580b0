// The test double's bodies. IOFree checks lengths, which the real one only asks for.
#include "driverkit.h"

int gLiveObjects = 0;
int gLiveBlocks = 0;

namespace {

constexpr size_t kHeader = 16;

} // namespace

void * IOMalloc(size_t length) {
    return IOMallocZero(length);
}

void * IOMallocZero(size_t length) {
    uint8_t * block = static_cast<uint8_t *>(calloc(1, length + kHeader));
    memcpy(block, &length, sizeof length);
    gLiveBlocks++;
    return block + kHeader;
}

void IOFree(void * address, size_t length) {
    uint8_t * block = static_cast<uint8_t *>(address) - kHeader;
    size_t allocated = 0;
    memcpy(&allocated, block, sizeof allocated);
    if (allocated != length) {
        abort();
    }
    gLiveBlocks--;
    free(block);
}

OSData * OSData::withBytes(const void * bytes, size_t length) {
    OSData * data = new OSData;
    data->bytes = malloc(length > 0 ? length : 1);
    memcpy(data->bytes, bytes, length);
    data->length = length;
    return data;
}

kern_return_t IOMemoryDescriptor::CreateMapping(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t,
                                                IOMemoryMap ** map, OSDispatchMethod) {
    if (mapStatus != kIOReturnSuccess) {
        return mapStatus;
    }
    *map = new IOMemoryMap;
    (*map)->address = reinterpret_cast<uintptr_t>(bytes);
    (*map)->length = length;
    return kIOReturnSuccess;
}

kern_return_t IOBufferMemoryDescriptor::Create(uint64_t, uint64_t capacity, uint64_t,
                                               IOBufferMemoryDescriptor ** memory) {
    *memory = new IOBufferMemoryDescriptor(capacity);
    return kIOReturnSuccess;
}

kern_return_t IOBufferMemoryDescriptor::SetLength(uint64_t size, OSDispatchMethod) {
    length = size;
    return kIOReturnSuccess;
}

kern_return_t IOBufferMemoryDescriptor::GetAddressRange(IOAddressSegment * range) {
    *range = {.address = reinterpret_cast<uintptr_t>(bytes), .length = length};
    return kIOReturnSuccess;
}

void IOUserClient::AsyncCompletion(OSAction * action, IOReturn status,
                                   const IOUserClientAsyncArgumentsArray words, uint32_t count,
                                   OSDispatchMethod) {
    if (completionCount == kKeptCompletions || count > 16) {
        abort();
    }
    Completion & kept = completions[completionCount++];
    kept = {.action = action, .status = status, .count = count, .words = {}};
    memcpy(kept.words, words, count * sizeof(uint64_t));
}

namespace {

uint64_t gFalse; // compared by its address only, so that no object is counted

} // namespace

OSObject * const kOSBooleanFalse = reinterpret_cast<OSObject *>(&gFalse);

OSObject * OSDictionary::getObject(const char * name) const {
    for (size_t i = 0; i < 4; i++) {
        if (names[i] != nullptr && strcmp(names[i], name) == 0) {
            return values[i];
        }
    }
    return nullptr;
}

kern_return_t IOUserClient::CopyClientEntitlements(OSDictionary ** copy) {
    entitlementCopies++;
    if (entitlements == nullptr) {
        return kIOReturnError;
    }
    entitlements->retain();
    *copy = entitlements;
    return kIOReturnSuccess;
}

kern_return_t IOUserClient::CreateMemoryDescriptorFromClient(uint64_t, uint32_t count,
                                                             const IOAddressSegment segments[32],
                                                             IOMemoryDescriptor ** memory,
                                                             OSDispatchMethod) {
    if (count != 1) {
        return kIOReturnBadArgument;
    }
    *memory = new IOMemoryDescriptor(segments[0].length);
    return kIOReturnSuccess;
}
