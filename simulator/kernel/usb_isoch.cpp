// Isochronous transfers: one packet per frame, whether the device has something to say or not
// (contract §10.2). A transfer ends when its last frame has passed and the device has answered.
#include "ipc/machine.h"
#include "kernel.h"

#include <IOKit/IOReturn.h>

#include <algorithm>
#include <chrono>

namespace dextsim {

namespace {

using std::chrono::milliseconds;

// IOUSBIsochronousFrame of the driver side.
struct __attribute__((packed)) ListedFrame {
    int32_t status;
    uint32_t requestCount;
    uint32_t completeCount;
    uint32_t reserved;
    uint64_t timeStamp; // ns
};
static_assert(sizeof(ListedFrame) == 24);

// How far ahead of the current frame a host controller can be told (xHCI schedules 1024 frames).
constexpr uint64_t kHorizon = 1024;
constexpr uint64_t kMaxFrames = 4096;
constexpr uint64_t kFrame = 1'000'000; // ns, at every speed

std::vector<ListedFrame> readList(const MemoryDescriptor & list) {
    std::vector<uint8_t> bytes;
    for (const MemoryPiece & piece : list.pieces()) {
        bytes.insert(bytes.end(), piece.bytes().begin(), piece.bytes().end());
    }
    std::vector<ListedFrame> frames(bytes.size() / sizeof(ListedFrame));
    std::copy_n(bytes.data(), frames.size() * sizeof(ListedFrame),
                reinterpret_cast<uint8_t *>(frames.data()));
    return frames;
}

void writeList(const MemoryDescriptor & list, const std::vector<ListedFrame> & frames) {
    list.write(
        {reinterpret_cast<const uint8_t *>(frames.data()), frames.size() * sizeof(ListedFrame)});
}

// 0, or why these frames cannot be sent.
int32_t takeFrames(const MemoryDescriptor & list, const UsbPipe & pipe, UsbTransfer & transfer) {
    auto listed = readList(list);
    if (listed.empty() || listed.size() > kMaxFrames) {
        return kIOReturnBadArgument;
    }
    uint64_t total = 0;
    for (ListedFrame & frame : listed) {
        if (frame.requestCount > pipe.endpoint.maxFrameBytes()) {
            return kIOReturnBadArgument;
        }
        total += frame.requestCount;
        frame.status = kIOReturnInvalid;
        frame.completeCount = 0;
        transfer.isoch->frames.push_back({frame.requestCount, 0, kIOReturnInvalid});
    }
    transfer.length = static_cast<uint32_t>(total);
    writeList(list, listed);
    return kIOReturnSuccess;
}

// The frame to begin with, after those that are under way.
int32_t schedule(Kernel & kernel, const UsbPipe & pipe, UsbIsoch & isoch) {
    const uint64_t now = currentFrame();
    uint64_t next = now + 1;
    for (uint64_t id : pipe.transfers) {
        const UsbTransfer & other = *kernel.usb.transfer(id);
        next = std::max(next, other.isoch->first + other.isoch->frames.size());
    }
    if (isoch.first == 0) {
        isoch.first = next;
    }
    return isoch.first <= now             ? kIOReturnIsoTooOld
           : isoch.first > now + kHorizon ? kIOReturnIsoTooNew
                                          : kIOReturnSuccess;
}

void endIfDone(Kernel & kernel, const UsbTransfer & transfer) {
    if (transfer.isoch->answered && transfer.isoch->over) {
        endTransfer(kernel, transfer.id, kIOReturnSuccess, 0);
    }
}

void send(Kernel & kernel, Session & player, const UsbTransfer & transfer, const UsbPipe & pipe,
          const MemoryDescriptor * memory) {
    const UsbIsoch & isoch = *transfer.isoch;
    Writer body;
    body.u64(transfer.device).u8(pipe.endpoint.address).u64(transfer.id).u64(isoch.first);
    body.u32(static_cast<uint32_t>(isoch.frames.size()));
    for (const UsbFrame & frame : isoch.frames) {
        body.u32(frame.requested);
    }
    std::vector<uint8_t> data;
    for (const MemoryPiece & piece :
         memory == nullptr || transfer.in ? std::vector<MemoryPiece>() : memory->pieces()) {
        data.insert(data.end(), piece.bytes().begin(), piece.bytes().end());
    }
    data.resize(transfer.in ? 0 : transfer.length);
    kernel.recorder.framesAsked(transfer, pipe.endpoint.address, data);
    player.link->send(MessageType::IsochTransfer, body.bytes(data));
}

} // namespace

uint64_t currentFrame() {
    return machineNanoseconds() / kFrame;
}

int32_t startIsoch(Kernel & kernel, UsbPipe & pipe, UsbTransfer transfer, uint64_t frameList,
                   uint64_t first) {
    const UsbInterface * interface = kernel.usb.interface(pipe.interface);
    const UsbDevice * device =
        interface == nullptr ? nullptr : kernel.usb.device(interface->device);
    Session * player = device == nullptr ? nullptr : kernel.session(device->session);
    const MemoryDescriptor * list = kernel.memory.find(frameList);
    const MemoryDescriptor * memory = kernel.memory.find(transfer.memory);
    if (player == nullptr || kernel.asleep) {
        return player == nullptr ? kIOReturnNoDevice : kIOReturnNoPower;
    }
    transfer.isoch = std::make_shared<UsbIsoch>();
    transfer.isoch->frameList = frameList;
    transfer.isoch->first = first;
    int32_t status = list == nullptr ? kIOReturnBadArgument : takeFrames(*list, pipe, transfer);
    if (status == kIOReturnSuccess) {
        status = schedule(kernel, pipe, *transfer.isoch);
    }
    if (status == kIOReturnSuccess && transfer.length != 0 &&
        (memory == nullptr || transfer.length > memory->length)) {
        status = kIOReturnBadArgument;
    }
    if (status != kIOReturnSuccess) {
        return status;
    }
    transfer.id = kernel.usb.nextTransfer++;
    transfer.device = device->id;
    transfer.pipe = pipe.id;
    transfer.in = pipe.endpoint.isIn();
    kernel.memory.retain(transfer.memory);
    kernel.memory.retain(frameList);
    const uint64_t last = transfer.isoch->first + transfer.isoch->frames.size();
    transfer.timer =
        kernel.clock.after(milliseconds(last - currentFrame()), [&kernel, id = transfer.id] {
            if (UsbTransfer * passed = kernel.usb.transfer(id)) {
                passed->isoch->over = true;
                endIfDone(kernel, *passed);
            }
        });
    pipe.transfers.push_back(transfer.id);
    kernel.usb.transfers[transfer.id] = transfer;
    send(kernel, *player, transfer, pipe, memory);
    return kIOReturnSuccess;
}

// Data of IN frames follow each other in the answer, but lie in the buffer where each was asked
// for.
void isochDone(Kernel & kernel, Reader & reader) {
    UsbTransfer * transfer = kernel.usb.transfer(reader.u64());
    if (transfer == nullptr || transfer->isoch == nullptr) {
        return; // aborted meanwhile
    }
    std::vector<UsbFrame> & frames = transfer->isoch->frames;
    const uint32_t count = reader.u32();
    Recorder::Frames told;
    for (uint32_t i = 0; i < count && reader.ok(); ++i) {
        const int32_t status = reader.i32();
        const uint32_t length = reader.u32();
        told.statuses.push_back(static_cast<uint32_t>(status));
        told.lengths.push_back(length);
        if (i < frames.size()) {
            frames[i].completed = std::min(length, frames[i].requested);
            frames[i].status = status != kIOReturnSuccess                     ? status
                               : length > frames[i].requested                 ? kIOReturnOverrun
                               : transfer->in && length < frames[i].requested ? kIOReturnUnderrun
                                                                              : kIOReturnSuccess;
        }
    }
    auto data = reader.bytes();
    told.data = data;
    kernel.recorder.framesAnswered(transfer->id, told);
    const MemoryDescriptor * memory = kernel.memory.find(transfer->memory);
    uint64_t at = 0;
    for (const UsbFrame & frame : frames) {
        const size_t size = std::min<size_t>(frame.completed, data.size());
        if (transfer->in && memory != nullptr) {
            memory->write(data.first(size), at);
            data = data.subspan(size);
        }
        at += frame.requested;
    }
    transfer->isoch->answered = true;
    endIfDone(kernel, *transfer);
}

void writeFrames(Kernel & kernel, const UsbTransfer & transfer, int32_t status) {
    const UsbIsoch & isoch = *transfer.isoch;
    if (const MemoryDescriptor * list = kernel.memory.find(isoch.frameList)) {
        auto listed = readList(*list);
        for (size_t i = 0; i < std::min(listed.size(), isoch.frames.size()); ++i) {
            const UsbFrame & frame = isoch.frames[i];
            listed[i].status = status == kIOReturnSuccess ? frame.status : status;
            listed[i].completeCount = status == kIOReturnSuccess ? frame.completed : 0;
            listed[i].timeStamp = (isoch.first + i + 1) * kFrame;
        }
        writeList(*list, listed);
    }
    kernel.memory.release(isoch.frameList);
}

} // namespace dextsim
