// Transfers of bulk pipes: of the lab's memory, and of a call's own structure in pieces.
#include "lab.h"

// in: options, the alternate setting that goes with them
kern_return_t labOpen(const LabCall & call) {
    return call.state().interface->Open(call.driver, static_cast<IOOptionBits>(call.in(0)),
                                        reinterpret_cast<uint8_t *>(call.in(1)));
}

// in: endpoint, length, timeout in milliseconds; out: bytes. Waits.
kern_return_t labTransfer(const LabCall & call) {
    IOUSBHostPipe * pipe = nullptr;
    kern_return_t status =
        call.state().interface->CopyPipe(static_cast<uint8_t>(call.in(0)), &pipe);
    if (status != kIOReturnSuccess) {
        return status;
    }
    uint32_t bytes = 0;
    status = pipe->IO(call.state().memory, static_cast<uint32_t>(call.in(1)), &bytes,
                      static_cast<uint32_t>(call.in(2)));
    call.out(0, bytes);
    pipe->release();
    return status;
}

static kern_return_t send(LabDriver * driver, IOUSBHostPipe * pipe, IOMemoryDescriptor * data,
                          uint64_t tag) {
    uint64_t length = 0;
    data->GetLength(&length);
    OSAction * done = nullptr;
    kern_return_t status = driver->CreateActionTransferDone(sizeof tag, &done);
    if (status == kIOReturnSuccess) {
        *static_cast<uint64_t *>(done->GetReference()) = tag;
        status = pipe->AsyncIO(data, static_cast<uint32_t>(length), done, 0);
        done->release();
    }
    return status;
}

// in: endpoint, size of a piece. The structure goes out as it came, without a copy.
kern_return_t labSendStructure(const LabCall & call) {
    IOMemoryDescriptor * const structure = call.arguments->structureInputDescriptor;
    IOUSBHostPipe * pipe = nullptr;
    if (structure == nullptr) {
        return kIOReturnBadArgument;
    }
    kern_return_t status =
        call.state().interface->CopyPipe(static_cast<uint8_t>(call.in(0)), &pipe);
    uint64_t length = 0;
    structure->GetLength(&length);
    for (uint64_t at = 0; at < length && status == kIOReturnSuccess; at += call.in(1)) {
        const uint64_t size = length - at < call.in(1) ? length - at : call.in(1);
        IOMemoryDescriptor * piece = nullptr;
        status = IOMemoryDescriptor::CreateSubMemoryDescriptor(kIOMemoryDirectionOut, at, size,
                                                               structure, &piece);
        if (status == kIOReturnSuccess) {
            status = send(call.driver, pipe, piece, at);
            piece->release();
        }
    }
    OSSafeReleaseNULL(pipe);
    return status;
}

void LabDriver::TransferDone_Impl(LabDriver_TransferDone_Args) {
    (void)completionTimestamp;
    const uint64_t tag = *static_cast<uint64_t *>(action->GetReference());
    labNote(*ivars, {status, actualByteCount, tag});
}

void labNote(LabDriver_IVars & state, const LabCompletion & completion) {
    if (state.completionCount < 64) {
        state.completions[state.completionCount++] = completion;
    }
}

// in: which one; out: how many there are, its status, bytes and tag, and how many bundles ended
kern_return_t labCompletions(const LabCall & call) {
    const LabCompletion & each = call.state().completions[call.in(0) % 64];
    call.out(0, call.state().completionCount);
    call.out(1, static_cast<uint32_t>(each.status));
    call.out(2, each.bytes);
    call.out(3, each.tag);
    call.out(4, call.state().bundleCount);
    return kIOReturnSuccess;
}
