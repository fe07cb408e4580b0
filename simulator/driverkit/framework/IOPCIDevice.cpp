// Functions of PCI devices: proxies of the kernel's. Configuration space goes through the kernel,
// memory is the shared file itself unless the device answers each access.
#include <PCIDriverKit/IOPCIDevice.h>

#include "../runtime/families.h"
#include "../runtime/log.h"
#include "../runtime/memory.h"

#include <array>
#include <mutex>

using namespace dextsim;

namespace {

// The ranges of one function; six registers make at most six.
constexpr size_t kMaxRanges = 6;

struct Range {
    bool known = false;
    bool registers = false; // each access goes to the device
    uint64_t length = 0;
    uint8_t * address = nullptr;
    IOMemoryDescriptor * memory = nullptr; // retained
};

} // namespace

struct IOPCIDevice_IVars {
    std::mutex lock;
    IOService * client = nullptr; // not retained: whoever opened it closes it
    uint16_t command = 0;
    bool complained = false;
    std::array<Range, kMaxRanges> ranges;
};

namespace {

IOPCIDevice_IVars & stateOf(const IOPCIDevice * device) {
    return *device->IOPCIDevice::ivars;
}

void forgetRanges(IOPCIDevice_IVars & state) {
    for (Range & range : state.ranges) {
        OSSafeRelease(range.memory);
        range = {};
    }
}

kern_return_t copyMemory(const IOPCIDevice * device, uint64_t index, IOMemoryDescriptor ** memory,
                         bool * registers) {
    if (index >= kMaxRanges || memory == nullptr) {
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
Range * rangeAt(const IOPCIDevice * device, uint8_t index) {
    IOPCIDevice_IVars & state = stateOf(device);
    if (index >= kMaxRanges || state.client == nullptr) {
        return nullptr;
    }
    Range & range = state.ranges[index];
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
    const Range * range = rangeAt(device, index);
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

// The low bits of the offset that a wider register does not have are ignored.
template <typename Word>
void readConfiguration(const IOPCIDevice * device, uint64_t offset, Word * data) {
    if (data == nullptr) {
        return;
    }
    Writer body = familyBody(FamilyOp::PciConfigRead, device);
    const Reply reply = askFamily(body.u64(offset & ~(sizeof(Word) - 1)).u8(sizeof(Word)));
    *data = reply.status == kIOReturnSuccess ? static_cast<Word>(reply.reader().u64())
                                             : static_cast<Word>(~Word{0});
}

template <typename Word>
void writeConfiguration(const IOPCIDevice * device, uint64_t offset, Word data) {
    Writer body = familyBody(FamilyOp::PciConfigWrite, device);
    body.u64(offset & ~(sizeof(Word) - 1)).u8(sizeof(Word)).u64(data);
    const Reply reply = askFamily(body);
    if (reply.status == kIOReturnSuccess) {
        IOPCIDevice_IVars & state = stateOf(device);
        std::lock_guard lock(state.lock);
        state.command = reply.reader().u16();
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

void IOPCIDevice::ConfigurationRead32(uint64_t offset, uint32_t * readData) {
    readConfiguration(this, offset, readData);
}

void IOPCIDevice::ConfigurationRead16(uint64_t offset, uint16_t * readData) {
    readConfiguration(this, offset, readData);
}

void IOPCIDevice::ConfigurationRead8(uint64_t offset, uint8_t * readData) {
    readConfiguration(this, offset, readData);
}

void IOPCIDevice::ConfigurationWrite32(uint64_t offset, uint32_t data) {
    writeConfiguration(this, offset, data);
}

void IOPCIDevice::ConfigurationWrite16(uint64_t offset, uint16_t data) {
    writeConfiguration(this, offset, data);
}

void IOPCIDevice::ConfigurationWrite8(uint64_t offset, uint8_t data) {
    writeConfiguration(this, offset, data);
}

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

// ── what the configuration space says ──

namespace {

constexpr uint64_t kFirstExtended = 0x100;
constexpr unsigned kMaxCapabilities = 64; // a list that goes round ends

uint64_t nextCapability(const IOPCIDevice * device, uint64_t at) {
    uint8_t next = 0;
    readConfiguration(device, at == 0 ? uint64_t{kIOPCIConfigurationOffsetCapabilitiesPtr} : at + 1,
                      &next);
    return next & 0xfcu;
}

uint64_t nextExtended(const IOPCIDevice * device, uint64_t at) {
    if (at == 0) {
        return kFirstExtended;
    }
    uint32_t header = 0;
    readConfiguration(device, at, &header);
    return header >> 20 & 0xffcu;
}

uint32_t idAt(const IOPCIDevice * device, uint64_t at, bool extended) {
    uint32_t header = 0;
    readConfiguration(device, at, &header);
    return extended ? header & 0xffff : header & 0xff;
}

} // namespace

kern_return_t IOPCIDevice::FindPCICapability_Impl(IOPCIDevice_FindPCICapability_Args) {
    const bool extended = static_cast<int32_t>(capabilityID) < 0;
    const uint32_t wanted = extended ? 0u - capabilityID : capabilityID;
    uint64_t at = searchOffset;
    for (unsigned steps = 0; steps < kMaxCapabilities; steps++) {
        at = extended ? nextExtended(this, at) : nextCapability(this, at);
        const uint32_t id = at == 0 ? UINT32_MAX : idAt(this, at, extended);
        if (at == 0 || id == 0xffff) {
            break;
        }
        if (id == wanted) {
            if (foundCapabilityOffset != nullptr) {
                *foundCapabilityOffset = at;
            }
            return kIOReturnSuccess;
        }
    }
    return kIOReturnNotFound;
}

kern_return_t IOPCIDevice::GetBusDeviceFunction_Impl(IOPCIDevice_GetBusDeviceFunction_Args) {
    const Reply reply = askFamily(familyBody(FamilyOp::PciAddress, this));
    if (reply.status == kIOReturnSuccess) {
        Reader answer = reply.reader();
        *returnBusNumber = answer.u8();
        *returnDeviceNumber = answer.u8();
        *returnFunctionNumber = answer.u8();
    }
    return reply.status;
}

kern_return_t IOPCIDevice::GetBARInfo_Impl(IOPCIDevice_GetBARInfo_Args) {
    const Reply reply = askFamily(familyBody(FamilyOp::PciBarInfo, this).u8(barIndex));
    if (reply.status == kIOReturnSuccess) {
        Reader answer = reply.reader();
        *memoryIndex = answer.u8();
        *barSize = answer.u64();
        *barType = answer.u8();
    }
    return reply.status;
}

kern_return_t IOPCIDevice::HasPCIPowerManagement_Impl(IOPCIDevice_HasPCIPowerManagement_Args) {
    uint64_t at = 0;
    if (FindPCICapability(kIOPCICapabilityIDPowerManagement, 0, &at) != kIOReturnSuccess) {
        return kIOReturnUnsupported;
    }
    uint16_t capabilities = 0;
    ConfigurationRead16(at + 2, &capabilities);
    return state == 0 || (capabilities & state) != 0 ? kIOReturnSuccess : kIOReturnUnsupported;
}

kern_return_t
IOPCIDevice::EnablePCIPowerManagement_Impl(IOPCIDevice_EnablePCIPowerManagement_Args) {
    static_cast<void>(state); // nothing powers the bus down
    return HasPCIPowerManagement(0);
}

kern_return_t IOPCIDevice::ConfigureInterrupts_Impl(IOPCIDevice_ConfigureInterrupts_Args) {
    static_cast<void>(options);
    const bool msi = interruptType == kIOInterruptTypePCIMessaged;
    if (!msi && interruptType != kIOInterruptTypePCIMessagedX) {
        return kIOReturnBadArgument;
    }
    uint64_t at = 0;
    const kern_return_t found =
        FindPCICapability(msi ? kIOPCICapabilityIDMSI : kIOPCICapabilityIDMSIX, 0, &at);
    return found == kIOReturnSuccess && numRequired <= numRequested ? kIOReturnSuccess
                                                                    : kIOReturnUnsupported;
}

kern_return_t IOPCIDevice::Reset_Impl(IOPCIDevice_Reset_Args) {
    static_cast<void>(type);
    static_cast<void>(options);
    return kIOReturnUnsupported;
}

// PCI Express capability: link status at 0x12, link control 2 at 0x30.
kern_return_t IOPCIDevice::GetLinkSpeed_Impl(IOPCIDevice_GetLinkSpeed_Args) {
    uint64_t at = 0;
    if (FindPCICapability(kIOPCICapabilityIDPCIExpress, 0, &at) != kIOReturnSuccess) {
        return kIOReturnUnsupported;
    }
    uint16_t status = 0;
    ConfigurationRead16(at + 0x12, &status);
    *linkSpeed = static_cast<IOPCILinkSpeed>(status & 0xf);
    return kIOReturnSuccess;
}

kern_return_t IOPCIDevice::SetLinkSpeed_Impl(IOPCIDevice_SetLinkSpeed_Args) {
    static_cast<void>(retrain);
    uint64_t at = 0;
    if (FindPCICapability(kIOPCICapabilityIDPCIExpress, 0, &at) != kIOReturnSuccess) {
        return kIOReturnUnsupported;
    }
    uint16_t status = 0;
    ConfigurationRead16(at + 0x12, &status);
    const unsigned speed = (status & ~0xfu) | (static_cast<unsigned>(linkSpeed) & 0xfu);
    ConfigurationWrite16(at + 0x12, static_cast<uint16_t>(speed));
    return kIOReturnSuccess;
}
