// Pipes: transfers on one endpoint of an open interface (contract §10.2).
#include "../runtime/usb_pipe.h"

#include "../runtime/kernel.h"
#include "../runtime/memory.h"
#include "../runtime/objects.h"
#include "../runtime/usb_completions.h"
#include "usb_requests.h"

#include <USBDriverKit/AppleUSBDescriptorParsing.h>

using namespace dextsim;

IOUSBHostPipe * dextsim::makePipe(uint64_t id, uint64_t interface, const UsbEndpoint & endpoint) {
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(IOUSBHostPipe), &object) != kIOReturnSuccess) {
        return nullptr;
    }
    auto * const pipe = static_cast<IOUSBHostPipe *>(object);
    pipe->reserved |= kOSObjectIsRemote;
    auto * const ivars = new IOUSBHostPipe_IVars;
    ivars->interface = interface;
    ivars->endpoint = ivars->adjusted = endpoint;
    pipe->IOUSBHostPipe::ivars = ivars;
    setKernelId(pipe, id);
    if (!pipe->init()) {
        pipe->release();
        return nullptr;
    }
    return pipe;
}

bool IOUSBHostPipe::init() {
    return OSObject::init();
}

void IOUSBHostPipe::free() {
    if (const uint64_t id = kernelId(this)) {
        notifyKernel(MessageType::ReleasePipe, Writer().u64(id));
    }
    if (ivars != nullptr) {
        for (IOMemoryDescriptor * each : ivars->ring) {
            OSSafeRelease(each);
        }
    }
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

namespace {

// What a host controller would refuse, too.
kern_return_t checkTransfer(const IOUSBHostPipe_IVars & pipe, IOMemoryDescriptor * memory,
                            uint32_t length, uint32_t timeout) {
    uint64_t room = 0;
    if (memory != nullptr) {
        memory->GetLength(&room);
    }
    const bool isInterrupt = (pipe.endpoint.attributes & kIOUSBEndpointDescriptorTransferType) ==
                             kIOUSBEndpointDescriptorTransferTypeInterrupt;
    if (length > room || (isInterrupt && timeout != 0)) {
        return kIOReturnBadArgument;
    }
    return memory == nullptr || kernelMemory(memory) != 0 ? kIOReturnSuccess : kIOReturnNoMemory;
}

} // namespace

kern_return_t IOUSBHostPipe::AsyncIO_Impl(IOUSBHostPipe_AsyncIO_Args) {
    if (completion == nullptr) {
        return kIOReturnBadArgument;
    }
    const kern_return_t refused =
        checkTransfer(*ivars, dataBuffer, dataBufferLength, completionTimeoutMs);
    if (refused != kIOReturnSuccess) {
        return refused;
    }
    const uint64_t number = beginTransfer(this, completion, dataBuffer);
    Writer body;
    body.u64(kernelId(this)).u64(kernelId(dataBuffer)).u32(dataBufferLength);
    body.u64(number).u32(completionTimeoutMs);
    const kern_return_t status = tellKernel(MessageType::PipeAsyncIO, body);
    if (status != kIOReturnSuccess) {
        forgetTransfer(number);
    }
    return status;
}

kern_return_t IOUSBHostPipe::IO_Impl(IOUSBHostPipe_IO_Args) {
    const kern_return_t refused =
        checkTransfer(*ivars, dataBuffer, dataBufferLength, completionTimeoutMs);
    if (refused != kIOReturnSuccess) {
        return refused;
    }
    Writer body;
    body.u64(kernelId(this)).u64(kernelId(dataBuffer)).u32(dataBufferLength);
    body.u32(completionTimeoutMs);
    const Reply reply = askKernel(MessageType::PipeIO, body);
    if (reply.status == kIOReturnSuccess) {
        *bytesTransferred = reply.reader().u32();
    }
    return reply.status;
}

kern_return_t IOUSBHostPipe::Abort_Impl(IOUSBHostPipe_Abort_Args) {
    Writer body;
    body.u64(kernelId(this)).u32(options).i32(withError).u64(kernelId(forClient));
    return tellKernel(MessageType::PipeAbort, body);
}

kern_return_t IOUSBHostPipe::ClearStall_Impl(IOUSBHostPipe_ClearStall_Args) {
    Writer body;
    body.u64(kernelId(this)).u8(withRequest ? 1 : 0);
    return tellKernel(MessageType::PipeClearStall, body);
}

kern_return_t IOUSBHostPipe::GetSpeed_Impl(IOUSBHostPipe_GetSpeed_Args) {
    UsbInfo info{};
    const kern_return_t status = readUsbInfo(ivars->interface, info);
    *speed = info.speed;
    return status;
}

kern_return_t IOUSBHostPipe::GetDeviceAddress_Impl(IOUSBHostPipe_GetDeviceAddress_Args) {
    UsbInfo info{};
    const kern_return_t status = readUsbInfo(ivars->interface, info);
    *address = info.address;
    return status;
}

namespace {

bool isPeriodic(const UsbEndpoint & endpoint) {
    const int type = endpoint.attributes & kIOUSBEndpointDescriptorTransferType;
    return type == kIOUSBEndpointDescriptorTransferTypeInterrupt ||
           type == kIOUSBEndpointDescriptorTransferTypeIsochronous;
}

} // namespace

kern_return_t IOUSBHostPipe::GetDescriptors_Impl(IOUSBHostPipe_GetDescriptors_Args) {
    UsbInfo info{};
    const kern_return_t status = readUsbInfo(ivars->interface, info);
    if (status != kIOReturnSuccess) {
        return status;
    }
    std::lock_guard lock(ivars->lock);
    const UsbEndpoint & endpoint =
        type == kIOUSBGetEndpointDescriptorCurrentPolicy ? ivars->adjusted : ivars->endpoint;
    *descriptors = {};
    descriptors->bcdUSB = info.speed >= kIOUSBHostConnectionSpeedSuper ? 0x0300 : 0x0200;
    descriptors->descriptor.bLength = sizeof(IOUSBEndpointDescriptor);
    descriptors->descriptor.bDescriptorType = kIOUSBDescriptorTypeEndpoint;
    descriptors->descriptor.bEndpointAddress = endpoint.address;
    descriptors->descriptor.bmAttributes = endpoint.attributes;
    descriptors->descriptor.wMaxPacketSize = endpoint.maxPacketSize;
    descriptors->descriptor.bInterval = endpoint.interval;
    return kIOReturnSuccess;
}

// Of interrupt and isochronous endpoints only (contract §10.2), and never to more than the endpoint
// has. Transfers take what the endpoint has either way.
kern_return_t IOUSBHostPipe::AdjustPipe_Impl(IOUSBHostPipe_AdjustPipe_Args) {
    std::lock_guard lock(ivars->lock);
    if (!isPeriodic(ivars->endpoint)) {
        return kIOReturnUnsupported;
    }
    const IOUSBEndpointDescriptor & wanted = descriptors->descriptor;
    if (wanted.bEndpointAddress != ivars->endpoint.address ||
        wanted.wMaxPacketSize > ivars->endpoint.maxPacketSize) {
        return kIOReturnBadArgument;
    }
    ivars->adjusted.maxPacketSize = wanted.wMaxPacketSize;
    ivars->adjusted.interval = wanted.bInterval;
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostPipe::SetIdlePolicy_Impl(IOUSBHostPipe_SetIdlePolicy_Args) {
    ivars->idleTimeoutMs = idleTimeoutMs;
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostPipe::GetIdlePolicy_Impl(IOUSBHostPipe_GetIdlePolicy_Args) {
    *idleTimeoutMS = ivars->idleTimeoutMs;
    return kIOReturnSuccess;
}
