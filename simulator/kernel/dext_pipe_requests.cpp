// What a dext asks of USB pipes: transfers, aborts, stalls (contract §10.2).
#include "client_memory.h"
#include "processes.h"
#include "usb.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

const EndpointDescriptor * findEndpoint(const ConfigurationDescriptor & configuration,
                                        const UsbInterface & interface, uint8_t address) {
    for (const InterfaceDescriptor & descriptor : configuration.interfaces) {
        if (descriptor.number != interface.number || descriptor.alternate != interface.alternate) {
            continue;
        }
        for (const EndpointDescriptor & endpoint : descriptor.endpoints) {
            if (endpoint.address == address) {
                return &endpoint;
            }
        }
    }
    return nullptr;
}

UsbPipe * openPipe(DextRequest & request, UsbInterface & interface, uint8_t address) {
    UsbBus & usb = request.kernel.usb;
    for (auto & [id, pipe] : usb.pipes) {
        if (pipe.interface == interface.id && pipe.endpoint.address == address && !pipe.closed) {
            return &pipe;
        }
    }
    UsbDevice & device = *usb.device(interface.device);
    ConfigurationDescriptor configuration;
    std::string error;
    const Bytes * bytes = device.descriptors.configuration(device.configuration);
    const EndpointDescriptor * endpoint =
        bytes != nullptr && parseConfiguration(*bytes, configuration, error)
            ? findEndpoint(configuration, interface, address)
            : nullptr;
    if (endpoint == nullptr) {
        return nullptr;
    }
    uint64_t id = usb.nextPipe++;
    UsbPipe & pipe = usb.pipes[id];
    pipe.id = id;
    pipe.interface = interface.id;
    pipe.endpoint = *endpoint;
    pipe.process = request.process.id;
    return &pipe;
}

void copyPipe(DextRequest & request) {
    UsbInterface * interface = request.kernel.usb.interface(request.reader.u64());
    uint8_t address = request.reader.u8();
    if (interface == nullptr) {
        request.answer(kIOReturnNoDevice);
        return;
    }
    if (interface->openedBy == 0 && !request.kernel.options.assumes(Assumption::UsbPipes)) {
        request.answer(kIOReturnNotOpen);
        return;
    }
    UsbPipe * pipe = openPipe(request, *interface, address);
    if (pipe == nullptr) {
        request.answer(kIOReturnNotFound);
        return;
    }
    ++pipe->references;
    const EndpointDescriptor & endpoint = pipe->endpoint;
    Writer body;
    body.u64(pipe->id).u16(endpoint.maxPacketSize).u8(endpoint.attributes).u8(endpoint.interval);
    request.answer(kIOReturnSuccess, body);
}

void releasePipe(DextRequest & request) {
    UsbPipe * pipe = request.kernel.usb.pipe(request.reader.u64());
    if (pipe != nullptr && --pipe->references == 0 && pipe->closed) {
        request.kernel.usb.pipes.erase(pipe->id);
    }
}

// The longest transfer that every host takes for sure (contract §10.2).
constexpr uint32_t kSureLength = 1 << 20;

// "" or what about the length is only perhaps allowed.
std::string whyUnusual(const Options & options, const EndpointDescriptor & endpoint,
                       uint32_t length) {
    if (!options.assumes(Assumption::UsbLength) && endpoint.isBulk() && endpoint.isIn() &&
        endpoint.maxPacketSize != 0 && length % endpoint.maxPacketSize != 0) {
        return "on a bulk-IN pipe is not a multiple of wMaxPacketSize " +
               std::to_string(endpoint.maxPacketSize) + " (--assume usb-length=any allows it)";
    }
    if (!options.assumes(Assumption::UsbSize) && length > kSureLength) {
        return "is longer than 1 MiB (--assume usb-size=any allows it)";
    }
    return "";
}

