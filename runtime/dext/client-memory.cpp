// One cached descriptor per type: mapping the same type again must give the same instance (contract
// §2.2).
#include "client-memory.h"
#include "memory-types.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>

namespace dextgen {

namespace {

constexpr uint64_t kPage = 16384; // of Apple silicon; a multiple of Intel's

struct Found {
    ClientMemory memory;
    bool readOnly;
};

/// Who asks for memory: a connection, or a driver for what all of its connections share.
struct Asking {
    OSObject * driver;
    IOUserClient * client; // null for shared memory
    OwnedMemory ** list;
};

OwnedMemory ** Find(OwnedMemory ** list, const Buffer & buffer, uint64_t type) {
    while (*list != nullptr && ((*list)->buffer != &buffer || (*list)->type != type)) {
        list = &(*list)->next;
    }
    return list;
}

uint32_t Count(const OwnedMemory * list) {
    uint32_t count = 0;
    for (; list != nullptr; list = list->next) {
        count++;
    }
    return count;
}

/// The driver's memory has the size that the schema promised to the app.
kern_return_t Supply(const Asking & asking, const Buffer & buffer, const uint64_t * parts,
                     ClientMemory * memory) {
    IOMemoryDescriptor * descriptor = nullptr;
    kern_return_t status = buffer.supply(asking.driver, asking.client, parts, &descriptor);
    uint64_t length = 0;
    if (status == kIOReturnSuccess) {
        status = descriptor != nullptr ? descriptor->GetLength(&length) : kIOReturnInternalError;
    }
    const uint64_t wanted =
        buffer.sizePart >= 0 ? parts[buffer.sizePart] * buffer.sizeUnit : buffer.size;
    const bool fits =
        buffer.exact || buffer.sizePart >= 0 ? length == wanted : length > 0 && length <= wanted;
    if (status == kIOReturnSuccess && !fits) {
        status = kIOReturnInternalError;
    }
    if (status != kIOReturnSuccess) {
        OSSafeReleaseNULL(descriptor);
        return status;
    }
    *memory = {.descriptor = descriptor, .address = nullptr};
    return kIOReturnSuccess;
}

kern_return_t Make(const Asking & asking, const Buffer & buffer, const uint64_t * parts,
                   ClientMemory * memory) {
    if (buffer.supply != nullptr) {
        return Supply(asking, buffer, parts, memory);
    }
    const uint64_t size =
        buffer.sizePart >= 0 ? parts[buffer.sizePart] * buffer.sizeUnit : buffer.size;
    return size > 0 ? MemoryCreate(memory, size, buffer.partialPages) : kIOReturnBadArgument;
}

/// Finds or makes the memory of a type that is the buffer's.
kern_return_t Obtain(const Asking & asking, const Buffer & buffer, uint64_t type,
                     ClientMemory * memory) {
    uint64_t parts[kMaxMemoryParts] = {};
    if (!MemoryTypeMatches(buffer, type, parts)) {
        return kIOReturnBadArgument;
    }
    OwnedMemory ** place = Find(asking.list, buffer, type);
    if (*place != nullptr) {
        *memory = (*place)->memory;
        return kIOReturnSuccess;
    }
    if (Count(*asking.list) >= kMaxMemories) {
        return kIOReturnNoResources;
    }
    OwnedMemory * made = IONewZero(OwnedMemory, 1);
    if (made == nullptr) {
        return kIOReturnNoMemory;
    }
    made->buffer = &buffer;
    made->type = type;
    const kern_return_t status = Make(asking, buffer, parts, &made->memory);
    if (status != kIOReturnSuccess) {
        IOSafeDeleteNULL(made, OwnedMemory, 1);
        return status;
    }
    // The driver may have asked for other memory meanwhile, so that the place may have moved.
    made->next = *asking.list;
    *asking.list = made;
    *memory = made->memory;
    return kIOReturnSuccess;
}

kern_return_t FindBuffer(Connection * connection, uint64_t type, Found * found) {
    const Interface & interface = *connection->interface;
    const int32_t index = MemoryTypeOwner(interface, type);
    if (index < 0) {
        return kIOReturnBadArgument;
    }
    const Buffer & buffer = interface.buffers[index];
    found->readOnly = buffer.readOnly;
    // One instance for all numbers of a buffer that has every type.
    const uint64_t key = buffer.any ? 0 : type;
    return buffer.shared
               ? CoreMemory(connection->core, buffer, key, &found->memory)
               : MemoryOfBuffer(connection, static_cast<uint32_t>(index), key, &found->memory);
}

/// A ring can be mapped once it was opened, and from then on.
kern_return_t FindRing(Connection * connection, uint64_t type, Found * found) {
    const Interface & interface = *connection->interface;
    for (uint32_t i = 0; i < interface.eventCount; i++) {
        const Event & event = interface.events[i];
        const EventState & state = connection->events[i];
        if (!event.ring || state.ring.descriptor == nullptr) {
            continue;
        }
        if (event.ringMemoryType == type) {
            *found = {.memory = state.ring, .readOnly = true};
            return kIOReturnSuccess;
        }
        if (event.controlMemoryType == type) {
            *found = {.memory = state.control, .readOnly = false};
            return kIOReturnSuccess;
        }
    }
    return kIOReturnBadArgument;
}

} // namespace

kern_return_t MemoryCreate(ClientMemory * memory, uint64_t size, bool partial) {
    if (memory->descriptor != nullptr) {
        return kIOReturnSuccess;
    }
    if (size > UINT64_MAX - kPage) {
        return kIOReturnBadArgument;
    }
    const uint64_t length = (size + kPage - 1) / kPage * kPage;
    IOBufferMemoryDescriptor * descriptor = nullptr;
    // No alignment is page alignment; a larger one would ask for contiguous memory (contract §2.5).
    kern_return_t status =
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, length, 0, &descriptor);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOAddressSegment range = {};
    const uint64_t shown = partial ? size : length;
    status = descriptor->SetLength(shown);
    if (status == kIOReturnSuccess) {
        status = descriptor->GetAddressRange(&range);
    }
    if (status == kIOReturnSuccess && (range.address == 0 || range.length < shown)) {
        status = kIOReturnNoMemory;
    }
    if (status != kIOReturnSuccess) {
        OSSafeReleaseNULL(descriptor);
        return status;
    }
    memory->descriptor = descriptor;
    memory->address = reinterpret_cast<void *>(static_cast<uintptr_t>(range.address));
    return kIOReturnSuccess;
}

