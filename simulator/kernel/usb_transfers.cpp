// Transfers: asked of the device, answered, timed out or aborted. Device data is copied straight
// into the memory descriptor of the dext.
#include "ipc/machine.h"
#include "ipc/os.h"
#include "kernel.h"

#include <IOKit/IOReturn.h>

#include <algorithm>
#include <chrono>

namespace dextsim {

namespace {

Session * playerOf(Kernel & kernel, uint64_t device) {
    UsbDevice * found = kernel.usb.device(device);
    return found == nullptr ? nullptr : kernel.session(found->session);
}

void armTimeout(Kernel & kernel, UsbTransfer & transfer, uint32_t timeoutMs) {
    if (timeoutMs != 0) {
        transfer.timer =
            kernel.clock.after(std::chrono::milliseconds(timeoutMs), [&kernel, id = transfer.id] {
                abortTransfer(kernel, id, kIOReturnTimeout);
            });
    }
}

UsbTransfer & remember(Kernel & kernel, UsbTransfer transfer) {
    transfer.id = kernel.usb.nextTransfer++;
    kernel.memory.retain(transfer.memory);
    return kernel.usb.transfers[transfer.id] = transfer;
}

// The first `length` bytes, as Writer::bytes writes them.
void appendData(Writer & body, const MemoryDescriptor * memory, uint32_t length) {
    body.u32(length);
    for (const MemoryPiece & piece :
         memory == nullptr ? std::vector<MemoryPiece>() : memory->pieces()) {
        const auto size = static_cast<uint32_t>(std::min<uint64_t>(piece.length, length));
        body.raw(piece.bytes().data(), size);
        length -= size;
    }
}

void tellResult(Kernel & kernel, const UsbTransfer & transfer, int32_t status, uint32_t bytes) {
    DextProcess * process = kernel.process(transfer.process);
    if (process == nullptr || !process->link) {
        return;
    }
    if (transfer.isoch != nullptr && transfer.reply == 0) {
        process->link->send(MessageType::IsochComplete, Writer().u64(transfer.action).i32(status));
    } else if (transfer.reply != 0) {
        Writer body;
        if (transfer.pipe != 0) {
            body.u32(bytes);
        } else {
            body.u16(static_cast<uint16_t>(bytes));
        }
        process->link->reply(transfer.reply, status, body);
    } else if (transfer.pipe != 0) {
        Writer body;
        body.u64(transfer.action).i32(status).u32(bytes).u64(machineNanoseconds());
        process->link->send(MessageType::PipeComplete, body);
    } else if (transfer.action != 0) {
        process->link->send(MessageType::RequestComplete,
                            Writer().u64(transfer.action).i32(status).u32(bytes));
    }
}

} // namespace

int32_t startTransfer(Kernel & kernel, UsbPipe & pipe, UsbTransfer transfer, uint32_t timeoutMs) {
    UsbInterface * interface = kernel.usb.interface(pipe.interface);
    Session * player = interface == nullptr ? nullptr : playerOf(kernel, interface->device);
    if (player == nullptr || kernel.asleep) {
        return player == nullptr ? kIOReturnNoDevice : kIOReturnNoPower;
    }
    MemoryDescriptor * memory = kernel.memory.find(transfer.memory);
    if (transfer.length != 0 && (memory == nullptr || transfer.length > memory->length)) {
        return kIOReturnBadArgument;
    }
    transfer.device = interface->device;
    transfer.pipe = pipe.id;
    transfer.in = pipe.endpoint.isIn();
    UsbTransfer & added = remember(kernel, transfer);
    pipe.transfers.push_back(added.id);
    armTimeout(kernel, added, timeoutMs);
    Writer body;
    body.u64(added.device).u8(pipe.endpoint.address).u64(added.id);
    if (added.in) {
        kernel.recorder.asked(added, pipe.endpoint.address);
        player->link->send(MessageType::TransferIn, body.u32(added.length));
    } else {
        appendData(body, memory, added.length);
        kernel.recorder.sent(added, pipe.endpoint.address, body.body().last(added.length));
        player->link->send(MessageType::TransferOut, body);
    }
    return kIOReturnSuccess;
}

int32_t startControl(Kernel & kernel, UsbDevice & device, UsbTransfer transfer,
                     const uint8_t (&setup)[8], uint32_t timeoutMs) {
    Session * player = kernel.session(device.session);
    if (player == nullptr || kernel.asleep) {
        return player == nullptr ? kIOReturnNoDevice : kIOReturnNoPower;
    }
    MemoryDescriptor * memory = kernel.memory.find(transfer.memory);
    if (transfer.length != 0 && (memory == nullptr || transfer.length > memory->length)) {
        return kIOReturnBadArgument;
    }
    transfer.device = device.id;
    transfer.in = (setup[0] & 0x80) != 0;
    UsbTransfer & added = remember(kernel, transfer);
    armTimeout(kernel, added, timeoutMs);
    Writer body;
    body.u64(device.id).u64(added.id).raw(setup, sizeof setup);
    appendData(body, memory, added.in ? 0 : added.length);
    kernel.recorder.requested(added, setup, body.body().last(added.in ? 0 : added.length));
    player->link->send(MessageType::Control, body);
    return kIOReturnSuccess;
}

void endTransfer(Kernel & kernel, uint64_t id, int32_t status, uint32_t bytes) {
    auto node = kernel.usb.transfers.extract(id);
    if (node.empty()) {
        return;
    }
    const UsbTransfer & transfer = node.mapped();
    kernel.clock.cancel(transfer.timer);
    if (UsbPipe * pipe = kernel.usb.pipe(transfer.pipe)) {
        std::erase(pipe->transfers, id);
        pipe->halted = pipe->halted || status == kUSBHostReturnPipeStalled;
    }
    if (transfer.isoch != nullptr) {
        writeFrames(kernel, transfer, status);
    }
    if (transfer.bundle != 0) {
        endBundled(kernel, transfer, status, bytes);
    } else {
        tellResult(kernel, transfer, status, bytes);
    }
    kernel.memory.release(transfer.memory);
}

void abortTransfer(Kernel & kernel, uint64_t id, int32_t status) {
    UsbTransfer * transfer = kernel.usb.transfer(id);
    if (transfer == nullptr) {
        return;
    }
    kernel.recorder.aborted(id, status);
    if (Session * player = playerOf(kernel, transfer->device)) {
        player->link->send(MessageType::TransferAborted, Writer().u64(id).u8(0).u32(0));
    }
    endTransfer(kernel, id, status, 0);
}

void abortPipe(Kernel & kernel, UsbPipe & pipe, int32_t status) {
    for (uint64_t transfer : std::deque<uint64_t>(pipe.transfers)) {
        abortTransfer(kernel, transfer, status);
    }
}

void abortControl(Kernel & kernel, uint64_t device, uint64_t client, int32_t status) {
    std::vector<uint64_t> found;
    for (const auto & [id, transfer] : kernel.usb.transfers) {
        if (transfer.pipe == 0 && transfer.device == device &&
            (client == 0 || transfer.client == client)) {
            found.push_back(id);
        }
    }
    for (uint64_t transfer : found) {
        abortTransfer(kernel, transfer, status);
    }
}

void suspendUsb(Kernel & kernel) {
    std::vector<uint64_t> found;
    for (const auto & [id, transfer] : kernel.usb.transfers) {
        found.push_back(id);
    }
    for (uint64_t transfer : found) {
        abortTransfer(kernel, transfer, kIOReturnAborted);
    }
}

int32_t abortStatus(Kernel & kernel, uint64_t object) {
    const Entry * entry = kernel.registry.find(object);
    const bool gone = entry == nullptr || entry->inactive;
    return gone && kernel.options.assumes(Assumption::UsbGone) ? kIOReturnNotResponding
                                                               : kIOReturnAborted;
}

void closePipes(Kernel & kernel, uint64_t interface) {
    const int32_t status = abortStatus(kernel, interface);
    for (auto pipe = kernel.usb.pipes.begin(); pipe != kernel.usb.pipes.end();) {
        if (pipe->second.interface == interface) {
            abortPipe(kernel, pipe->second, status);
            pipe->second.closed = true;
        }
        bool unused = pipe->second.closed && pipe->second.references == 0;
        pipe = unused ? kernel.usb.pipes.erase(pipe) : std::next(pipe);
    }
}

void dropProcessTransfers(Kernel & kernel, uint32_t process) {
    std::vector<uint64_t> found;
    for (const auto & [id, transfer] : kernel.usb.transfers) {
        if (transfer.process == process) {
            found.push_back(id);
        }
    }
    for (uint64_t transfer : found) {
        abortTransfer(kernel, transfer, kIOReturnAborted);
    }
    std::erase_if(kernel.usb.bundles,
                  [process](const auto & bundle) { return bundle.second.process == process; });
    std::erase_if(kernel.usb.pipes,
                  [process](const auto & pipe) { return pipe.second.process == process; });
}

} // namespace dextsim
