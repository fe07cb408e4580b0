// Interfaces of USB devices: proxies of the kernel's (contract §10.1).
#include <USBDriverKit/IOUSBHostInterface.h>

#include "../runtime/kernel.h"
#include "../runtime/objects.h"
#include "../runtime/usb_pipe.h"
#include "usb_requests.h"

#include <USBDriverKit/AppleUSBDescriptorParsing.h>

using namespace dextsim;

namespace {
// DeviceRequest has no `forClient` here: the kernel takes whoever has opened the interface.
constexpr uint64_t kOpener = 0;
constexpr uint16_t kEnglish = 0x0409;
} // namespace

// `arg` is an output in the message that carries it, so the setting given by value does not arrive:
// select it with SelectAlternateSetting.
kern_return_t IOUSBHostInterface::Open(IOService * forClient, IOOptionBits options, uint8_t * arg) {
    Writer body;
    body.u64(kernelId(this)).u64(kernelId(forClient)).u32(options);
    return tellKernel(MessageType::UsbOpen, body.u64(reinterpret_cast<uint64_t>(arg)));
}

kern_return_t IOUSBHostInterface::Close_Impl(IOUSBHostInterface_Close_Args) {
    Writer body;
    body.u64(kernelId(this)).u64(kernelId(forClient)).u32(options);
    return tellKernel(MessageType::UsbClose, body);
}

kern_return_t IOUSBHostInterface::CopyPipe_Impl(IOUSBHostInterface_CopyPipe_Args) {
    const Reply reply = askKernel(MessageType::CopyPipe, Writer().u64(kernelId(this)).u8(address));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    Reader answer = reply.reader();
    const uint64_t id = answer.u64();
    UsbEndpoint endpoint{};
    endpoint.address = address;
    endpoint.maxPacketSize = answer.u16();
    endpoint.attributes = answer.u8();
    endpoint.interval = answer.u8();
    *pipe = makePipe(id, kernelId(this), endpoint);
    return *pipe != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

kern_return_t
IOUSBHostInterface::SelectAlternateSetting_Impl(IOUSBHostInterface_SelectAlternateSetting_Args) {
    return tellKernel(MessageType::SelectAlternateSetting,
                      Writer().u64(kernelId(this)).u8(bAlternateSetting));
}

kern_return_t IOUSBHostInterface::CopyDevice_Impl(IOUSBHostInterface_CopyDevice_Args) {
    const Reply reply = askKernel(MessageType::CopyDevice, Writer().u64(kernelId(this)));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    *device = static_cast<IOUSBHostDevice *>(copyProxy(reply.reader().u64(), "IOUSBHostDevice"));
    return *device != nullptr ? kIOReturnSuccess : kIOReturnNoDevice;
}

kern_return_t IOUSBHostInterface::GetFrameNumber_Impl(IOUSBHostInterface_GetFrameNumber_Args) {
    readFrameNumber(frameNumber, theTime);
    return kIOReturnSuccess;
}

kern_return_t
IOUSBHostInterface::CurrentMicroframe_Impl(IOUSBHostInterface_CurrentMicroframe_Args) {
    readMicroframe(microframeNumber, theTime);
    return kIOReturnSuccess;
}

kern_return_t
IOUSBHostInterface::ReferenceMicroframe_Impl(IOUSBHostInterface_ReferenceMicroframe_Args) {
    readMicroframe(microframeNumber, theTime);
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostInterface::GetPortStatus_Impl(IOUSBHostInterface_GetPortStatus_Args) {
    UsbInfo info{};
    const kern_return_t status = readUsbInfo(kernelId(this), info);
    *portStatus = status == kIOReturnSuccess ? portStatusOf(info) : 0;
    return status;
}

// Simulated devices are never suspended; the policy is kept.
kern_return_t IOUSBHostInterface::SetIdlePolicy_Impl(IOUSBHostInterface_SetIdlePolicy_Args) {
    setIdleTimeout(kernelId(this), deviceIdleTimeout);
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostInterface::GetIdlePolicy_Impl(IOUSBHostInterface_GetIdlePolicy_Args) {
    *deviceIdleTimeout = idleTimeout(kernelId(this));
    return kIOReturnSuccess;
}

// ── descriptors ──

const IOUSBConfigurationDescriptor * IOUSBHostInterface::CopyConfigurationDescriptor() {
    constexpr uint8_t kActive = 0xff;
    return static_cast<const IOUSBConfigurationDescriptor *>(
        copyDescriptor({kernelId(this), kIOUSBDescriptorTypeConfiguration, kActive, 0},
                       sizeof(IOUSBConfigurationDescriptor)));
}

const IOUSBInterfaceDescriptor * IOUSBHostInterface::GetInterfaceDescriptor(
    const IOUSBConfigurationDescriptor * configurationDescriptor) {
    UsbInfo info{};
    if (readUsbInfo(kernelId(this), info) != kIOReturnSuccess) {
        return nullptr;
    }
    const IOUSBInterfaceDescriptor * each = nullptr;
    do {
        each = IOUSBGetNextInterfaceDescriptor(
            configurationDescriptor, reinterpret_cast<const IOUSBDescriptorHeader *>(each));
    } while (each != nullptr && (each->bInterfaceNumber != info.interfaceNumber ||
                                 each->bAlternateSetting != info.alternate));
    return each;
}

const IOUSBStringDescriptor * IOUSBHostInterface::CopyStringDescriptor(uint8_t index,
                                                                       uint16_t languageID) {
    return static_cast<const IOUSBStringDescriptor *>(copyDescriptor(
        {kernelId(this), kIOUSBDescriptorTypeString, index, languageID}, sizeof(uint16_t)));
}

const IOUSBStringDescriptor * IOUSBHostInterface::CopyStringDescriptor(uint8_t index) {
    return CopyStringDescriptor(index, kEnglish);
}

// ── buffers and requests ──

kern_return_t IOUSBHostInterface::CreateIOBuffer(IOOptionBits options, uint64_t capacity,
                                                 IOBufferMemoryDescriptor ** buffer) {
    return IOBufferMemoryDescriptor::Create(options, capacity, 0, buffer);
}

kern_return_t IOUSBHostInterface::DeviceRequest(uint8_t bmRequestType, uint8_t bRequest,
                                                uint16_t wValue, uint16_t wIndex, uint16_t wLength,
                                                IOMemoryDescriptor * dataBuffer,
                                                uint16_t * bytesTransferred,
                                                uint32_t completionTimeoutMs) {
    return sendRequest({kernelId(this), kOpener, bmRequestType, bRequest, wValue, wIndex, wLength,
                        dataBuffer, completionTimeoutMs},
                       bytesTransferred);
}

kern_return_t IOUSBHostInterface::AsyncDeviceRequest(
    uint8_t bmRequestType, uint8_t bRequest, uint16_t wValue, uint16_t wIndex, uint16_t wLength,
    IOMemoryDescriptor * dataBuffer, OSAction * completion, uint32_t completionTimeoutMs) {
    IOUSBHostDevice * device = nullptr;
    kern_return_t status = CopyDevice(&device);
    if (status == kIOReturnSuccess) {
        status = sendRequestAsync({kernelId(this), kOpener, bmRequestType, bRequest, wValue, wIndex,
                                   wLength, dataBuffer, completionTimeoutMs},
                                  device, completion);
        device->release();
    }
    return status;
}

kern_return_t IOUSBHostInterface::AbortDeviceRequests(IOOptionBits options, IOReturn withError) {
    return abortRequests(kernelId(this), kOpener, options, withError);
}
