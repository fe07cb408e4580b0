// Serial ports on a USB interface: bytes between the queues and the endpoints. What the hardware is
// told is the driver's business.
#include "usb_serial.h"

#include "../runtime/hid.h"

#include <USBDriverKit/AppleUSBDescriptorParsing.h>

#include <algorithm>

using namespace dextsim;

namespace {

constexpr uint32_t kTransferSize = 4096;

using MakeAction = kern_return_t (IOUserUSBSerial::*)(size_t referenceSize, OSAction ** action);

kern_return_t openPipe(IOUserUSBSerial * port, const IOUSBEndpointDescriptor * endpoint,
                       MakeAction makeAction, UsbSerialPipe & pipe) {
    IOUSBHostInterface * const interface = port->IOUserUSBSerial::ivars->interface;
    kern_return_t status = interface->CopyPipe(IOUSBGetEndpointAddress(endpoint), &pipe.pipe);
    if (status != kIOReturnSuccess) {
        return status;
    }
    uint8_t speed = 0;
    pipe.pipe->GetSpeed(&speed);
    pipe.packet = std::max<uint32_t>(IOUSBGetEndpointMaxPacketSize(speed, endpoint), 1);
    const uint32_t size = std::max(kTransferSize / pipe.packet, 1u) * pipe.packet;
    status = interface->CreateIOBuffer(kIOMemoryDirectionInOut, size, &pipe.buffer);
    if (status == kIOReturnSuccess) {
        status = (port->*makeAction)(0, &pipe.action);
    }
    pipe.bytes = bytesOf(pipe.buffer);
    return status;
}

void closePipe(UsbSerialPipe & pipe) {
    OSSafeRelease(pipe.action);
    OSSafeRelease(pipe.buffer);
    OSSafeRelease(pipe.pipe);
    pipe = {};
}

kern_return_t openPipes(IOUserUSBSerial * port) {
    IOUserUSBSerial_IVars & state = *port->IOUserUSBSerial::ivars;
    const auto * const configuration = state.interface->CopyConfigurationDescriptor();
    const auto * const interface = state.interface->GetInterfaceDescriptor(configuration);
    const IOUSBDescriptorHeader * at = nullptr;
    kern_return_t status = interface != nullptr ? kIOReturnSuccess : kIOReturnNoDevice;
    while (status == kIOReturnSuccess) {
        const auto * const endpoint = IOUSBGetNextEndpointDescriptor(configuration, interface, at);
        if (endpoint == nullptr) {
            break;
        }
        at = reinterpret_cast<const IOUSBDescriptorHeader *>(endpoint);
        const uint8_t type = IOUSBGetEndpointType(endpoint);
        const bool isIn = IOUSBGetEndpointDirection(endpoint) == kIOUSBEndpointDirectionIn;
        if (type == kIOUSBEndpointTypeBulk && isIn && state.in.pipe == nullptr) {
            status = openPipe(port, endpoint, &IOUserUSBSerial::CreateActionRxComplete, state.in);
        } else if (type == kIOUSBEndpointTypeBulk && !isIn && state.out.pipe == nullptr) {
            status = openPipe(port, endpoint, &IOUserUSBSerial::CreateActionTxComplete, state.out);
        } else if (type == kIOUSBEndpointTypeInterrupt && isIn && state.interrupt.pipe == nullptr) {
            status = openPipe(port, endpoint, &IOUserUSBSerial::CreateActionInterruptComplete,
                              state.interrupt);
        }
    }
    if (configuration != nullptr) {
        IOUSBHostFreeDescriptor(configuration);
    }
    const bool both = state.in.pipe != nullptr && state.out.pipe != nullptr;
    return status == kIOReturnSuccess && !both ? kIOReturnNoDevice : status;
}

void read(IOUserUSBSerial_IVars & state, UsbSerialPipe & pipe) {
    if (state.active && !pipe.busy && pipe.pipe != nullptr) {
        const auto size = static_cast<uint32_t>(pipe.bytes.size());
        pipe.busy = pipe.pipe->AsyncIO(pipe.buffer, size, pipe.action, 0) == kIOReturnSuccess;
    }
}

// True: the pipe goes on.
bool recovered(UsbSerialPipe & pipe, IOReturn status) {
    return status == kIOReturnSuccess ||
           (status == kUSBHostReturnPipeStalled && pipe.pipe != nullptr &&
            pipe.pipe->ClearStall(true) == kIOReturnSuccess);
}

// The next bytes from the device are asked for when these have found their place.
void deliver(IOUserUSBSerial * port) {
    IOUserUSBSerial_IVars & state = *port->IOUserUSBSerial::ivars;
    size_t put = 0;
    if (!state.waiting.empty()) {
        IOUserSerial_IVars & queues = *port->IOUserSerial::ivars;
        std::lock_guard lock(queues.lock);
        if (queues.port != nullptr) {
            put = SerialQueueView(queues, SerialDirection::Receive).put(state.waiting);
        }
    }
    state.waiting.erase(state.waiting.begin(), state.waiting.begin() + static_cast<ptrdiff_t>(put));
    if (put != 0) {
        port->RxDataAvailable();
    }
    if (state.waiting.empty()) {
        read(state, state.in);
    }
}

} // namespace

bool IOUserUSBSerial::init() {
    if (!IOUserSerial::init()) {
        return false;
    }
    ivars = new IOUserUSBSerial_IVars;
    return true;
}

bool IOUserUSBSerial::initWith(IOBufferMemoryDescriptor * ifmd) {
    return IOUserSerial::initWith(ifmd);
}

