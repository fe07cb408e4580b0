// Transfers of many packets at a time: isochronous ones, and bundles over a ring of memory
// (contract §10.2).
#include "../runtime/usb_pipe.h"

#include "../runtime/kernel.h"
#include "../runtime/memory.h"
#include "../runtime/objects.h"
#include "../runtime/usb_completions.h"

using namespace dextsim;

namespace {

// The kernel looks at the memory at once, so what is still the app's alone has to be there.
bool makePresent(IOMemoryDescriptor * memory) {
    MemoryPieces ignored;
    return memory == nullptr || (kernelMemory(memory) != 0 && piecesOf(memory, 0, 0, ignored));
}

} // namespace

kern_return_t IOUSBHostPipe::IsochIO_Impl(IOUSBHostPipe_IsochIO_Args) {
    if (frameList == nullptr) {
        return kIOReturnBadArgument;
    }
    if (!makePresent(dataBuffer) || !makePresent(frameList)) {
        return kIOReturnVMError;
    }
    const uint64_t number =
        completion != nullptr ? beginIsoch(this, completion, dataBuffer, frameList) : 0;
    Writer body;
    body.u64(kernelId(this)).u64(kernelMemory(dataBuffer)).u64(kernelMemory(frameList));
    body.u64(firstFrameNumber).u64(number);
    const kern_return_t status = tellKernel(MessageType::PipeIsochIO, body);
    if (status != kIOReturnSuccess && number != 0) {
        forgetTransfer(number);
    }
    return status;
}

// ── bundles ──

kern_return_t
IOUSBHostPipe::CreateMemoryDescriptorRing_Impl(IOUSBHostPipe_CreateMemoryDescriptorRing_Args) {
    std::lock_guard lock(ivars->lock);
    if (size == 0 || !ivars->ring.empty()) {
        return kIOReturnBadArgument;
    }
    ivars->ring.resize(size);
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostPipe::SetMemoryDescriptor_Impl(IOUSBHostPipe_SetMemoryDescriptor_Args) {
    IOMemoryDescriptor * old;
    {
        std::lock_guard lock(ivars->lock);
        if (index >= ivars->ring.size()) {
            return kIOReturnBadArgument;
        }
        if (memoryDescriptor != nullptr) {
            memoryDescriptor->retain();
        }
        old = ivars->ring[index];
        ivars->ring[index] = memoryDescriptor;
    }
    OSSafeRelease(old);
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostPipe::AsyncIOBundled_Impl(IOUSBHostPipe_AsyncIOBundled_Args) {
    *ioTransferAcceptedCount = 0;
    std::vector<IOMemoryDescriptor *> memory;
    uint32_t ringSize;
    {
        std::lock_guard lock(ivars->lock);
        ringSize = static_cast<uint32_t>(ivars->ring.size());
        if (completion == nullptr || ioTransferIndex >= ringSize || ioTransferCount == 0 ||
            ioTransferCount > kIOUSBHostPipeBundlingMax || ioTransferCount > ringSize ||
            dataBufferLengthArrayCount < static_cast<int>(ioTransferCount)) {
            return kIOReturnBadArgument;
        }
        for (uint32_t i = 0; i < ioTransferCount; i++) {
            IOMemoryDescriptor * const each = ivars->ring[(ioTransferIndex + i) % ringSize];
            if (each == nullptr) {
                return kIOReturnBadArgument;
            }
            memory.push_back(each);
        }
        for (IOMemoryDescriptor * each : memory) {
            each->retain();
        }
    }
    // Keeps the memory until the end, too.
    const uint64_t number =
        beginBundle(this, completion, std::vector(memory), {ioTransferIndex, ringSize});
    Writer body;
    body.u64(kernelId(this)).u64(number).u32(completionTimeoutMs).u32(ioTransferCount);
    bool present = true;
    for (uint32_t i = 0; i < ioTransferCount; i++) {
        present = present && makePresent(memory[i]);
        body.u64(kernelMemory(memory[i])).u32(dataBufferLengthArray[i]);
    }
    const Reply reply = present ? askKernel(MessageType::PipeBundledIO, body) : Reply{};
    const kern_return_t status = present ? reply.status : kIOReturnVMError;
    if (status != kIOReturnSuccess) {
        forgetTransfer(number);
        return status;
    }
    *ioTransferAcceptedCount = reply.reader().u32();
    return kIOReturnSuccess;
}
