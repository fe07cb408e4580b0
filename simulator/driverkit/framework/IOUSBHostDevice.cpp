// USB devices: proxies of the kernel's (contract §10.1).
#include <USBDriverKit/IOUSBHostDevice.h>

#include "../runtime/kernel.h"
#include "../runtime/objects.h"
#include "usb_requests.h"

#include <USBDriverKit/AppleUSBDescriptorParsing.h>
#include <USBDriverKit/IOUSBHostInterface.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>

using namespace dextsim;

namespace {
constexpr uint16_t kEnglish = 0x0409;
constexpr uint8_t kActiveConfiguration = 0xff;
constexpr uint8_t kGetDescriptor = 6;
constexpr uint32_t kDescriptorTimeoutMs = 5000;
} // namespace

kern_return_t IOUSBHostDevice::Open_Impl(IOUSBHostDevice_Open_Args) {
    Writer body;
    body.u64(kernelId(this)).u64(kernelId(forClient)).u32(options).u64(arg);
    return tellKernel(MessageType::UsbOpen, body);
}

kern_return_t IOUSBHostDevice::Close_Impl(IOUSBHostDevice_Close_Args) {
    Writer body;
    body.u64(kernelId(this)).u64(kernelId(forClient)).u32(options);
    return tellKernel(MessageType::UsbClose, body);
}

kern_return_t IOUSBHostDevice::SetConfiguration_Impl(IOUSBHostDevice_SetConfiguration_Args) {
    Writer body;
    body.u64(kernelId(this)).u8(bConfigurationValue).u8(matchInterfaces ? 1 : 0);
    return tellKernel(MessageType::SetConfiguration, body);
}

kern_return_t IOUSBHostDevice::GetAddress_Impl(IOUSBHostDevice_GetAddress_Args) {
    UsbInfo info{};
    const kern_return_t status = readUsbInfo(kernelId(this), info);
    *address = info.address;
    return status;
}

kern_return_t IOUSBHostDevice::GetSpeed_Impl(IOUSBHostDevice_GetSpeed_Args) {
    UsbInfo info{};
    const kern_return_t status = readUsbInfo(kernelId(this), info);
    *speed = info.speed;
    return status;
}