// 0 or why this transfer may not start.
int32_t checkTransfer(Kernel & kernel, const UsbPipe * pipe, const UsbTransfer & transfer,
                      uint32_t timeoutMs) {
    if (pipe == nullptr) {
        return kIOReturnNoDevice;
    }
    const UsbInterface * interface = kernel.usb.interface(pipe->interface);
    if (pipe->closed || interface == nullptr || interface->openedBy == 0) {
        return interface == nullptr ? kIOReturnNoDevice : kIOReturnNotOpen;
    }
    if (pipe->halted) {
        return kUSBHostReturnPipeStalled;
    }
    const EndpointDescriptor & endpoint = pipe->endpoint;
    if (endpoint.isIsochronous() || (endpoint.isInterrupt() && timeoutMs != 0)) {
        return kIOReturnBadArgument;
    }
    const std::string unusual = whyUnusual(kernel.options, endpoint, transfer.length);
    if (!unusual.empty()) {
        DextProcess * process = kernel.process(transfer.process);
        kernel.say((process == nullptr ? "" : process->serverName + ": ") + "a transfer of " +
                   std::to_string(transfer.length) + " bytes " + unusual);
    }
    return unusual.empty() ? kIOReturnSuccess : kIOReturnBadArgument;
}

// A transfer that waits for its memory to be there.
struct PipeRequest {
    uint64_t pipe;
    UsbTransfer transfer;
    uint64_t reply;
    uint32_t timeoutMs;
};

void startOnPipe(Kernel & kernel, const PipeRequest & request, int32_t status) {
    UsbPipe * pipe = kernel.usb.pipe(request.pipe);
    if (status == kIOReturnSuccess) {
        status = checkTransfer(kernel, pipe, request.transfer, request.timeoutMs);
    }
    if (status == kIOReturnSuccess) {
        status = startTransfer(kernel, *pipe, request.transfer, request.timeoutMs);
    }
    DextProcess * process = kernel.process(request.transfer.process);
    const bool asynchronous = request.transfer.action != 0;
    if (process != nullptr && process->link && (asynchronous || status != kIOReturnSuccess)) {
        process->link->reply(request.reply, status);
    }
}

// Transfers of a pipe, answered when it has started (action) or when it has ended (reply).
void pipeTransfer(DextRequest & request, bool asynchronous) {
    PipeRequest io{request.reader.u64(), {}, request.id, 0};
    UsbTransfer & transfer = io.transfer;
    transfer.process = request.process.id;
    transfer.memory = request.reader.u64();
    transfer.length = request.reader.u32();
    if (asynchronous) {
        transfer.action = request.reader.u64();
    } else {
        transfer.reply = request.id;
    }
    io.timeoutMs = request.reader.u32();
    referenceMemory(
        request.kernel, transfer.memory,
        [&kernel = request.kernel, io](int32_t status) { startOnPipe(kernel, io, status); });
}

// 0 or why the pipe takes nothing of this kind.
int32_t checkPipe(Kernel & kernel, const UsbPipe * pipe, bool wanted) {
    if (pipe == nullptr || pipe->closed) {
        const bool open = pipe != nullptr && kernel.usb.interface(pipe->interface) != nullptr;
        return open ? kIOReturnNotOpen : kIOReturnNoDevice;
    }
    return wanted ? kIOReturnSuccess : kIOReturnBadArgument;
}

void isochTransfer(DextRequest & request) {
    Kernel & kernel = request.kernel;
    UsbPipe * pipe = kernel.usb.pipe(request.reader.u64());
    UsbTransfer transfer;
    transfer.process = request.process.id;
    transfer.memory = request.reader.u64();
    const uint64_t frameList = request.reader.u64();
    const uint64_t first = request.reader.u64();
    transfer.action = request.reader.u64();
    transfer.reply = transfer.action == 0 ? request.id : 0;
    int32_t status = checkPipe(kernel, pipe, pipe != nullptr && pipe->endpoint.isIsochronous());
    if (status == kIOReturnSuccess) {
        status = startIsoch(kernel, *pipe, transfer, frameList, first);
    }
    if (transfer.action != 0 || status != kIOReturnSuccess) {
        request.answer(status);
    }
}

