// Functions of PCI devices: plugging, configuration space, the files behind their memory.
#include "families.h"
#include "kernel.h"
#include "lifecycle.h"
#include "services.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <unistd.h>

namespace dextsim {

namespace {

constexpr size_t kBarOffset = 0x10;
constexpr uint64_t kMaxBarSize = UINT64_C(1) << 30;
constexpr uint8_t kTypeIo = 0x1;
constexpr uint8_t kType64 = 0x4;
constexpr uint8_t kTypePrefetch = 0x8;

bool is64(const PciBar & bar) {
    return (bar.type & kType64) != 0;
}

void allow(PciDevice & device, size_t offset, uint64_t bits, unsigned width) {
    for (unsigned i = 0; i < width; ++i) {
        device.writable[offset + i] = static_cast<uint8_t>(bits >> (8 * i));
    }
}

// Everything behind the header can be written, except what makes the list of capabilities.
void allowCapabilities(PciDevice & device) {
    for (size_t at = 0x40; at < device.writable.size(); ++at) {
        device.writable[at] = 0xff;
    }
    size_t at = device.config[0x34] & 0xfcu;
    for (unsigned steps = 0; at >= 0x40 && at + 1 < 0x100 && steps < 48; ++steps) {
        device.writable[at] = device.writable[at + 1] = 0;
        at = device.config[at + 1] & 0xfcu;
    }
    for (at = 0x100; at != 0 && at + 3 < device.config.size();) {
        allow(device, at, 0, 4);
        size_t next = static_cast<size_t>(device.read(at, 4) >> 20) & 0xffcu;
        at = next > at ? next : 0;
    }
}

void setWritable(PciDevice & device) {
    device.writable.assign(device.config.size(), 0);
    allow(device, kPciCommand, 0x0547, 2);
    allow(device, 0x0c, 0xffff, 2); // cache line size, latency timer
    allow(device, 0x3c, 0xff, 1);   // interrupt line
    allowCapabilities(device);
    for (const PciBar & bar : device.bars) {
        allow(device, kBarOffset + 4 * size_t(bar.bar), ~(bar.size - 1), is64(bar) ? 8 : 4);
    }
}

std::string checkBar(const PciDevice & device, const PciBar & bar) {
    std::string name = "BAR " + std::to_string(bar.bar);
    if (bar.bar > (is64(bar) ? 4 : 5)) {
        return name + " does not exist";
    }
    if ((bar.type & ~(kType64 | kTypePrefetch)) != 0) {
        return name + (bar.type == kTypeIo ? ": the simulator has no I/O space"
                                           : " has a type that does not exist");
    }
    if (bar.size < 16 || bar.size > kMaxBarSize || (bar.size & (bar.size - 1)) != 0) {
        return name + ": the size must be a power of two from 16 bytes to 1 GiB";
    }
    for (const PciBar & other : device.bars) {
        unsigned end = other.bar + (is64(other) ? 1u : 0u);
        if (bar.bar <= end && other.bar <= bar.bar + (is64(bar) ? 1u : 0u)) {
            return name + " is declared twice";
        }
    }
    return "";
}

std::string readDevice(DeviceRequest & request, PciDevice & device) {
    auto config = request.reader.bytes();
    device.config.assign(config.begin(), config.end());
    if (config.size() != 256 && config.size() != 4096) {
        return "the configuration space must have 256 or 4096 bytes";
    }
    for (uint32_t count = request.reader.u32(); count > 0 && request.reader.ok(); --count) {
        PciBar bar;
        bar.bar = request.reader.u8();
        bar.type = request.reader.u8();
        bar.size = request.reader.u64();
        bar.registers = request.reader.u8() != 0;
        std::string error = checkBar(device, bar);
        if (!error.empty()) {
            return error;
        }
        device.bars.push_back(std::move(bar));
    }
    return request.reader.done() ? "" : "the message is too short";
}

bool makeMemory(Kernel & kernel, PciDevice & device) {
    for (PciBar & bar : device.bars) {
        // Beside the socket, in the private directory: the process that plays the device opens it.
        bar.path = kernel.options.socketPath + ".pci" +
                   std::to_string(kernel.families.pci.plugged) + ".bar" + std::to_string(bar.bar);
        size_t size = roundToPages(bar.size);
        bar.backing = MemoryBacking::map(createSharedFile(bar.path, size), size, true);
        if (bar.backing == nullptr) {
            return false;
        }
        uint64_t & next = kernel.families.pci.nextAddress;
        uint64_t step = bar.backing->size > bar.size ? bar.backing->size : bar.size;
        bar.address = (next + step - 1) & ~(step - 1);
        next = bar.address + step;
        device.write(kBarOffset + 4 * size_t(bar.bar), is64(bar) ? 8 : 4, bar.address);
    }
    return true;
}

void removeFiles(const PciDevice & device) {
    for (const PciBar & bar : device.bars) {
        unlink(bar.path.c_str());
    }
}

Value word(uint64_t value) {
    Value::Data bytes;
    for (unsigned i = 0; i < 4; ++i) {
        bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
    }
    return Value::data(std::move(bytes));
}

std::string compatible(uint64_t vendor, uint64_t product) {
    char text[24];
    snprintf(text, sizeof text, "pci%llx,%llx", static_cast<unsigned long long>(vendor),
             static_cast<unsigned long long>(product));
    return text;
}

Value propertiesOf(const PciDevice & device) {
    Value properties = Value::dictionary();
    properties.put("vendor-id", word(device.read(0x00, 2)));
    properties.put("device-id", word(device.read(0x02, 2)));
    properties.put("revision-id", word(device.read(0x08, 1)));
    properties.put("class-code", word(device.read(0x08, 4) >> 8));
    properties.put("subsystem-vendor-id", word(device.read(0x2c, 2)));
    properties.put("subsystem-id", word(device.read(0x2e, 2)));
    properties.put("IOName", Value::string(compatible(device.read(0x00, 2), device.read(0x02, 2))));
    properties.put("pcidebug", Value::string("0:" + std::to_string(device.number) + ":0"));
    // What matching reads; a Mac's family reads the registers themselves.
    properties.put("IOPCIRegisters",
                   Value::dictionary({{"IOPCIPrimary", Value::number(device.read(0x00, 4), 32)},
                                      {"IOPCISecondary", Value::number(device.read(0x2c, 4), 32)},
                                      {"IOPCIClass", Value::number(device.read(0x08, 4), 32)}}));
    properties.put("IOServiceDEXTEntitlements",
                   Value::array({Value::string("com.apple.developer.driverkit.transport.pci")}));
    return properties;
}

void plug(DeviceRequest & request) {
    Kernel & kernel = request.kernel;
    PciBus & bus = kernel.families.pci;
    PciDevice device;
    std::string error = readDevice(request, device);
    if (!error.empty()) {
        request.refuse(kIOReturnBadArgument, error);
        return;
    }
    ++bus.plugged;
    device.session = request.session.id;
    device.number = static_cast<uint8_t>(bus.plugged % 32);
    setWritable(device);
    const std::vector<uint8_t> given = device.config;
    if (!makeMemory(kernel, device)) {
        removeFiles(device);
        request.refuse(kIOReturnNoResources, "the memory of a BAR cannot be made");
        return;
    }
    Entry & entry = kernel.registry.add(kernel.registry.root(),
                                        compatible(device.read(0x00, 2), device.read(0x02, 2)),
                                        "IOPCIDevice", propertiesOf(device));
    device.id = entry.id;
    Writer body;
    body.u64(entry.id).u32(static_cast<uint32_t>(device.bars.size()));
    for (const PciBar & bar : device.bars) {
        body.string(bar.path);
    }
    body.u8(kernel.recorder.active());
    request.session.devices.insert(entry.id);
    kernel.recorder.pciPlugged(device, given);
    bus.devices[entry.id] = std::move(device);
    kernel.say("plugged " + entry.name);
    request.answer(kIOReturnSuccess, body);
    kernel.loop.later([&kernel, id = entry.id] { registerEntry(kernel, id); });
}

void registerDone(DeviceRequest & request) {
    uint64_t access = request.reader.u64();
    int32_t status = request.reader.i32();
    uint64_t value = request.reader.u64();
    request.kernel.recorder.pciAnswered(access, status, value);
    auto node = request.kernel.families.pci.accesses.extract(access);
    if (node.empty()) {
        return; // the driver is gone
    }
    if (DextProcess * process = request.kernel.process(node.mapped().process);
        process != nullptr && process->link) {
        process->link->reply(node.mapped().reply, status, Writer().u64(value));
    }
}

// The mapping that holds all of a range, or null.
DmaMapping * mappingAt(PciBus & bus, uint64_t device, uint64_t address, uint64_t length) {
    for (auto & [id, mapping] : bus.mappings) {
        if (mapping.device == device && address >= mapping.address && length <= mapping.length &&
            address - mapping.address <= mapping.length - length) {
            return &mapping;
        }
    }
    return nullptr;
}

constexpr uint64_t kDirectionIn = 1;
constexpr uint64_t kDirectionOut = 2;

void dma(DeviceRequest & request, bool writes) {
    PciBus & bus = request.kernel.families.pci;
    PciDevice * device = bus.device(request.object);
    uint64_t address = request.reader.u64();
    std::span<const uint8_t> data;
    uint64_t length = 0;
    if (writes) {
        data = request.reader.bytes();
        length = data.size();
    } else {
        length = request.reader.u32();
    }
    DmaMapping * mapping =
        device == nullptr ? nullptr : mappingAt(bus, device->id, address, length);
    if (device == nullptr || (device->command() & kPciBusMaster) == 0) {
        request.refuse(kIOReturnDMAError, "the driver has not switched Bus Master on");
    } else if (mapping == nullptr) {
        request.refuse(kIOReturnDMAError, "no memory is prepared for DMA at this address");
    } else if ((mapping->direction & (writes ? kDirectionIn : kDirectionOut)) == 0) {
        request.refuse(kIOReturnDMAError, writes ? "the memory is not for the device to write"
                                                 : "the memory is not for the device to read");
    } else {
        auto pieces = slicePieces(mapping->pieces, address - mapping->address, length);
        std::vector<uint8_t> read;
        size_t at = 0;
        for (const MemoryPiece & piece : pieces) {
            auto bytes = piece.bytes();
            if (writes) {
                std::copy_n(data.begin() + static_cast<ptrdiff_t>(at), bytes.size(), bytes.begin());
            } else {
                read.insert(read.end(), bytes.begin(), bytes.end());
            }
            at += bytes.size();
        }
        request.kernel.recorder.pciMoved(device->id, writes, address, writes ? data : read);
        request.answer(kIOReturnSuccess, writes ? Writer() : Writer().bytes(read));
    }
}

// The bytes are in the memory already.
void stored(DeviceRequest & request) {
    const PciDevice * device = request.kernel.families.pci.device(request.object);
    const uint8_t bar = request.reader.u8();
    const uint64_t offset = request.reader.u64();
    if (device != nullptr && device->session == request.session.id) {
        request.kernel.recorder.pciStored(device->id, bar, offset, request.reader.bytes());
    }
}

} // namespace

void tellPciRecording(Kernel & kernel) {
    for (const auto & [id, device] : kernel.families.pci.devices) {
        if (Session * session = kernel.session(device.session)) {
            Writer body = familyBody(FamilyOp::PciRecording, id);
            session->link->send(MessageType::FamilyDevice, body.u8(kernel.recorder.active()));
        }
    }
}

uint64_t PciDevice::read(uint64_t offset, unsigned width) const {
    uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i) {
        uint64_t byte = offset + i < config.size() ? config[offset + i] : 0xff;
        value |= byte << (8 * i);
    }
    return value;
}

