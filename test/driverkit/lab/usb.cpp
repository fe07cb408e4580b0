// Interfaces, devices and pipes: settings, requests, aborts, descriptors (contract §10).
#include "lab.h"

static kern_return_t copyPipe(const LabCall & call, IOUSBHostPipe ** pipe) {
    return call.state().interface->CopyPipe(static_cast<uint8_t>(call.in(0)), pipe);
}

// in: the setting
kern_return_t labSelectAlternate(const LabCall & call) {
    return call.state().interface->SelectAlternateSetting(static_cast<uint8_t>(call.in(0)));
}

kern_return_t labClose(const LabCall & call) {
    return call.state().interface->Close(call.driver, 0);
}

// in: endpoint; out: packet size and interval as they are by policy, then as they were made
kern_return_t labDescribePipe(const LabCall & call) {
    IOUSBHostPipe * pipe = nullptr;
    IOUSBStandardEndpointDescriptors now = {};
    IOUSBStandardEndpointDescriptors made = {};
    kern_return_t status = copyPipe(call, &pipe);
    if (status == kIOReturnSuccess) {
        status = pipe->GetDescriptors(&now, kIOUSBGetEndpointDescriptorCurrentPolicy);
    }
    if (status == kIOReturnSuccess) {
        status = pipe->GetDescriptors(&made, kIOUSBGetEndpointDescriptorOriginal);
    }
    call.out(0, now.descriptor.wMaxPacketSize);
    call.out(1, now.descriptor.bInterval);
    call.out(2, made.descriptor.wMaxPacketSize);
    call.out(3, made.descriptor.bInterval);
    OSSafeReleaseNULL(pipe);
    return status;
}

// in: endpoint, packet size, interval; out: as they are by policy
kern_return_t labAdjustPipe(const LabCall & call) {
    IOUSBHostPipe * pipe = nullptr;
    IOUSBStandardEndpointDescriptors wanted = {};
    kern_return_t status = copyPipe(call, &pipe);
    if (status == kIOReturnSuccess) {
        status = pipe->GetDescriptors(&wanted, kIOUSBGetEndpointDescriptorOriginal);
    }
    wanted.descriptor.wMaxPacketSize = static_cast<uint16_t>(call.in(1));
    wanted.descriptor.bInterval = static_cast<uint8_t>(call.in(2));
    if (status == kIOReturnSuccess) {
        status = pipe->AdjustPipe(&wanted);
    }
    if (status == kIOReturnSuccess) {
        status = pipe->GetDescriptors(&wanted, kIOUSBGetEndpointDescriptorCurrentPolicy);
    }
    call.out(0, wanted.descriptor.wMaxPacketSize);
    call.out(1, wanted.descriptor.bInterval);
    OSSafeReleaseNULL(pipe);
    return status;
}

// in: endpoint, milliseconds; out: the policies of the interface and of the pipe
kern_return_t labIdlePolicy(const LabCall & call) {
    IOUSBHostPipe * pipe = nullptr;
    const auto time = static_cast<uint32_t>(call.in(1));
    uint32_t ofInterface = 0;
    uint32_t ofPipe = 0;
    kern_return_t status = copyPipe(call, &pipe);
    if (status == kIOReturnSuccess) {
        call.state().interface->SetIdlePolicy(time);
        call.state().interface->GetIdlePolicy(&ofInterface);
        pipe->SetIdlePolicy(time + 1);
        pipe->GetIdlePolicy(&ofPipe);
    }
    call.out(0, ofInterface);
    call.out(1, ofPipe);
    OSSafeReleaseNULL(pipe);
    return status;
}

