// Functions of PCI devices: proxies of the kernel's. Memory is the shared file itself unless the
// device answers each access.
#include "pci_device.h"

#include "../runtime/families.h"
#include "../runtime/log.h"
#include "../runtime/memory.h"

using namespace dextsim;

namespace {

void forgetRanges(IOPCIDevice_IVars & state) {
    for (PciRange & range : state.ranges) {
        OSSafeRelease(range.memory);
        range = {};
    }
}

kern_return_t copyMemory(const IOPCIDevice * device, uint64_t index, IOMemoryDescriptor ** memory,
                         bool * registers) {
    if (index >= kMaxPciRanges || memory == nullptr) {
        return kIOReturnBadArgument;
    }
    Writer body = familyBody(FamilyOp::PciCopyMemory, device);
    Reply reply = askFamily(body.u8(static_cast<uint8_t>(index)).u64(0));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    Reader answer = reply.reader();
    MemoryDescription description;
    description.kernelId = answer.u64();
    description.length = answer.u64();
    const uint64_t size = answer.u64();
    *registers = answer.u8() != 0;
    description.pieces = {
        {std::make_shared<SharedMemory>(reply.takeFd(), size, true), 0, description.length}};
    description.options = kIOMemoryDirectionInOut;
    description.isCreator = true;
    *memory = makeDescriptor(OSTypeID(IOMemoryDescriptor), std::move(description));
    return *memory != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

// Null: there is no such range. With the lock held.
PciRange * rangeAt(const IOPCIDevice * device, uint8_t index) {
    IOPCIDevice_IVars & state = stateOf(device);
    if (index >= kMaxPciRanges || state.client == nullptr) {
        return nullptr;
    }
    PciRange & range = state.ranges[index];
    if (!range.known) {
        if (copyMemory(device, index, &range.memory, &range.registers) != kIOReturnSuccess) {
            return nullptr;
        }
        range.known = true;
        range.memory->GetLength(&range.length);
        range.address = range.memory->IOMemoryDescriptor::ivars->pieces[0].memory->address();
    }
    return &range;
}

void complainOnce(IOPCIDevice_IVars & state, const char * text) {
    if (!state.complained) {
        state.complained = true;
        reportFault(text);
    }
}

// Where an access goes: the memory, the device, or nowhere.
struct Access {
    volatile void * address = nullptr;
    bool registers = false;
};

Access resolve(const IOPCIDevice * device, uint8_t index, uint64_t offset, size_t width) {
    IOPCIDevice_IVars & state = stateOf(device);
    std::lock_guard lock(state.lock);
    if (state.client == nullptr) {
        complainOnce(state, "IOPCIDevice: memory is used without Open: all ones are read");
        return {};
    }
    if ((state.command & kIOPCICommandMemorySpace) == 0) {
        complainOnce(state, "IOPCIDevice: memory is used while Memory Space is off in the command "
                            "register: all ones are read");
        return {};
    }
    const PciRange * range = rangeAt(device, index);
    if (range == nullptr || range->address == nullptr || offset > range->length ||
        width > range->length - offset) {
        return {};
    }
    return {range->address + offset, range->registers};
}

template <typename Word>
void readMemory(const IOPCIDevice * device, uint8_t index, uint64_t offset, Word * data) {
    if (data == nullptr) {
        return;
    }
    *data = static_cast<Word>(~Word{0});
    const Access access = resolve(device, index, offset, sizeof(Word));
    if (access.registers) {
        Writer body = familyBody(FamilyOp::PciRegisterRead, device);
        const Reply reply = askFamily(body.u8(index).u64(offset).u8(sizeof(Word)));
        if (reply.status == kIOReturnSuccess) {
            *data = static_cast<Word>(reply.reader().u64());
        }
    } else if (access.address != nullptr) {
        *data = *static_cast<volatile Word *>(access.address);
    }
}

template <typename Word>
void writeMemory(const IOPCIDevice * device, uint8_t index, uint64_t offset, Word data) {
    const Access access = resolve(device, index, offset, sizeof(Word));
    if (access.registers) {
        Writer body = familyBody(FamilyOp::PciRegisterWrite, device);
        tellFamily(body.u8(index).u64(offset).u8(sizeof(Word)).u64(data));
    } else if (access.address != nullptr) {
        *static_cast<volatile Word *>(access.address) = data;
    }
}

} // namespace

bool IOPCIDevice::init() {
    ivars = new IOPCIDevice_IVars;
    return IOService::init();
}

void IOPCIDevice::free() {
    if (ivars != nullptr) {
        forgetRanges(*ivars);
        delete ivars;
        ivars = nullptr;
    }
    IOService::free();
}

// ── sessions ──

kern_return_t IOPCIDevice::Open(IOService * forClient, IOOptionBits options) {
    Writer body = familyBody(FamilyOp::PciOpen, this);
    const Reply reply = askFamily(body.u64(kernelId(forClient)).u32(options));
    if (reply.status == kIOReturnSuccess) {
        std::lock_guard lock(ivars->lock);
        ivars->client = forClient;
        ivars->command = reply.reader().u16();
    }
    return reply.status;
}

void IOPCIDevice::Close(IOService * forClient, IOOptionBits) {
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->client == nullptr || ivars->client != forClient) {
            return;
        }
        ivars->client = nullptr;
        forgetRanges(*ivars);
    }
    Writer body = familyBody(FamilyOp::PciClose, this);
    tellFamily(body.u64(kernelId(forClient)));
}

kern_return_t IOPCIDevice::_ManageSession_Impl(IOPCIDevice__ManageSession_Args) {
    if (openClient) {
        return Open(forClient, openOptions);
    }
    Close(forClient, openOptions);
    return kIOReturnSuccess;
}

kern_return_t
IOPCIDevice::_CopyDeviceMemoryWithIndex_Impl(IOPCIDevice__CopyDeviceMemoryWithIndex_Args) {
    static_cast<void>(forClient); // the kernel knows who has opened the device
    bool registers = false;
    return copyMemory(this, memoryIndex, returnMemory, &registers);
}

// ── accesses ──

void IOPCIDevice::MemoryRead64(uint8_t memoryIndex, uint64_t offset, uint64_t * readData) {
    readMemory(this, memoryIndex, offset, readData);
}

void IOPCIDevice::MemoryRead32(uint8_t memoryIndex, uint64_t offset, uint32_t * readData) {
    readMemory(this, memoryIndex, offset, readData);
}

void IOPCIDevice::MemoryRead16(uint8_t memoryIndex, uint64_t offset, uint16_t * readData) {
    readMemory(this, memoryIndex, offset, readData);
}

void IOPCIDevice::MemoryRead8(uint8_t memoryIndex, uint64_t offset, uint8_t * readData) {
    readMemory(this, memoryIndex, offset, readData);
}

void IOPCIDevice::MemoryWrite64(uint8_t memoryIndex, uint64_t offset, uint64_t data) {
    writeMemory(this, memoryIndex, offset, data);
}

void IOPCIDevice::MemoryWrite32(uint8_t memoryIndex, uint64_t offset, uint32_t data) {
    writeMemory(this, memoryIndex, offset, data);
}

void IOPCIDevice::MemoryWrite16(uint8_t memoryIndex, uint64_t offset, uint16_t data) {
    writeMemory(this, memoryIndex, offset, data);
}

void IOPCIDevice::MemoryWrite8(uint8_t memoryIndex, uint64_t offset, uint8_t data) {
    writeMemory(this, memoryIndex, offset, data);
}
