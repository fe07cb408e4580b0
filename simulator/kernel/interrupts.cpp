// See interrupts.h. Only messages of PCI devices can be waited for, as on a Mac; the pin of a
// device, when it has one, is the interrupt before them.
#include "interrupts.h"

#include "families.h"
#include "kernel.h"
#include "processes.h"

#include "ipc/machine.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

constexpr uint64_t kTypeLevel = 0x1;
constexpr uint64_t kTypeMessaged = 0x10000;
constexpr uint64_t kTypeMessagedX = 0x20000;

struct Messages {
    uint64_t type = 0;
    uint32_t count = 0;
};

// What the MSI-X capability says, or else the MSI capability (PCI Local Bus 3.0 §6.8).
Messages messagesOf(const PciDevice & device) {
    constexpr uint8_t kMsi = 0x05;
    constexpr uint8_t kMsiX = 0x11;
    Messages found;
    uint64_t at = device.read(0x34, 1) & 0xfc;
    for (unsigned steps = 0; at >= 0x40 && steps < 48; ++steps) {
        const uint64_t control = device.read(at + 2, 2);
        if (device.read(at, 1) == kMsiX) {
            return {kTypeMessagedX, static_cast<uint32_t>(control & 0x7ff) + 1};
        }
        if (device.read(at, 1) == kMsi) {
            found = {kTypeMessaged, 1u << (control >> 1 & 7)};
        }
        at = device.read(at + 1, 1) & 0xfc;
    }
    return found;
}

uint32_t pinsOf(const PciDevice & device) {
    return device.read(0x3d, 1) != 0 ? 1 : 0;
}

// kIOReturnNoInterrupt: the provider has none of this index.
int32_t typeOf(Kernel & kernel, uint64_t provider, uint32_t index, uint64_t & type) {
    const PciDevice * device = kernel.families.pci.device(provider);
    if (device == nullptr) {
        return kIOReturnNoInterrupt;
    }
    const uint32_t pins = pinsOf(*device);
    const Messages messages = messagesOf(*device);
    type = index < pins ? kTypeLevel : messages.type;
    return index < pins + messages.count ? kIOReturnSuccess : kIOReturnNoInterrupt;
}

void watch(DextRequest & request, uint64_t provider) {
    Kernel & kernel = request.kernel;
    const uint32_t index = request.reader.u32();
    uint64_t type = 0;
    int32_t status = typeOf(kernel, provider, index, type);
    if (status == kIOReturnSuccess && type == kTypeLevel) {
        status = kIOReturnUnsupported;
    }
    if (status != kIOReturnSuccess) {
        request.answer(status);
        return;
    }
    const uint64_t id = kernel.interrupts.nextSource++;
    kernel.interrupts.sources[id] = {provider, index, request.process.id, false, 0};
    request.answer(kIOReturnSuccess, Writer().u64(id));
}

void deliver(Kernel & kernel, uint64_t id, InterruptSource & source) {
    DextProcess * process = kernel.process(source.process);
    if (!source.enabled || source.pending == 0 || process == nullptr || !process->link) {
        return;
    }
    Writer body = familyBody(FamilyOp::InterruptFired, id);
    body.u64(source.pending).u64(machineNanoseconds());
    source.pending = 0;
    process->link->send(MessageType::FamilyCall, body);
}

void enable(DextRequest & request, uint64_t id) {
    auto found = request.kernel.interrupts.sources.find(id);
    if (found == request.kernel.interrupts.sources.end()) {
        request.answer(kIOReturnNoDevice);
        return;
    }
    found->second.enabled = request.reader.u8() != 0;
    request.answer(kIOReturnSuccess);
    deliver(request.kernel, id, found->second);
}

} // namespace

bool handleDextInterrupt(DextRequest & request, FamilyOp operation, uint64_t object) {
    switch (operation) {
    case FamilyOp::InterruptType: {
        uint64_t type = 0;
        const int32_t status = typeOf(request.kernel, object, request.reader.u32(), type);
        request.answer(status, Writer().u64(type));
        return true;
    }
    case FamilyOp::InterruptWatch:
        watch(request, object);
        return true;
    case FamilyOp::InterruptEnable:
        enable(request, object);
        return true;
    case FamilyOp::InterruptForget:
        request.answer(request.kernel.interrupts.sources.erase(object) != 0 ? kIOReturnSuccess
                                                                            : kIOReturnNotFound);
        return true;
    default:
        return false;
    }
}

bool handleDeviceInterrupt(DeviceRequest & request, FamilyOp operation) {
    if (operation != FamilyOp::InterruptRaise) {
        return false;
    }
    Kernel & kernel = request.kernel;
    const PciDevice * device = kernel.families.pci.device(request.object);
    const uint32_t message = request.reader.u32();
    if (device == nullptr || device->session != request.session.id) {
        request.refuse(kIOReturnNoDevice, "no such device");
    } else if (message >= messagesOf(*device).count) {
        request.refuse(kIOReturnNoInterrupt,
                       "the device has no message " + std::to_string(message) +
                           ": its MSI or MSI-X capability says how many there are");
    } else if ((device->command() & kPciBusMaster) == 0) {
        request.refuse(kIOReturnNoInterrupt, "the driver has not switched Bus Master on");
    } else {
        const uint32_t index = pinsOf(*device) + message;
        bool taken = false;
        for (auto & [id, source] : kernel.interrupts.sources) {
            if (source.provider == request.object && source.index == index) {
                ++source.pending;
                deliver(kernel, id, source);
                taken = true;
            }
        }
        kernel.recorder.pciInterrupted(request.object, message, taken);
        request.answer(kIOReturnSuccess, Writer().u8(taken));
    }
    return true;
}

void dropProcessInterrupts(Kernel & kernel, uint32_t process) {
    std::erase_if(kernel.interrupts.sources,
                  [process](const auto & pair) { return pair.second.process == process; });
}

void dropProviderInterrupts(Kernel & kernel, uint64_t provider) {
    std::erase_if(kernel.interrupts.sources,
                  [provider](const auto & pair) { return pair.second.provider == provider; });
}

} // namespace dextsim
