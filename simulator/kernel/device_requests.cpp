// What a process that plays devices says: plug, unplug, and its answers to transfers.
#include "kernel.h"
#include "usb.h"

#include <IOKit/IOReturn.h>

#include <algorithm>

namespace dextsim {

namespace {

Bytes copied(std::span<const uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

void plug(Kernel & kernel, Session & session, uint64_t id, Reader & reader) {
    uint8_t speed = reader.u8();
    DeviceDescriptors descriptors;
    descriptors.device = copied(reader.bytes());
    for (uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
        descriptors.configurations.push_back(copied(reader.bytes()));
    }
    for (uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
        uint8_t index = reader.u8();
        descriptors.strings[index] = copied(reader.bytes());
    }
    if (!reader.done()) {
        session.link->reply(id, kIOReturnIPCError);
        return;
    }
    uint64_t device = 0;
    std::string error;
    int32_t status = plugDevice(kernel, session, speed, std::move(descriptors), device, error);
    bool plugged = status == kIOReturnSuccess;
    session.link->reply(id, status, plugged ? Writer().u64(device) : Writer().string(error));
}

// The transfer that an answer is for, or null: the answer came too late and is thrown away.
UsbTransfer * answered(Kernel & kernel, Session & session, uint64_t id, size_t bytes) {
    UsbTransfer * transfer = kernel.usb.transfer(id);
    if (transfer == nullptr || !session.devices.contains(transfer->device)) {
        session.link->send(MessageType::TransferAborted,
                           Writer().u64(id).u8(1).u32(static_cast<uint32_t>(bytes)));
        return nullptr;
    }
    return transfer;
}

// Behind a stall the host asks nothing: what waits on the pipe goes on waiting, until ClearStall
// aborts it (contract §10.2).
bool isBehindStall(Kernel & kernel, const UsbTransfer & transfer, int32_t status) {
    const UsbPipe * pipe = kernel.usb.pipe(transfer.pipe);
    return status == kUSBHostReturnPipeStalled && pipe != nullptr && pipe->halted;
}

// Data from the device goes into the dext's memory; more than was asked for is an overrun.
void takeData(Kernel & kernel, Session & session, Reader & reader) {
    uint64_t id = reader.u64();
    int32_t status = reader.i32();
    auto data = reader.bytes();
    UsbTransfer * transfer = answered(kernel, session, id, data.size());
    if (transfer == nullptr || isBehindStall(kernel, *transfer, status)) {
        return;
    }
    if (!meetPacketFaults(kernel, *transfer, data.size())) {
        return;
    }
    kernel.recorder.answered(id, status, data);
    size_t size = transfer->in ? std::min<size_t>(data.size(), transfer->length) : 0;
    if (transfer->in && data.size() > transfer->length && status == kIOReturnSuccess) {
        status = kIOReturnOverrun;
    }
    MemoryDescriptor * memory = kernel.memory.find(transfer->memory);
    if (size != 0 && memory != nullptr) {
        memory->write(data.first(size));
    }
    // A request to the device reports what it took, one from it what it gave.
    bool isOutRequest = transfer->pipe == 0 && !transfer->in && status == kIOReturnSuccess;
    endTransfer(kernel, id, status, isOutRequest ? transfer->length : static_cast<uint32_t>(size));
}

void transferOutDone(Kernel & kernel, Session & session, Reader & reader) {
    uint64_t id = reader.u64();
    int32_t status = reader.i32();
    uint32_t bytes = reader.u32();
    if (UsbTransfer * transfer = answered(kernel, session, id, bytes)) {
        if (!isBehindStall(kernel, *transfer, status) &&
            meetPacketFaults(kernel, *transfer, bytes)) {
            kernel.recorder.taken(id, status, bytes);
            endTransfer(kernel, id, status, std::min(bytes, transfer->length));
        }
    }
}

} // namespace

void handleDevice(Kernel & kernel, Session & session, Message & message) {
    Reader reader = message.reader();
    switch (message.type) {
    case MessageType::Plug:
        return plug(kernel, session, message.id, reader);
    case MessageType::Unplug: {
        uint64_t device = reader.u64();
        bool own = session.devices.contains(device);
        if (own) {
            session.devices.erase(device); // it knows
            unplugDevice(kernel, device);
        }
        return session.link->reply(message.id, own ? kIOReturnSuccess : kIOReturnNotFound);
    }
    case MessageType::TransferInDone:
    case MessageType::ControlDone:
        return takeData(kernel, session, reader);
    case MessageType::IsochDone:
        return isochDone(kernel, reader);
    case MessageType::TransferOutDone:
        return transferOutDone(kernel, session, reader);
    case MessageType::ReadClock: {
        const MachineTime time = machineTime();
        return session.link->reply(message.id, kIOReturnSuccess,
                                   Writer().u8(time.held).u64(time.now));
    }
    case MessageType::DeviceFamily:
        return handleDeviceFamily(kernel, session, message);
    default:
        session.link->reply(message.id, kIOReturnBadMessageID);
    }
}

} // namespace dextsim