void PciDevice::write(uint64_t offset, unsigned width, uint64_t value) {
    for (unsigned i = 0; i < width && offset + i < config.size(); ++i) {
        uint8_t mask = writable[offset + i];
        auto byte = static_cast<uint8_t>(value >> (8 * i));
        config[offset + i] = static_cast<uint8_t>((config[offset + i] & ~mask) | (byte & mask));
    }
}

PciDevice * PciBus::device(uint64_t id) {
    auto found = devices.find(id);
    return found == devices.end() ? nullptr : &found->second;
}

bool unplugPci(Kernel & kernel, uint64_t id) {
    PciDevice * device = kernel.families.pci.device(id);
    if (device == nullptr) {
        return false;
    }
    if (const Entry * entry = kernel.registry.find(id)) {
        kernel.say("unplugged " + entry->name);
    }
    terminate(kernel, id);
    // What waits for the device reads what an empty slot answers.
    for (auto at = kernel.families.pci.accesses.begin();
         at != kernel.families.pci.accesses.end();) {
        DextProcess * process = kernel.process(at->second.process);
        if (at->second.device == id && process != nullptr && process->link) {
            process->link->reply(at->second.reply, kIOReturnNoDevice, Writer().u64(UINT64_MAX));
        }
        at = at->second.device == id ? kernel.families.pci.accesses.erase(at) : std::next(at);
    }
    std::erase_if(kernel.families.pci.mappings,
                  [id](const auto & pair) { return pair.second.device == id; });
    removeFiles(*device);
    kernel.recorder.unplugged(id);
    if (Session * session = kernel.session(device->session)) {
        session->devices.erase(id);
    }
    kernel.families.pci.devices.erase(id);
    return true;
}

