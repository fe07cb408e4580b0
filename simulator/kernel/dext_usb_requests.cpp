// What a dext asks of USB: opening, pipes, transfers, requests, descriptors (contract §10).
#include "lifecycle.h"
#include "processes.h"
#include "usb.h"

#include <IOKit/IOReturn.h>

#include <algorithm>
#include <cstring>

namespace dextsim {

namespace {

struct Request {
    Kernel & kernel;
    DextProcess & process;
    uint64_t id;
    Reader reader;

    void answer(int32_t status, const Writer & body = {}) { process.link->reply(id, status, body); }
};

uint64_t & openerOf(Kernel & kernel, uint64_t object) {
    static uint64_t none;
    none = 0;
    if (UsbInterface * interface = kernel.usb.interface(object)) {
        return interface->openedBy;
    }
    UsbDevice * device = kernel.usb.device(object);
    return device == nullptr ? none : device->openedBy;
}

void usbOpen(Request & request) {
    Kernel & kernel = request.kernel;
    uint64_t object = request.reader.u64();
    uint64_t client = request.reader.u64();
    DextObject * opener = kernel.object(client);
    const Entry * entry = kernel.registry.find(client);
    if (kernel.usb.deviceOf(object) == nullptr) {
        request.answer(kIOReturnNoDevice);
    } else if (opener == nullptr || !opener->service || opener->process != request.process.id ||
               entry == nullptr || entry->inactive) {
        request.answer(kIOReturnBadArgument);
    } else if (openerOf(kernel, object) != 0) {
        request.answer(kIOReturnExclusiveAccess);
    } else {
        openerOf(kernel, object) = client;
        opener->service->opens.insert(object);
        request.answer(kIOReturnSuccess);
    }
}

void usbClose(Request & request) {
    Kernel & kernel = request.kernel;
    uint64_t object = request.reader.u64();
    uint64_t client = request.reader.u64();
    if (client == 0 || openerOf(kernel, object) != client) {
        request.answer(kIOReturnNotOpen);
        return;
    }
    closeUsb(kernel, object, client);
    if (DextObject * opener = kernel.object(client); opener != nullptr && opener->service) {
        opener->service->opens.erase(object);
    }
    request.answer(kIOReturnSuccess);
}

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

UsbPipe * openPipe(Request & request, UsbInterface & interface, uint8_t address) {
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

void copyPipe(Request & request) {
    UsbInterface * interface = request.kernel.usb.interface(request.reader.u64());
    uint8_t address = request.reader.u8();
    if (interface == nullptr || interface->openedBy == 0) {
        request.answer(interface == nullptr ? kIOReturnNoDevice : kIOReturnNotOpen);
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

void releasePipe(Request & request) {
    UsbPipe * pipe = request.kernel.usb.pipe(request.reader.u64());
    if (pipe != nullptr && --pipe->references == 0 && pipe->closed) {
        request.kernel.usb.pipes.erase(pipe->id);
    }
}

// 0 or why this transfer may not start.
int32_t checkTransfer(Request & request, const UsbPipe * pipe, const UsbTransfer & transfer,
                      uint32_t timeoutMs) {
    if (pipe == nullptr) {
        return kIOReturnNoDevice;
    }
    if (pipe->closed) {
        bool gone = request.kernel.usb.interface(pipe->interface) == nullptr;
        return gone ? kIOReturnNoDevice : kIOReturnNotOpen;
    }
    if (pipe->halted) {
        return kUSBHostReturnPipeStalled;
    }
    const EndpointDescriptor & endpoint = pipe->endpoint;
    if (endpoint.isInterrupt() && timeoutMs != 0) {
        return kIOReturnBadArgument;
    }
    if (!request.kernel.options.relaxedUsbLength && endpoint.isBulk() && endpoint.isIn() &&
        endpoint.maxPacketSize != 0 && transfer.length % endpoint.maxPacketSize != 0) {
        request.kernel.say(
            request.process.serverName + ": a bulk-IN transfer of " +
            std::to_string(transfer.length) + " bytes is not a multiple of wMaxPacketSize " +
            std::to_string(endpoint.maxPacketSize) + " (--relax usb-length allows it)");
        return kIOReturnBadArgument;
    }
    return kIOReturnSuccess;
}

// Transfers of a pipe, answered when it has started (action) or when it has ended (reply).
void pipeTransfer(Request & request, bool asynchronous) {
    UsbPipe * pipe = request.kernel.usb.pipe(request.reader.u64());
    UsbTransfer transfer;
    transfer.process = request.process.id;
    transfer.memory = request.reader.u64();
    transfer.length = request.reader.u32();
    if (asynchronous) {
        transfer.action = request.reader.u64();
    } else {
        transfer.reply = request.id;
    }
    uint32_t timeoutMs = request.reader.u32();
    int32_t status = checkTransfer(request, pipe, transfer, timeoutMs);
    if (status == kIOReturnSuccess) {
        status = startTransfer(request.kernel, *pipe, transfer, timeoutMs);
    }
    if (asynchronous || status != kIOReturnSuccess) {
        request.answer(status);
    }
}

void pipeAbort(Request & request) {
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

void clearStall(Request & request) {
    UsbPipe * pipe = request.kernel.usb.pipe(request.reader.u64());
    if (pipe == nullptr || pipe->closed) {
        request.answer(pipe == nullptr ? kIOReturnNoDevice : kIOReturnNotOpen);
        return;
    }
    abortPipe(request.kernel, *pipe, kIOReturnAborted);
    pipe->halted = false;
    UsbDevice * device = request.kernel.usb.deviceOf(pipe->interface);
    Session * player = device == nullptr ? nullptr : request.kernel.session(device->session);
    if (player != nullptr) {
        player->link->send(MessageType::EndpointReset,
                           Writer().u64(device->id).u8(pipe->endpoint.address));
    }
    request.answer(kIOReturnSuccess);
}

void deviceRequest(Request & request) {
    uint64_t object = request.reader.u64();
    UsbDevice * device = request.kernel.usb.deviceOf(object);
    UsbTransfer transfer;
    transfer.process = request.process.id;
    transfer.client = request.reader.u64();
    uint8_t setup[8];
    request.reader.raw(setup, sizeof setup); // the fields follow each other as on the bus
    transfer.length = static_cast<uint32_t>(setup[6] | setup[7] << 8);
    transfer.memory = request.reader.u64();
    uint32_t timeoutMs = request.reader.u32();
    transfer.action = request.reader.u64();
    transfer.reply = transfer.action == 0 ? request.id : 0;
    int32_t status = device == nullptr ? kIOReturnNoDevice
                     : openerOf(request.kernel, object) == 0
                         ? kIOReturnNotOpen
                         : startControl(request.kernel, *device, transfer, setup, timeoutMs);
    if (transfer.action != 0 || status != kIOReturnSuccess) {
        request.answer(status, Writer().u16(0));
    }
}

void abortRequests(Request & request) {
    UsbDevice * device = request.kernel.usb.deviceOf(request.reader.u64());
    uint64_t client = request.reader.u64();
    request.reader.u32();
    int32_t error = request.reader.i32();
    if (device != nullptr) {
        abortControl(request.kernel, device->id, client, error);
    }
    request.answer(device == nullptr ? kIOReturnNoDevice : kIOReturnSuccess);
}

const Bytes * findDescriptor(const UsbDevice & device, uint8_t type, uint8_t index) {
    const DeviceDescriptors & descriptors = device.descriptors;
    constexpr uint8_t kDevice = 1;
    constexpr uint8_t kConfiguration = 2;
    constexpr uint8_t kString = 3;
    constexpr uint8_t kActive = 0xff;
    if (type == kDevice) {
        return &descriptors.device;
    }
    if (type == kConfiguration && index == kActive) {
        return descriptors.configuration(device.configuration);
    }
    if (type == kConfiguration && index < descriptors.configurations.size()) {
        return &descriptors.configurations[index];
    }
    auto found = descriptors.strings.find(index);
    return type == kString && found != descriptors.strings.end() ? &found->second : nullptr;
}

void copyDescriptor(Request & request) {
    UsbDevice * device = request.kernel.usb.deviceOf(request.reader.u64());
    uint8_t type = request.reader.u8();
    uint8_t index = request.reader.u8();
    const Bytes * bytes = device == nullptr ? nullptr : findDescriptor(*device, type, index);
    if (bytes == nullptr) {
        request.answer(device == nullptr ? kIOReturnNoDevice : kIOReturnNotFound);
    } else {
        request.answer(kIOReturnSuccess, Writer().bytes(*bytes));
    }
}

void selectSetting(Request & request) {
    UsbInterface * interface = request.kernel.usb.interface(request.reader.u64());
    uint8_t setting = request.reader.u8();
    request.answer(interface == nullptr ? kIOReturnNoDevice
                   : interface->openedBy == 0
                       ? kIOReturnNotOpen
                       : selectAlternate(request.kernel, *interface, setting));
}

void setDeviceConfiguration(Request & request) {
    UsbDevice * device = request.kernel.usb.device(request.reader.u64());
    uint64_t client = request.reader.u64();
    uint8_t value = request.reader.u8();
    bool match = request.reader.u8() != 0;
    if (device == nullptr || device->openedBy == 0 || device->openedBy != client) {
        request.answer(device == nullptr ? kIOReturnNoDevice : kIOReturnNotOpen);
        return;
    }
    request.answer(setConfiguration(request.kernel, *device, value, match));
}

void usbInfo(Request & request) {
    uint64_t object = request.reader.u64();
    const UsbDevice * device = request.kernel.usb.deviceOf(object);
    if (device == nullptr) {
        request.answer(kIOReturnNoDevice);
        return;
    }
    const UsbInterface * interface = request.kernel.usb.interface(object);
    Writer body;
    body.u8(device->speed).u8(device->address).u8(device->configuration);
    body.u8(interface == nullptr ? 0 : interface->number);
    request.answer(kIOReturnSuccess, body.u8(interface == nullptr ? 0 : interface->alternate));
}

void copyDevice(Request & request) {
    UsbInterface * interface = request.kernel.usb.interface(request.reader.u64());
    request.answer(interface == nullptr ? kIOReturnNoDevice : kIOReturnSuccess,
                   Writer().u64(interface == nullptr ? 0 : interface->device));
}

using Handler = void (*)(Request &);

Handler handlerOf(MessageType type) {
    switch (type) {
    case MessageType::UsbOpen:
        return usbOpen;
    case MessageType::UsbClose:
        return usbClose;
    case MessageType::CopyPipe:
        return copyPipe;
    case MessageType::ReleasePipe:
        return releasePipe;
    case MessageType::PipeAsyncIO:
        return [](Request & request) { pipeTransfer(request, true); };
    case MessageType::PipeIO:
        return [](Request & request) { pipeTransfer(request, false); };
    case MessageType::PipeAbort:
        return pipeAbort;
    case MessageType::PipeClearStall:
        return clearStall;
    case MessageType::DeviceRequest:
        return deviceRequest;
    case MessageType::AbortDeviceRequests:
        return abortRequests;
    case MessageType::CopyDescriptor:
        return copyDescriptor;
    case MessageType::SelectAlternateSetting:
        return selectSetting;
    case MessageType::SetConfiguration:
        return setDeviceConfiguration;
    case MessageType::UsbInfo:
        return usbInfo;
    case MessageType::CopyDevice:
        return copyDevice;
    default:
        return nullptr;
    }
}

} // namespace

bool handleDextUsb(Kernel & kernel, DextProcess & process, Message & message) {
    Handler handler = handlerOf(message.type);
    if (handler != nullptr) {
        Request request{kernel, process, message.id, message.reader()};
        handler(request);
    }
    return handler != nullptr;
}

} // namespace dextsim
