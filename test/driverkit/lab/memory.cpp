// Memory of a client's address space, of several parts, and parts of it (contract §1.10, §2.5).
#include "lab.h"

// in: options, then address and length of each segment
kern_return_t labClientMemory(const LabCall & call) {
    IOAddressSegment segments[32] = {};
    const uint32_t count = (call.arguments->scalarInputCount - 1) / 2;
    for (uint32_t i = 0; i < count; i++) {
        segments[i] = {call.in(1 + 2 * i), call.in(2 + 2 * i)};
    }
    IOMemoryDescriptor * made = nullptr;
    const kern_return_t status =
        call.client->CreateMemoryDescriptorFromClient(call.in(0), count, segments, &made);
    if (status == kIOReturnSuccess) {
        uint64_t length = 0;
        made->GetLength(&length);
        call.out(0, length);
        OSSafeReleaseNULL(call.state().memory);
        call.state().memory = made;
    }
    return status;
}

static kern_return_t makeFilled(uint64_t size, uint8_t value, IOMemoryDescriptor ** memory) {
    IOBufferMemoryDescriptor * made = nullptr;
    kern_return_t status =
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, size, 0, &made);
    IOAddressSegment range = {};
    if (status == kIOReturnSuccess) {
        status = made->GetAddressRange(&range);
        memset(reinterpret_cast<void *>(range.address), value, size);
    }
    *memory = made;
    return status;
}

// in: options, then the size of each part; part n is filled with n + 1
kern_return_t labJoinMemory(const LabCall & call) {
    IOMemoryDescriptor * parts[32] = {};
    const uint32_t count = call.arguments->scalarInputCount - 1;
    kern_return_t status = kIOReturnSuccess;
    for (uint32_t i = 0; i < count && status == kIOReturnSuccess; i++) {
        status = makeFilled(call.in(1 + i), static_cast<uint8_t>(i + 1), &parts[i]);
    }
    IOMemoryDescriptor * whole = nullptr;
    if (status == kIOReturnSuccess) {
        status = IOMemoryDescriptor::CreateWithMemoryDescriptors(call.in(0), count, parts, &whole);
    }
    for (uint32_t i = 0; i < count; i++) {
        OSSafeReleaseNULL(parts[i]);
    }
    if (status == kIOReturnSuccess) {
        uint64_t length = 0;
        whole->GetLength(&length);
        call.out(0, length);
        OSSafeReleaseNULL(call.state().memory);
        call.state().memory = whole;
    }
    return status;
}

// in: options, offset, length; the part takes the place of the whole
kern_return_t labPartOfMemory(const LabCall & call) {
    IOMemoryDescriptor * part = nullptr;
    const kern_return_t status = IOMemoryDescriptor::CreateSubMemoryDescriptor(
        call.in(0), call.in(1), call.in(2), call.state().memory, &part);
    if (status == kIOReturnSuccess) {
        OSSafeReleaseNULL(call.state().memory);
        call.state().memory = part;
    }
    return status;
}

// in: options, offset, length
kern_return_t labMapMemory(const LabCall & call) {
    OSSafeReleaseNULL(call.state().map);
    const kern_return_t status = call.state().memory->CreateMapping(
        call.in(0), 0, call.in(1), call.in(2), 0, &call.state().map);
    if (status == kIOReturnSuccess) {
        call.out(0, call.state().map->GetLength());
        call.out(1, call.state().map->GetOffset());
    }
    return status;
}

static uint8_t * mapped(const LabCall & call) {
    return reinterpret_cast<uint8_t *>(call.state().map->GetAddress());
}

// in: the offset of each byte that is wanted
kern_return_t labReadMap(const LabCall & call) {
    for (uint32_t i = 0; i < call.arguments->scalarInputCount; i++) {
        call.out(i, mapped(call)[call.in(i)]);
    }
    return kIOReturnSuccess;
}

// in: offset, value
kern_return_t labStoreMap(const LabCall & call) {
    mapped(call)[call.in(0)] = static_cast<uint8_t>(call.in(1));
    return kIOReturnSuccess;
}

kern_return_t labDropMemory(const LabCall & call) {
    OSSafeReleaseNULL(call.state().map);
    OSSafeReleaseNULL(call.state().memory);
    return kIOReturnSuccess;
}