void MemoryRelease(ClientMemory * memory) {
    OSSafeReleaseNULL(memory->descriptor);
    memory->address = nullptr;
}

void MemoryReleaseAll(OwnedMemory ** list) {
    while (*list != nullptr) {
        OwnedMemory * owned = *list;
        *list = owned->next;
        MemoryRelease(&owned->memory);
        IOSafeDeleteNULL(owned, OwnedMemory, 1);
    }
}

void MemoryForget(OwnedMemory ** list, const Buffer & buffer, uint64_t type) {
    OwnedMemory ** place = Find(list, buffer, type);
    if (*place != nullptr) {
        OwnedMemory * owned = *place;
        *place = owned->next;
        MemoryRelease(&owned->memory);
        IOSafeDeleteNULL(owned, OwnedMemory, 1);
    }
}

kern_return_t MemoryOfBuffer(Connection * connection, uint32_t buffer, uint64_t type,
                             ClientMemory * memory) {
    if (connection->closed || !connection->attached) {
        return kIOReturnNotReady;
    }
    const Asking asking = {
        .driver = connection->driver, .client = connection->client, .list = &connection->memory};
    return Obtain(asking, connection->interface->buffers[buffer], type, memory);
}

kern_return_t CoreMemory(Core * core, const Buffer & buffer, uint64_t type, ClientMemory * memory) {
    if (core->stopped) {
        return kIOReturnNotReady;
    }
    const Asking asking = {.driver = core->driver, .client = nullptr, .list = &core->shared};
    return Obtain(asking, buffer, type, memory);
}

kern_return_t MemoryCopyForType(Connection * connection, uint64_t type, uint64_t * options,
                                IOMemoryDescriptor ** memory) {
    *options = 0;
    *memory = nullptr;
    kern_return_t status = ConnectionAttach(connection);
    if (status != kIOReturnSuccess) {
        return status;
    }
    Found found = {};
    // A ring's types are the contract's, which no buffer has but one of any type.
    status = FindRing(connection, type, &found);
    if (status == kIOReturnBadArgument) {
        status = FindBuffer(connection, type, &found);
    }
    if (status != kIOReturnSuccess) {
        return status;
    }
    // Only this flag makes the mapping read-only; what the app asks for is ignored (contract §2.1).
    *options = found.readOnly ? kIOUserClientMemoryReadOnly : 0;
    found.memory.descriptor->retain();
    *memory = found.memory.descriptor;
    return kIOReturnSuccess;
}

} // namespace dextgen
