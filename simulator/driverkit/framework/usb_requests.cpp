// Control requests, descriptors and facts of a device.
#include "usb_requests.h"

#include "../runtime/kernel.h"
#include "../runtime/memory.h"
#include "../runtime/objects.h"
#include "../runtime/timers.h"
#include "../runtime/usb_completions.h"

#include <USBDriverKit/IOUSBHostFamilyDefinitions.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

namespace dextsim {

namespace {

Writer bodyOf(const ControlRequest & request, uint64_t action) {
    Writer body;
    body.u64(request.object).u64(request.client);
    body.u8(request.bmRequestType).u8(request.bRequest);
    body.u16(request.wValue).u16(request.wIndex).u16(request.wLength);
    body.u64(kernelMemory(request.data)).u32(request.timeoutMs).u64(action);
    return body;
}

uint8_t appleSpeed(uint8_t speed) {
    switch (static_cast<UsbSpeed>(speed)) {
    case UsbSpeed::Low:
        return kIOUSBHostConnectionSpeedLow;
    case UsbSpeed::Full:
        return kIOUSBHostConnectionSpeedFull;
    default:
        return speed; // the others have the same numbers
    }
}

} // namespace

kern_return_t sendRequest(const ControlRequest & request, uint16_t * bytes) {
    const Reply reply = askKernel(MessageType::DeviceRequest, bodyOf(request, 0));
    if (reply.status == kIOReturnSuccess && bytes != nullptr) {
        *bytes = reply.reader().u16();
    }
    return reply.status;
}

kern_return_t sendRequestAsync(const ControlRequest & request, IOUSBHostDevice * device,
                               OSAction * completion) {
    if (completion == nullptr || device == nullptr) {
        return kIOReturnBadArgument;
    }
    const uint64_t number = beginRequest(device, completion, request.data);
    const kern_return_t status = tellKernel(MessageType::DeviceRequest, bodyOf(request, number));
    if (status != kIOReturnSuccess) {
        forgetTransfer(number);
    }
    return status;
}

kern_return_t abortRequests(uint64_t object, uint64_t client, IOOptionBits options,
                            IOReturn withError) {
    Writer body;
    body.u64(object).u64(client).u32(options).i32(withError);
    return tellKernel(MessageType::AbortDeviceRequests, body);
}

const void * copyDescriptor(const DescriptorQuery & query, size_t minimum, size_t * length) {
    Writer body;
    body.u64(query.object).u8(query.type).u8(query.index).u16(query.language);
    const Reply reply = askKernel(MessageType::CopyDescriptor, body);
    if (reply.status != kIOReturnSuccess) {
        return nullptr;
    }
    Reader answer = reply.reader();
    const auto bytes = answer.bytes();
    void * const copy = bytes.size() >= minimum && !bytes.empty() ? malloc(bytes.size()) : nullptr;
    if (copy != nullptr) {
        memcpy(copy, bytes.data(), bytes.size());
        if (length != nullptr) {
            *length = bytes.size();
        }
    }
    return copy;
}

kern_return_t readUsbInfo(uint64_t object, UsbInfo & info) {
    const Reply reply = askKernel(MessageType::UsbInfo, Writer().u64(object));
    if (reply.status == kIOReturnSuccess) {
        Reader answer = reply.reader();
        info.speed = appleSpeed(answer.u8());
        info.address = answer.u8();
        info.configuration = answer.u8();
        info.interfaceNumber = answer.u8();
        info.alternate = answer.u8();
    }
    return reply.status;
}

namespace {

// Proxies come and go while the interface stays.
struct IdleTimeouts {
    std::mutex lock;
    std::map<uint64_t, uint32_t> byInterface;
};

IdleTimeouts & idleTimeouts() {
    static IdleTimeouts & instance = *new IdleTimeouts;
    return instance;
}

} // namespace

void setIdleTimeout(uint64_t interface, uint32_t timeoutMs) {
    IdleTimeouts & shared = idleTimeouts();
    std::lock_guard lock(shared.lock);
    shared.byInterface[interface] = timeoutMs;
}

uint32_t idleTimeout(uint64_t interface) {
    IdleTimeouts & shared = idleTimeouts();
    std::lock_guard lock(shared.lock);
    auto found = shared.byInterface.find(interface);
    return found == shared.byInterface.end() ? 0 : found->second;
}

void readFrameNumber(uint64_t * frame, uint64_t * time) {
    constexpr uint64_t kFrame = 1'000'000; // ns
    const uint64_t now = monotonicNanoseconds();
    if (frame != nullptr) {
        *frame = now / kFrame;
    }
    if (time != nullptr) {
        *time = now;
    }
}

void readMicroframe(uint64_t * microframe, uint64_t * time) {
    constexpr uint64_t kMicroframe = 125'000; // ns
    const uint64_t now = monotonicNanoseconds() / kMicroframe;
    if (microframe != nullptr) {
        *microframe = now;
    }
    if (time != nullptr) {
        *time = now * kMicroframe;
    }
}

} // namespace dextsim
