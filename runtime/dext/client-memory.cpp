// One cached descriptor per type: mapping the same type again must give the same instance (contract
// §2.2).
#include "client-memory.h"
#include "core.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>

namespace dextgen {

namespace {

constexpr uint64_t kPage = 16384; // of Apple silicon; a multiple of Intel's

struct Found {
    ClientMemory memory;
    bool readOnly;
};

kern_return_t FindBuffer(Connection * connection, uint64_t type, Found * found) {
    const Interface & interface = *connection->interface;
    for (uint32_t i = 0; i < interface.bufferCount; i++) {
        const Buffer & buffer = interface.buffers[i];
        if (buffer.memoryType == type) {
            found->readOnly = buffer.readOnly;
            return buffer.shared ? CoreMemory(connection->core, interface, i, &found->memory)
                                 : MemoryOfBuffer(connection, i, &found->memory);
        }
    }
    return kIOReturnBadArgument;
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

kern_return_t MemoryCreate(ClientMemory * memory, uint64_t size) {
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
    status = descriptor->SetLength(length);
    if (status == kIOReturnSuccess) {
        status = descriptor->GetAddressRange(&range);
    }
    if (status == kIOReturnSuccess && (range.address == 0 || range.length < length)) {
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

kern_return_t MemoryOfBuffer(Connection * connection, uint32_t buffer, ClientMemory * memory) {
    if (connection->closed || !connection->attached) {
        return kIOReturnNotReady;
    }
    ClientMemory * own = &connection->buffers[buffer];
    const kern_return_t status = MemoryCreate(own, connection->interface->buffers[buffer].size);
    *memory = *own;
    return status;
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
    status = FindBuffer(connection, type, &found);
    if (status == kIOReturnBadArgument) {
        status = FindRing(connection, type, &found);
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