// in: endpoint, length, timeout, tag, whether by OSAction::Create. Into, or out of, a new buffer.
kern_return_t labStartTransfer(const LabCall & call) {
    IOUSBHostPipe * pipe = nullptr;
    IOBufferMemoryDescriptor * buffer = nullptr;
    OSAction * done = nullptr;
    kern_return_t status = copyPipe(call, &pipe);
    if (status == kIOReturnSuccess) {
        status =
            call.state().interface->CreateIOBuffer(kIOMemoryDirectionInOut, call.in(1), &buffer);
    }
    if (status == kIOReturnSuccess) {
        status = call.in(4) == 0
                     ? call.driver->CreateActionTransferDone(sizeof(uint64_t), &done)
                     : OSAction::Create(call.driver, LabDriver_TransferDone_ID,
                                        IOUSBHostPipe_CompleteAsyncIO_ID, sizeof(uint64_t), &done);
    }
    if (status == kIOReturnSuccess) {
        *static_cast<uint64_t *>(done->GetReference()) = call.in(3);
        status = pipe->AsyncIO(buffer, static_cast<uint32_t>(call.in(1)), done,
                               static_cast<uint32_t>(call.in(2)));
    }
    OSSafeReleaseNULL(done);
    OSSafeReleaseNULL(buffer);
    OSSafeReleaseNULL(pipe);
    return status;
}

// in: endpoint, options, status of what is aborted
kern_return_t labAbort(const LabCall & call) {
    IOUSBHostPipe * pipe = nullptr;
    kern_return_t status = copyPipe(call, &pipe);
    if (status == kIOReturnSuccess) {
        status = pipe->Abort(static_cast<IOOptionBits>(call.in(1)),
                             static_cast<IOReturn>(call.in(2)), call.driver);
        pipe->release();
    }
    return status;
}

// in: endpoint, whether the device is to know
kern_return_t labClearStall(const LabCall & call) {
    IOUSBHostPipe * pipe = nullptr;
    kern_return_t status = copyPipe(call, &pipe);
    if (status == kIOReturnSuccess) {
        status = pipe->ClearStall(call.in(1) != 0);
        pipe->release();
    }
    return status;
}

// ── control requests ──

// in: bmRequestType, bRequest, wValue, wIndex, wLength, timeout, fill; out: bytes, the first of
// them
kern_return_t labRequest(const LabCall & call) {
    IOBufferMemoryDescriptor * buffer = nullptr;
    IOAddressSegment range = {};
    const uint64_t length = call.in(4);
    kern_return_t status =
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, length + 1, 0, &buffer);
    if (status != kIOReturnSuccess) {
        return status;
    }
    buffer->GetAddressRange(&range);
    auto * const bytes = reinterpret_cast<uint8_t *>(range.address);
    memset(bytes, static_cast<int>(call.in(6)), length);
    uint16_t moved = 0;
    status = call.state().interface->DeviceRequest(
        static_cast<uint8_t>(call.in(0)), static_cast<uint8_t>(call.in(1)),
        static_cast<uint16_t>(call.in(2)), static_cast<uint16_t>(call.in(3)),
        static_cast<uint16_t>(length), length == 0 ? nullptr : buffer, &moved,
        static_cast<uint32_t>(call.in(5)));
    call.out(0, moved);
    call.out(1, bytes[0]);
    buffer->release();
    return status;
}

// The same, asynchronously, without data from the lab.
kern_return_t labStartRequest(const LabCall & call) {
    IOBufferMemoryDescriptor * buffer = nullptr;
    OSAction * done = nullptr;
    kern_return_t status =
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, call.in(4) + 1, 0, &buffer);
    if (status == kIOReturnSuccess) {
        status = call.driver->CreateActionRequestDone(0, &done);
    }
    if (status == kIOReturnSuccess) {
        status = call.state().interface->AsyncDeviceRequest(
            static_cast<uint8_t>(call.in(0)), static_cast<uint8_t>(call.in(1)),
            static_cast<uint16_t>(call.in(2)), static_cast<uint16_t>(call.in(3)),
            static_cast<uint16_t>(call.in(4)), buffer, done, static_cast<uint32_t>(call.in(5)));
    }
    OSSafeReleaseNULL(done);
    OSSafeReleaseNULL(buffer);
    return status;
}