void closePci(Kernel & kernel, uint64_t id, uint64_t client) {
    PciDevice * device = kernel.families.pci.device(id);
    if (device == nullptr || device->openedBy != client || client == 0) {
        return;
    }
    device->openedBy = 0;
    device->openedIn = 0;
    device->write(kPciCommand, 2, device->command() & ~(kPciBusMaster | kPciMemorySpace) & 0xffffu);
    if (DextObject * opener = kernel.object(client); opener != nullptr && opener->service) {
        opener->service->opens.erase(id);
    }
}

void dropProcessPci(Kernel & kernel, uint32_t process) {
    PciBus & bus = kernel.families.pci;
    std::erase_if(bus.accesses, [=](const auto & pair) { return pair.second.process == process; });
    std::erase_if(bus.mappings, [=](const auto & pair) { return pair.second.process == process; });
    for (auto & [id, device] : bus.devices) {
        for (PciBar & bar : device.bars) {
            bar.descriptors.erase(process);
        }
    }
}

bool handleDevicePci(DeviceRequest & request, FamilyOp operation) {
    switch (operation) {
    case FamilyOp::PciPlug:
        plug(request);
        return true;
    case FamilyOp::PciRegisterDone:
        registerDone(request);
        return true;
    case FamilyOp::PciStored:
        stored(request);
        return true;
    case FamilyOp::PciDmaRead:
        dma(request, false);
        return true;
    case FamilyOp::PciDmaWrite:
        dma(request, true);
        return true;
    default:
        return false;
    }
}

} // namespace dextsim
