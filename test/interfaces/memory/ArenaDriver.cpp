// Shares memory: some that generated code allocates, some of its own.
#include "ArenaDriver.h"
#include "ArenaDriverCore.h"
#include "ArenaUserClient.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct ArenaDriver_IVars {
    ArenaDriverCore core;
    uint32_t supplied;
};

bool ArenaDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(ArenaDriver_IVars, 1);
    return ivars != nullptr;
}

void ArenaDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, ArenaDriver_IVars, 1);
    super::free();
}

kern_return_t ArenaDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t ArenaDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

ArenaDriverCore * ArenaDriver::Core() {
    return &ivars->core;
}

kern_return_t ArenaDriver::Fill(ArenaUserClient * client, uint8_t channel, uint8_t value) {
    ArenaReaderBuffer * reader = nullptr;
    const kern_return_t status = MapReader(client, channel, &reader);
    if (status == kIOReturnSuccess) {
        reader->bytes[0] = value;
    }
    return status;
}

kern_return_t ArenaDriver::Forget(ArenaUserClient * client, uint16_t index, ArenaKind kind) {
    DropBlock(client, kind, index);
    return kIOReturnSuccess;
}

/// The app owns the requests: they are copied once, and only the copy is looked at.
kern_return_t ArenaDriver::Publish(ArenaUserClient * client, uint32_t slot, uint32_t * tag,
                                   uint32_t * head) {
    ArenaArenaBuffer * arena = nullptr;
    const kern_return_t status = MapArena(client, &arena);
    if (status != kIOReturnSuccess) {
        return status;
    }
    if (__atomic_load_n(&arena->tail, __ATOMIC_ACQUIRE) <= slot) {
        return kIOReturnUnderrun;
    }
    const ArenaSlot request = arena->requests[slot];
    arena->answers[slot] = request;
    arena->answers[slot].done = 1;
    const uint32_t answered = arena->head + 1; // ours: the app does not write it
    __atomic_store_n(&arena->head, answered, __ATOMIC_RELEASE);
    *tag = request.tag;
    *head = answered;
    return kIOReturnSuccess;
}

kern_return_t ArenaDriver::Pages(ArenaUserClient *, uint8_t count, uint64_t * bytes) {
    ArenaSizedBuffer * sized = nullptr;
    const kern_return_t status = MapSized(count, bytes, &sized);
    if (status == kIOReturnSuccess) {
        sized->bytes[*bytes - 1] = count;
    }
    return status;
}

/// Read blocks have as many pages as their index says; of the others there are none beyond 9, and
/// one that is larger than the schema allows.
kern_return_t ArenaDriver::SupplyBlock(ArenaUserClient *, ArenaKind kind, uint16_t index,
                                       IOMemoryDescriptor ** memory) {
    if (kind == kArenaKindWrite && index > 9) {
        return kIOReturnNotFound;
    }
    const uint64_t size = kind == kArenaKindWrite && index == 9 ? 128 * 1024 : 4096u * (index + 1u);
    IOBufferMemoryDescriptor * buffer = nullptr;
    kern_return_t status =
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, size, 0, &buffer);
    IOAddressSegment range = {};
    if (status == kIOReturnSuccess) {
        status = buffer->GetAddressRange(&range);
    }
    if (status != kIOReturnSuccess) {
        OSSafeReleaseNULL(buffer);
        return status;
    }
    ivars->supplied++;
    reinterpret_cast<uint8_t *>(range.address)[0] = static_cast<uint8_t>(ivars->supplied);
    *memory = buffer;
    return kIOReturnSuccess;
}