void LabDriver::RequestDone_Impl(LabDriver_RequestDone_Args) {
    (void)action;
    labNote(*ivars, {status, bytesTransferred, 0});
}

// ── devices ──

kern_return_t labOpenDevice(const LabCall & call) {
    return call.state().device->Open(call.driver, 0, 0);
}

// in: configuration, whether drivers are to match its interfaces
kern_return_t labConfigure(const LabCall & call) {
    return call.state().device->SetConfiguration(static_cast<uint8_t>(call.in(0)), call.in(1) != 0);
}

// out: how many, then a mask of their numbers, and what came after the last one and after the end
kern_return_t labListInterfaces(const LabCall & call) {
    IOUSBHostDevice * const device = call.state().device;
    uintptr_t iterator = 0;
    kern_return_t status = device->CreateInterfaceIterator(&iterator);
    uint64_t count = 0;
    uint64_t numbers = 0;
    IOUSBHostInterface * each = nullptr;
    const IOUSBConfigurationDescriptor * const configuration =
        device->CopyConfigurationDescriptor(static_cast<IOService *>(call.driver));
    while (status == kIOReturnSuccess) {
        each = nullptr;
        status = device->CopyInterface(iterator, &each);
        if (each == nullptr) {
            break;
        }
        count++;
        const IOUSBInterfaceDescriptor * const found = each->GetInterfaceDescriptor(configuration);
        numbers |= found != nullptr ? uint64_t{1} << found->bInterfaceNumber : 0;
        each->release();
    }
    IOUSBHostFreeDescriptor(configuration);
    call.out(0, count);
    call.out(1, numbers);
    call.out(2, static_cast<uint32_t>(device->DestroyInterfaceIterator(iterator)));
    call.out(3, static_cast<uint32_t>(device->CopyInterface(iterator, &each)));
    return status;
}

kern_return_t labResetDevice(const LabCall & call) {
    return call.state().device->Reset();
}

// in: type, index, type and recipient of the request, length; out: length, the first bytes
kern_return_t labCopyDescriptor(const LabCall & call) {
    uint8_t bytes[256] = {};
    auto length = static_cast<uint16_t>(call.in(4));
    const kern_return_t status = call.state().device->CopyDescriptor(
        static_cast<uint8_t>(call.in(0)), &length, static_cast<uint8_t>(call.in(1)), 0,
        static_cast<uint8_t>(call.in(2)), static_cast<uint8_t>(call.in(3)), bytes);
    call.out(0, length);
    call.out(1, bytes[0]);
    call.out(2, bytes[1]);
    call.out(3, bytes[2]);
    return status;
}

kern_return_t labFrameNumber(const LabCall & call) {
    uint64_t frame = 0;
    uint64_t time = 0;
    const kern_return_t status = call.state().interface->GetFrameNumber(&frame, &time);
    call.out(0, frame);
    call.out(1, time);
    return status;
}

// out: microframe and time of the interface's reference, then of the device as it is now, and
// whether a frame without its time can be had
kern_return_t labMicroframes(const LabCall & call) {
    uint64_t frame = 0;
    uint64_t time = 0;
    kern_return_t status = call.state().interface->ReferenceMicroframe(&frame, &time);
    call.out(0, frame);
    call.out(1, time);
    IOUSBHostDevice * device = nullptr;
    if (status == kIOReturnSuccess) {
        status = call.state().interface->CopyDevice(&device);
    }
    if (status == kIOReturnSuccess) {
        status = device->CurrentMicroframe(&frame, &time);
        call.out(2, frame);
        call.out(3, time);
        call.out(4, static_cast<uint32_t>(device->ReferenceMicroframe(&frame, nullptr)));
    }
    OSSafeReleaseNULL(device);
    return status;
}
