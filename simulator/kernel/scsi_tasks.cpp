// A task on its way: its data in memory that the driver gets, for a PCI controller also at an
// address for DMA, and what the driver answered.
#include "families.h"
#include "kernel.h"
#include "processes.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <unistd.h>

namespace dextsim {

namespace {

constexpr uint8_t kNoData = 0;
constexpr uint8_t kToTarget = 1;
constexpr uint8_t kFromTarget = 2;
constexpr uint64_t kInOut = 3;

// What of a task lives until its end.
struct TaskData {
    uint64_t memory = 0;
    uint64_t mapping = 0; // DMA of the controller's PCI function
    uint32_t inLength = 0;
};

// The PCI function under a controller, or null.
PciDevice * pciBelow(Kernel & kernel, uint64_t controller) {
    const Entry * entry = kernel.registry.find(controller);
    return entry == nullptr ? nullptr : kernel.families.pci.device(entry->provider);
}

// The task's data as the function's DMA sees it.
uint64_t mapForDma(Kernel & kernel, const ScsiController & controller,
                   const MemoryDescriptor & memory, TaskData & data) {
    PciDevice * device = pciBelow(kernel, controller.id);
    if (device == nullptr) {
        return 0;
    }
    PciBus & bus = kernel.families.pci;
    uint64_t address = device->nextDma;
    device->nextDma += roundToPages(memory.length) + pageSize();
    data.mapping = bus.nextMapping++;
    bus.mappings[data.mapping] = {device->id, controller.process, address, memory.length,
                                  kInOut,     memory.pieces()};
    return address;
}

bool makeData(Kernel & kernel, const ScsiController & controller, const ScsiTask & task,
              TaskData & data) {
    uint64_t length = task.out.empty() ? task.inLength : task.out.size();
    MemoryDescriptor * memory = nullptr;
    if (kernel.memory.create(controller.process, kInOut, length, memory) != kIOReturnSuccess) {
        return false;
    }
    memory->write(task.out);
    kernel.memory.retain(memory->id); // the first reference is the dext's
    data.memory = memory->id;
    data.inLength = task.out.empty() ? task.inLength : 0;
    return true;
}

void takeData(Kernel & kernel, const TaskData & data, ScsiResult & result) {
    const MemoryDescriptor * memory = kernel.memory.find(data.memory);
    if (memory == nullptr) {
        return;
    }
    uint64_t left = std::min<uint64_t>(result.transferred, data.inLength);
    for (const MemoryPiece & piece : slicePieces(memory->pieces(), 0, left)) {
        auto bytes = piece.bytes();
        result.data.insert(result.data.end(), bytes.begin(), bytes.end());
    }
}

ScsiResult readAnswer(const Answer & answer) {
    ScsiResult result;
    result.status = answer.delivered ? answer.status : kIOReturnOffline;
    if (result.status == kIOReturnSuccess) {
        Reader reader = answer.reader();
        result.immediate = reader.u32();
        if (result.immediate == 0) {
            result.completion = reader.u32();
            result.service = reader.u32();
            result.transferred = reader.u64();
            auto sense = reader.bytes();
            result.sense.assign(sense.begin(), sense.end());
        }
    }
    return result;
}

} // namespace

void sendScsiTask(Kernel & kernel, ScsiController & controller, const ScsiTask & task,
                  ScsiDone answered) {
    const uint64_t recorded = kernel.recorder.scsiAsked(controller, task);
    ScsiDone done = [&kernel, recorded, answered = std::move(answered)](const ScsiResult & result) {
        kernel.recorder.scsiAnswered(recorded, result);
        answered(result);
    };
    DextProcess * process = kernel.process(controller.process);
    bool hasData = !task.out.empty() || task.inLength != 0;
    TaskData data;
    if (process == nullptr || !process->link ||
        (hasData && !makeData(kernel, controller, task, data))) {
        ScsiResult refused;
        refused.status = process == nullptr ? kIOReturnOffline : kIOReturnNoMemory;
        done(refused);
        return;
    }
    uint8_t direction = !hasData ? kNoData : task.out.empty() ? kFromTarget : kToTarget;
    Writer body = familyBody(FamilyOp::ScsiTaskAsked, controller.id);
    body.u64(task.target).u64(task.lun).bytes(task.command).u8(direction).u32(task.attribute);
    body.u64(controller.nextTag++).u32(task.timeoutMs);
    std::vector<Fd> fds;
    if (const MemoryDescriptor * memory = kernel.memory.find(data.memory)) {
        const MemoryBacking & backing = *memory->pieces().front().backing;
        uint64_t address = mapForDma(kernel, controller, *memory, data);
        body.u64(memory->length).u64(address).u64(memory->id).u64(backing.size);
        fds.emplace_back(dup(backing.fd.get()));
    } else {
        body.u64(0).u64(0).u64(0).u64(0);
    }
    process->link->request(
        MessageType::FamilyCall, body,
        [&kernel, data, done = std::move(done)](Answer & answer) {
            ScsiResult result = readAnswer(answer);
            takeData(kernel, data, result);
            kernel.families.pci.mappings.erase(data.mapping);
            if (data.memory != 0) {
                kernel.memory.release(data.memory);
            }
            done(result);
        },
        std::move(fds));
}

} // namespace dextsim
