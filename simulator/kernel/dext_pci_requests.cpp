// What a dext asks of a PCI function: sessions, configuration space, memory, DMA.
#include "families.h"
#include "processes.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <unistd.h>
#include <utility>

namespace dextsim {

namespace {

struct PciRequest {
    DextRequest & dext;
    PciDevice & device;

    PciBus & bus() { return dext.kernel.families.pci; }
    bool isOpen() const { return device.openedBy != 0 && device.openedIn == dext.process.id; }
    PciBar * barAt(uint8_t index) {
        return index < device.bars.size() ? &device.bars[index] : nullptr;
    }
    void tellDevice(const Writer & body) {
        if (Session * session = dext.kernel.session(device.session)) {
            session->link->send(MessageType::FamilyDevice, body);
        }
    }
};

void open(PciRequest & request) {
    uint64_t client = request.dext.reader.u64();
    DextObject * opener = request.dext.kernel.object(client);
    if (opener == nullptr || opener->process != request.dext.process.id) {
        request.dext.answer(kIOReturnBadArgument);
        return;
    }
    if (request.device.openedBy != 0 && request.device.openedBy != client) {
        request.dext.answer(kIOReturnExclusiveAccess);
        return;
    }
    request.device.openedBy = client;
    request.device.openedIn = request.dext.process.id;
    if (opener->service) {
        opener->service->opens.insert(request.device.id);
    }
    request.dext.answer(kIOReturnSuccess, Writer().u16(request.device.command()));
}

void readConfig(PciRequest & request) {
    uint64_t offset = request.dext.reader.u64();
    uint8_t width = request.dext.reader.u8();
    bool valid = width == 1 || width == 2 || width == 4;
    if (!request.isOpen() || !valid) {
        request.dext.answer(valid ? kIOReturnNotOpen : kIOReturnBadArgument);
        return;
    }
    request.dext.answer(kIOReturnSuccess, Writer().u64(request.device.read(offset, width)));
}

void writeConfig(PciRequest & request) {
    uint64_t offset = request.dext.reader.u64();
    uint8_t width = request.dext.reader.u8();
    uint64_t value = request.dext.reader.u64();
    bool valid = width == 1 || width == 2 || width == 4;
    if (!request.isOpen() || !valid) {
        request.dext.answer(valid ? kIOReturnNotOpen : kIOReturnBadArgument);
        return;
    }
    request.device.write(offset, width, value);
    request.dext.kernel.recorder.pciConfigured(request.device.id, offset, width, value);
    Writer told = familyBody(FamilyOp::PciConfigWritten, request.device.id);
    request.tellDevice(told.u64(offset).u8(width).u64(value));
    request.dext.answer(kIOReturnSuccess, Writer().u16(request.device.command()));
}

void barInfo(PciRequest & request) {
    uint8_t bar = request.dext.reader.u8();
    for (size_t index = 0; index < request.device.bars.size(); ++index) {
        const PciBar & each = request.device.bars[index];
        if (each.bar == bar) {
            Writer body;
            body.u8(static_cast<uint8_t>(index)).u64(each.size).u8(each.type);
            request.dext.answer(kIOReturnSuccess, body);
            return;
        }
    }
    request.dext.answer(kIOReturnNotFound);
}

// One descriptor for each process, as IOConnectUnmapMemory looks for the instance that was mapped
// (contract §2.2).
MemoryDescriptor * descriptorOf(PciRequest & request, PciBar & bar) {
    MemoryTable & table = request.dext.kernel.memory;
    uint64_t & id = bar.descriptors[request.dext.process.id];
    if (MemoryDescriptor * memory = table.find(id)) {
        table.retain(id);
        return memory;
    }
    constexpr uint64_t kInOut = 3;
    auto source = std::make_shared<MemorySource>();
    source->pieces.push_back({bar.backing, 0, bar.size});
    MemoryDescriptor & made =
        table.add(request.dext.process.id, kInOut, bar.size, std::move(source));
    id = made.id;
    return &made;
}

void copyMemory(PciRequest & request) {
    uint8_t index = request.dext.reader.u8();
    PciBar * bar = request.barAt(index);
    if (!request.isOpen() || bar == nullptr) {
        request.dext.answer(bar == nullptr ? kIOReturnNotFound : kIOReturnNotOpen);
        return;
    }
    std::vector<Fd> fds;
    fds.emplace_back(dup(bar->backing->fd.get()));
    if (!fds[0].valid()) {
        request.dext.answer(kIOReturnNoMemory);
        return;
    }
    MemoryDescriptor * memory = descriptorOf(request, *bar);
    Writer body;
    body.u64(memory->id).u64(bar->size).u64(bar->backing->size).u8(bar->registers);
    request.dext.answer(kIOReturnSuccess, body, std::move(fds));
}

// Hands an access to the process that plays the device; its answer ends it.
void accessRegister(PciRequest & request, bool writes) {
    uint8_t index = request.dext.reader.u8();
    uint64_t offset = request.dext.reader.u64();
    uint8_t width = request.dext.reader.u8();
    uint64_t value = writes ? request.dext.reader.u64() : 0;
    PciBar * bar = request.barAt(index);
    if (!request.isOpen() || bar == nullptr || width > 8 || offset > bar->size ||
        width > bar->size - offset) {
        request.dext.answer(bar == nullptr ? kIOReturnNotFound : kIOReturnBadArgument);
        return;
    }
    uint64_t access = request.bus().nextAccess++;
    request.bus().accesses[access] = {request.device.id, request.dext.process.id, request.dext.id};
    request.dext.kernel.recorder.pciAsked(request.device.id, access,
                                          {writes, bar->bar, offset, width, value});
    Writer body =
        familyBody(writes ? FamilyOp::PciWriteAsked : FamilyOp::PciReadAsked, request.device.id);
    body.u64(access).u8(bar->bar).u64(offset).u8(width);
    if (writes) {
        body.u64(value);
    }
    request.tellDevice(body);
}

// The first place from `from` on that no mapping of the device has, 0 if it would reach the limit.
uint64_t placeFrom(const PciRequest & request, uint64_t from, uint64_t size, uint64_t limit) {
    const auto & mappings = request.dext.kernel.families.pci.mappings;
    for (bool moved = true; moved;) {
        moved = false;
        for (const auto & [id, mapping] : mappings) {
            const uint64_t end = roundToPages(mapping.address + mapping.length) + pageSize();
            if (mapping.device == request.device.id && from < end &&
                mapping.address < from + size) {
                from = end;
                moved = true;
            }
        }
    }
    return from + size <= limit ? from : 0;
}

// Where the device sees so many bytes. A place is used again as late as can be, since a device that
// goes on with memory which is not prepared any more has to be found out, and there is a page
// between, so that overruns are seen. 0: there is none below the limit of the driver's address
// bits.
uint64_t takePlace(PciRequest & request, uint64_t size, uint32_t bits) {
    constexpr uint64_t kFirstLow = UINT64_C(0x10000);
    constexpr uint64_t kStepLow = UINT64_C(0x10000); // from one mapping's first try to the next's
    PciDevice & device = request.device;
    const uint64_t limit = bits < 64 ? UINT64_C(1) << bits : UINT64_MAX;
    if (device.nextDma + size <= limit) {
        return std::exchange(device.nextDma, device.nextDma + size + pageSize());
    }
    if (limit <= kFirstLow + size) {
        return 0;
    }
    const uint64_t turn = request.bus().nextMapping * kStepLow % (limit - kFirstLow - size);
    const uint64_t place = placeFrom(request, roundToPages(kFirstLow + turn), size, limit);
    return place != 0 ? place : placeFrom(request, kFirstLow, size, limit);
}

void prepareDma(PciRequest & request) {
    DextRequest & dext = request.dext;
    MemoryDescriptor * memory = dext.kernel.memory.find(dext.reader.u64());
    uint64_t offset = dext.reader.u64();
    uint64_t length = dext.reader.u64();
    const uint32_t bits = dext.reader.u32();
    if (memory == nullptr || memory->owner != dext.process.id || offset > memory->length ||
        length > memory->length - offset) {
        dext.answer(kIOReturnBadArgument);
        return;
    }
    length = length == 0 ? memory->length - offset : length;
    auto pieces = slicePieces(memory->pieces(), offset, length);
    if (pieces.empty()) {
        dext.answer(kIOReturnVMError); // an app's memory that nobody has mapped yet
        return;
    }
    PciBus & bus = request.bus();
    // The device's view begins at the same place in a page as the memory.
    uint64_t inPage = pieces.front().offset % pageSize();
    const uint64_t page = takePlace(request, roundToPages(length + inPage), bits);
    if (page == 0) {
        dext.answer(kIOReturnMessageTooLarge); // no segments below maxAddressBits
        return;
    }
    const uint64_t address = page + inPage;
    uint64_t id = bus.nextMapping++;
    bus.mappings[id] = {request.device.id, dext.process.id,  address, length,
                        memory->options,   std::move(pieces)};
    Writer body;
    dext.answer(kIOReturnSuccess, body.u64(id).u64(address).u64(length).u64(memory->options & 3));
}

} // namespace

bool handleDextPci(DextRequest & request, FamilyOp operation, uint64_t object) {
    if (operation == FamilyOp::DmaComplete) {
        uint64_t mapping = request.reader.u64();
        auto & mappings = request.kernel.families.pci.mappings;
        auto found = mappings.find(mapping);
        bool own = found != mappings.end() && found->second.process == request.process.id;
        if (own) {
            mappings.erase(found);
        }
        request.answer(own ? kIOReturnSuccess : kIOReturnNotReady);
        return true;
    }
    if (operation < FamilyOp::PciOpen || operation > FamilyOp::DmaPrepare) {
        return false;
    }
    PciDevice * device = request.kernel.families.pci.device(object);
    if (device == nullptr) {
        request.answer(kIOReturnNoDevice);
        return true;
    }
    PciRequest pci{request, *device};
    switch (operation) {
    case FamilyOp::PciOpen:
        open(pci);
        break;
    case FamilyOp::PciClose:
        closePci(request.kernel, object, request.reader.u64());
        request.answer(kIOReturnSuccess);
        break;
    case FamilyOp::PciConfigRead:
        readConfig(pci);
        break;
    case FamilyOp::PciConfigWrite:
        writeConfig(pci);
        break;
    case FamilyOp::PciBarInfo:
        barInfo(pci);
        break;
    case FamilyOp::PciCopyMemory:
        copyMemory(pci);
        break;
    case FamilyOp::PciRegisterRead:
        accessRegister(pci, false);
        break;
    case FamilyOp::PciRegisterWrite:
        accessRegister(pci, true);
        break;
    case FamilyOp::PciAddress:
        request.answer(kIOReturnSuccess, Writer().u8(0).u8(device->number).u8(0));
        break;
    default:
        prepareDma(pci);
    }
    return true;
}

} // namespace dextsim