kern_return_t IOUSBHostDevice::GetFrameNumber_Impl(IOUSBHostDevice_GetFrameNumber_Args) {
    readFrameNumber(frameNumber, theTime);
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostDevice::CurrentMicroframe_Impl(IOUSBHostDevice_CurrentMicroframe_Args) {
    readMicroframe(microframeNumber, theTime);
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostDevice::ReferenceMicroframe_Impl(IOUSBHostDevice_ReferenceMicroframe_Args) {
    readMicroframe(microframeNumber, theTime);
    return kIOReturnSuccess;
}

kern_return_t IOUSBHostDevice::GetPortStatus_Impl(IOUSBHostDevice_GetPortStatus_Args) {
    UsbInfo info{};
    const kern_return_t status = readUsbInfo(kernelId(this), info);
    *portStatus = status == kIOReturnSuccess ? portStatusOf(info) : 0;
    return status;
}

kern_return_t IOUSBHostDevice::Reset_Impl() {
    return tellKernel(MessageType::ResetDevice, Writer().u64(kernelId(this)));
}

// ── iterators: the interfaces as they were when the iterator was made ──

namespace {

struct InterfaceIterators {
    std::mutex lock;
    std::map<uintptr_t, std::deque<uint64_t>> left; // by reference
    uintptr_t last = 0;
};

InterfaceIterators & iterators() {
    static InterfaceIterators & instance = *new InterfaceIterators;
    return instance;
}

} // namespace

kern_return_t
IOUSBHostDevice::CreateInterfaceIterator_Impl(IOUSBHostDevice_CreateInterfaceIterator_Args) {
    const Reply reply = askKernel(MessageType::ListInterfaces, Writer().u64(kernelId(this)));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    Reader answer = reply.reader();
    std::deque<uint64_t> found;
    for (uint32_t count = answer.u32(); count > 0 && answer.ok(); --count) {
        found.push_back(answer.u64());
    }
    InterfaceIterators & shared = iterators();
    std::lock_guard lock(shared.lock);
    shared.left[++shared.last] = std::move(found);
    *ref = shared.last;
    return kIOReturnSuccess;
}

kern_return_t
IOUSBHostDevice::DestroyInterfaceIterator_Impl(IOUSBHostDevice_DestroyInterfaceIterator_Args) {
    InterfaceIterators & shared = iterators();
    std::lock_guard lock(shared.lock);
    return shared.left.erase(ref) != 0 ? kIOReturnSuccess : kIOReturnBadArgument;
}

// Success with NULL behind the last one.
kern_return_t IOUSBHostDevice::CopyInterface_Impl(IOUSBHostDevice_CopyInterface_Args) {
    uint64_t next = 0;
    {
        InterfaceIterators & shared = iterators();
        std::lock_guard lock(shared.lock);
        auto found = shared.left.find(ref);
        if (found == shared.left.end()) {
            return kIOReturnBadArgument;
        }
        if (!found->second.empty()) {
            next = found->second.front();
            found->second.pop_front();
        }
    }
    *interface = static_cast<IOUSBHostInterface *>(copyProxy(next, "IOUSBHostInterface"));
    return kIOReturnSuccess;
}

// ── requests ──

kern_return_t IOUSBHostDevice::CreateIOBuffer_Impl(IOUSBHostDevice_CreateIOBuffer_Args) {
    return IOBufferMemoryDescriptor::Create(options, capacity, 0, buffer);
}

kern_return_t IOUSBHostDevice::DeviceRequest_Impl(IOUSBHostDevice_DeviceRequest_Args) {
    return sendRequest({kernelId(this), kernelId(forClient), bmRequestType, bRequest, wValue,
                        wIndex, wLength, dataBuffer, completionTimeoutMs},
                       bytesTransferred);
}

kern_return_t IOUSBHostDevice::AsyncDeviceRequest_Impl(IOUSBHostDevice_AsyncDeviceRequest_Args) {
    return sendRequestAsync({kernelId(this), kernelId(forClient), bmRequestType, bRequest, wValue,
                             wIndex, wLength, dataBuffer, completionTimeoutMs},
                            this, completion);
}

kern_return_t IOUSBHostDevice::AbortDeviceRequests_Impl(IOUSBHostDevice_AbortDeviceRequests_Args) {
    return abortRequests(kernelId(this), kernelId(forClient), options, withError);
}

// ── descriptors ──

kern_return_t IOUSBHostDevice::CopyDescriptor(uint8_t type, uint16_t * length, uint8_t index,
                                              uint16_t languageID, uint8_t requestType,
                                              uint8_t requestRecipient, uint8_t * descriptor) {
    if (length == nullptr || descriptor == nullptr) {
        return kIOReturnBadArgument;
    }
    size_t size = 0;
    const void * const copy = copyDescriptor({kernelId(this), type, index, languageID}, 0, &size);
    if (copy != nullptr) {
        *length = static_cast<uint16_t>(std::min<size_t>(size, *length));
        memcpy(descriptor, copy, *length);
        IOUSBHostFreeDescriptor(copy);
        return kIOReturnSuccess;
    }
    // Not among those that the host keeps: GET_DESCRIPTOR (USB 2.0 §9.4.3).
    IOBufferMemoryDescriptor * buffer = nullptr;
    IOAddressSegment range{};
    kern_return_t status = CreateIOBuffer(kIOMemoryDirectionIn, *length, &buffer);
    if (status == kIOReturnSuccess) {
        constexpr uint8_t kIn = 0x80;
        const auto kind = static_cast<uint8_t>(kIn | requestType << 5 | requestRecipient);
        const auto value = static_cast<uint16_t>(type << 8 | index);
        status = sendRequest({kernelId(this), 0, kind, kGetDescriptor, value, languageID, *length,
                              buffer, kDescriptorTimeoutMs},
                             length);
    }
    if (status == kIOReturnSuccess && buffer->GetAddressRange(&range) == kIOReturnSuccess) {
        memcpy(descriptor, reinterpret_cast<const void *>(range.address), *length);
    }
    OSSafeRelease(buffer);
    return status;
}

const IOUSBDeviceDescriptor * IOUSBHostDevice::CopyDeviceDescriptor() {
    return static_cast<const IOUSBDeviceDescriptor *>(copyDescriptor(
        {kernelId(this), kIOUSBDescriptorTypeDevice, 0, 0}, sizeof(IOUSBDeviceDescriptor)));
}

const IOUSBConfigurationDescriptor * IOUSBHostDevice::CopyConfigurationDescriptor(uint8_t index) {
    return static_cast<const IOUSBConfigurationDescriptor *>(
        copyDescriptor({kernelId(this), kIOUSBDescriptorTypeConfiguration, index, 0},
                       sizeof(IOUSBConfigurationDescriptor)));
}

const IOUSBConfigurationDescriptor *
IOUSBHostDevice::CopyConfigurationDescriptorWithValue(uint8_t bConfigurationValue) {
    for (uint8_t index = 0; index < kActiveConfiguration; index++) {
        const IOUSBConfigurationDescriptor * const each = CopyConfigurationDescriptor(index);
        if (each == nullptr || each->bConfigurationValue == bConfigurationValue) {
            return each;
        }
        IOUSBHostFreeDescriptor(each);
    }
    return nullptr;
}

const IOUSBConfigurationDescriptor *
IOUSBHostDevice::CopyConfigurationDescriptor(IOService * forClient) {
    static_cast<void>(forClient);
    return CopyConfigurationDescriptor(kActiveConfiguration);
}

const IOUSBBOSDescriptor * IOUSBHostDevice::CopyCapabilityDescriptors() {
    return static_cast<const IOUSBBOSDescriptor *>(copyDescriptor(
        {kernelId(this), kIOUSBDescriptorTypeBOS, 0, 0}, sizeof(IOUSBBOSDescriptor)));
}

const IOUSBStringDescriptor * IOUSBHostDevice::CopyStringDescriptor(uint8_t index,
                                                                    uint16_t languageID) {
    return static_cast<const IOUSBStringDescriptor *>(copyDescriptor(
        {kernelId(this), kIOUSBDescriptorTypeString, index, languageID}, sizeof(uint16_t)));
}

const IOUSBStringDescriptor * IOUSBHostDevice::CopyStringDescriptor(uint8_t index) {
    return CopyStringDescriptor(index, kEnglish);
}