// Accepts transfers up to the first that cannot start.
void bundledTransfers(DextRequest & request) {
    Kernel & kernel = request.kernel;
    UsbPipe * pipe = kernel.usb.pipe(request.reader.u64());
    const uint64_t action = request.reader.u64();
    const uint32_t timeoutMs = request.reader.u32();
    int32_t status = checkPipe(kernel, pipe, pipe != nullptr && pipe->endpoint.isBulk());
    if (status != kIOReturnSuccess) {
        request.answer(status);
        return;
    }
    UsbBundle & bundle = openBundle(kernel, request.process.id, action);
    for (uint32_t count = request.reader.u32(); count > 0 && request.reader.ok(); --count) {
        UsbTransfer transfer;
        transfer.process = request.process.id;
        transfer.memory = request.reader.u64();
        transfer.length = request.reader.u32();
        transfer.bundle = bundle.id;
        transfer.inBundle = bundle.results.size();
        status = checkTransfer(kernel, pipe, transfer, timeoutMs);
        if (status == kIOReturnSuccess) {
            status = startTransfer(kernel, *pipe, transfer, timeoutMs);
        }
        if (status != kIOReturnSuccess) {
            break;
        }
        bundle.results.emplace_back();
    }
    const auto accepted = static_cast<uint32_t>(bundle.results.size());
    if (accepted == 0) {
        kernel.usb.bundles.erase(bundle.id);
    }
    request.answer(accepted == 0 ? status : kIOReturnSuccess, Writer().u32(accepted));
}

void pipeAbort(DextRequest & request) {
    UsbPipe * pipe = request.kernel.usb.pipe(request.reader.u64());
    request.reader.u32(); // completions are queued before the reply either way
    int32_t error = request.reader.i32();
    if (pipe == nullptr || pipe->closed) {
        request.answer(pipe == nullptr ? kIOReturnNoDevice : kIOReturnNotOpen);
        return;
    }
    abortPipe(request.kernel, *pipe, error);
    request.answer(kIOReturnSuccess);
}

void clearStall(DextRequest & request) {
    UsbPipe * pipe = request.kernel.usb.pipe(request.reader.u64());
    const bool withRequest = request.reader.u8() != 0;
    if (pipe == nullptr || pipe->closed) {
        request.answer(pipe == nullptr ? kIOReturnNoDevice : kIOReturnNotOpen);
        return;
    }
    abortPipe(request.kernel, *pipe, kIOReturnAborted);
    pipe->halted = false;
    UsbDevice * device = request.kernel.usb.deviceOf(pipe->interface);
    Session * player = device == nullptr ? nullptr : request.kernel.session(device->session);
    // Without the request the device's endpoint stays as it is (contract §10.2).
    if (player != nullptr && withRequest) {
        player->link->send(MessageType::EndpointReset,
                           Writer().u64(device->id).u8(pipe->endpoint.address));
    }
    request.answer(kIOReturnSuccess);
}

DextHandler handlerOf(MessageType type) {
    switch (type) {
    case MessageType::CopyPipe:
        return copyPipe;
    case MessageType::ReleasePipe:
        return releasePipe;
    case MessageType::PipeAsyncIO:
        return [](DextRequest & request) { pipeTransfer(request, true); };
    case MessageType::PipeIO:
        return [](DextRequest & request) { pipeTransfer(request, false); };
    case MessageType::PipeIsochIO:
        return isochTransfer;
    case MessageType::PipeBundledIO:
        return bundledTransfers;
    case MessageType::PipeAbort:
        return pipeAbort;
    case MessageType::PipeClearStall:
        return clearStall;
    default:
        return nullptr;
    }
}

} // namespace

bool handleDextPipe(Kernel & kernel, DextProcess & process, Message & message) {
    DextHandler handler = handlerOf(message.type);
    if (handler != nullptr) {
        DextRequest request{kernel, process, message.id, message.reader()};
        handler(request);
    }
    return handler != nullptr;
}

} // namespace dextsim