void IOUserUSBSerial::free() {
    if (ivars != nullptr) {
        for (UsbSerialPipe * pipe : {&ivars->in, &ivars->out, &ivars->interrupt}) {
            closePipe(*pipe);
        }
        OSSafeRelease(ivars->interface);
        delete ivars;
        ivars = nullptr;
    }
    IOUserSerial::free();
}

kern_return_t IOUserUSBSerial::Start_Impl(IOService_Start_Args) {
    auto * const interface = OSDynamicCast(IOUSBHostInterface, provider);
    if (interface == nullptr) {
        return kIOReturnBadArgument;
    }
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status == kIOReturnSuccess) {
        interface->retain();
        ivars->interface = interface;
    }
    return status;
}

kern_return_t IOUserUSBSerial::Stop_Impl(IOService_Stop_Args) {
    const kern_return_t status = Stop(provider, SUPERDISPATCH);
    OSSafeReleaseNULL(ivars->interface);
    return status;
}

kern_return_t IOUserUSBSerial::ConnectQueues_Impl(IOUserSerial_ConnectQueues_Args) {
    return ConnectQueues(ifmd, rxqmd, txqmd, in_rxqmd, in_txqmd, in_rxqoffset, in_txqoffset,
                         in_rxqlogsz, in_txqlogsz, SUPERDISPATCH);
}

kern_return_t IOUserUSBSerial::DisconnectQueues_Impl() {
    return DisconnectQueues(SUPERDISPATCH);
}

kern_return_t IOUserUSBSerial::HwActivate_Impl() {
    if (ivars->interface == nullptr) {
        return kIOReturnNotReady;
    }
    kern_return_t status = ivars->interface->Open(this, 0, nullptr);
    if (status != kIOReturnSuccess) {
        return status;
    }
    status = openPipes(this);
    ivars->active = true;
    if (status != kIOReturnSuccess) {
        HwDeactivate_Impl();
        return status;
    }
    read(*ivars, ivars->in);
    read(*ivars, ivars->interrupt);
    return kIOReturnSuccess;
}

kern_return_t IOUserUSBSerial::HwDeactivate_Impl() {
    if (!ivars->active) {
        return kIOReturnNotOpen;
    }
    ivars->active = false;
    ivars->waiting.clear();
    ivars->sending = 0;
    const kern_return_t status = ivars->interface->Close(this, 0);
    for (UsbSerialPipe * pipe : {&ivars->in, &ivars->out, &ivars->interrupt}) {
        closePipe(*pipe);
    }
    return status;
}

void IOUserUSBSerial::RxFreeSpaceAvailable_Impl() {
    if (ivars->active) {
        deliver(this);
    }
}

void IOUserUSBSerial::TxDataAvailable_Impl() {
    UsbSerialPipe & pipe = ivars->out;
    if (!ivars->active || pipe.busy) {
        return;
    }
    {
        IOUserSerial_IVars & queues = *IOUserSerial::ivars;
        std::lock_guard lock(queues.lock);
        if (queues.port == nullptr) {
            return;
        }
        const SerialQueueView queue(queues, SerialDirection::Send);
        ivars->sending = static_cast<uint32_t>(queue.peek(pipe.bytes));
    }
    if (ivars->sending != 0) {
        pipe.busy =
            pipe.pipe->AsyncIO(pipe.buffer, ivars->sending, pipe.action, 0) == kIOReturnSuccess;
    }
}

void IOUserUSBSerial::handleRxPacket(uint8_t *&, uint32_t &) {}

void IOUserUSBSerial::handleInterruptPacket(const uint8_t *, uint32_t) {}

void IOUserUSBSerial::RxComplete_Impl(IOUSBHostPipe_CompleteAsyncIO_Args) {
    static_cast<void>(completionTimestamp);
    UsbSerialPipe & pipe = ivars->in;
    if (action != pipe.action) {
        return; // of a port that was closed
    }
    pipe.busy = false;
    if (!ivars->active || !recovered(pipe, status)) {
        return;
    }
    for (uint32_t at = 0; at < actualByteCount; at += pipe.packet) {
        uint8_t * packet = pipe.bytes.data() + at;
        uint32_t size = std::min(pipe.packet, actualByteCount - at);
        handleRxPacket(packet, size);
        ivars->waiting.insert(ivars->waiting.end(), packet, packet + size);
    }
    deliver(this);
}

void IOUserUSBSerial::TxComplete_Impl(IOUSBHostPipe_CompleteAsyncIO_Args) {
    static_cast<void>(completionTimestamp);
    UsbSerialPipe & pipe = ivars->out;
    if (action != pipe.action) {
        return; // of a port that was closed
    }
    pipe.busy = false;
    if (!ivars->active || !recovered(pipe, status)) {
        return;
    }
    {
        IOUserSerial_IVars & queues = *IOUserSerial::ivars;
        std::lock_guard lock(queues.lock);
        if (queues.port != nullptr) {
            SerialQueueView(queues, SerialDirection::Send)
                .consume(std::min(actualByteCount, ivars->sending));
        }
    }
    ivars->sending = 0;
    TxFreeSpaceAvailable();
    TxDataAvailable_Impl();
}

void IOUserUSBSerial::InterruptComplete_Impl(IOUSBHostPipe_CompleteAsyncIO_Args) {
    static_cast<void>(completionTimestamp);
    UsbSerialPipe & pipe = ivars->interrupt;
    if (action != pipe.action) {
        return; // of a port that was closed
    }
    pipe.busy = false;
    if (ivars->active && recovered(pipe, status)) {
        if (actualByteCount != 0) {
            handleInterruptPacket(pipe.bytes.data(), actualByteCount);
        }
        read(*ivars, pipe);
    }
}
