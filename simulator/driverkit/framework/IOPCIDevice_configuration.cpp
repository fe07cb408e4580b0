// The configuration space of a PCI function, which the kernel process holds, and what it says.
#include "pci_device.h"

#include <DriverKit/IOLib.h>

#include "../runtime/families.h"

using namespace dextsim;

namespace {

constexpr uint64_t kFirstExtended = 0x100;
constexpr unsigned kMaxCapabilities = 64; // a list that goes round ends

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

// ── what it says ──

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

// A function level reset, of a function that has it: the device capabilities say so at 0x04, and
// the device control at 0x08 begins it. The others are those of a bridge, which is not here.
kern_return_t IOPCIDevice::Reset_Impl(IOPCIDevice_Reset_Args) {
    constexpr uint32_t kHasReset = 1u << 28;
    constexpr uint16_t kInitiate = 1u << 15;
    constexpr uint64_t kPause = 100; // ms, until the function must answer again
    uint64_t at = 0;
    uint32_t capabilities = 0;
    if (FindPCICapability(kIOPCICapabilityIDPCIExpress, 0, &at) == kIOReturnSuccess) {
        ConfigurationRead32(at + 0x04, &capabilities);
    }
    if (type != kIOPCIDeviceResetTypeFunctionReset || options != kIOPCIDeviceResetOptionNone ||
        (capabilities & kHasReset) == 0) {
        return kIOReturnUnsupported;
    }
    uint16_t command = 0, control = 0;
    ConfigurationRead16(kIOPCIConfigurationOffsetCommand, &command);
    ConfigurationRead16(at + 0x08, &control);
    ConfigurationWrite16(kIOPCIConfigurationOffsetCommand, 0);
    ConfigurationWrite16(at + 0x08, static_cast<uint16_t>(control | kInitiate));
    IOSleep(kPause);
    ConfigurationWrite16(at + 0x08, control);
    ConfigurationWrite16(kIOPCIConfigurationOffsetCommand, command);
    return kIOReturnSuccess;
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
