// What a dext asks of USB devices and interfaces: opening, requests, descriptors, settings
// (contract §10.1); pipes are in dext_pipe_requests.cpp.
#include "client_memory.h"
#include "lifecycle.h"
#include "processes.h"
#include "usb.h"

#include <IOKit/IOReturn.h>

#include <algorithm>
#include <cstring>

namespace dextsim {

namespace {

uint64_t & openerOf(Kernel & kernel, uint64_t object) {
    static uint64_t none;
    none = 0;
    if (UsbInterface * interface = kernel.usb.interface(object)) {
        return interface->openedBy;
    }
    UsbDevice * device = kernel.usb.device(object);
    return device == nullptr ? none : device->openedBy;
}

// The rest of UsbOpen: an alternate setting may come with it.
int32_t selectAtOpen(DextRequest & request, uint64_t object) {
    constexpr uint32_t kSelectAlternate = 0x00010000; // kOpenOptionsSelectAlternateInterface
    const uint32_t options = request.reader.u32();
    const uint64_t argument = request.reader.u64();
    UsbInterface * interface = request.kernel.usb.interface(object);
    if (interface == nullptr || (options & kSelectAlternate) == 0) {
        return kIOReturnSuccess;
    }
    return argument > UINT8_MAX
               ? kIOReturnBadArgument
               : selectAlternate(request.kernel, *interface, static_cast<uint8_t>(argument));
}

void usbOpen(DextRequest & request) {
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
        const int32_t status = selectAtOpen(request, object);
        if (status != kIOReturnSuccess) {
            openerOf(kernel, object) = 0;
            opener->service->opens.erase(object);
        }
        request.answer(status);
    }
}

void usbClose(DextRequest & request) {
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

// A request that waits for its memory to be there.
struct ControlRequest {
    uint64_t object;
    UsbTransfer transfer;
    uint8_t setup[8];
    uint64_t reply;
    uint32_t timeoutMs;
};

void startRequest(Kernel & kernel, const ControlRequest & request, int32_t status) {
    UsbDevice * device = kernel.usb.deviceOf(request.object);
    if (status == kIOReturnSuccess) {
        status =
            device == nullptr ? kIOReturnNoDevice
            : openerOf(kernel, request.object) == 0
                ? kIOReturnNotOpen
                : startControl(kernel, *device, request.transfer, request.setup, request.timeoutMs);
    }
    DextProcess * process = kernel.process(request.transfer.process);
    const bool asynchronous = request.transfer.action != 0;
    if (process != nullptr && process->link && (asynchronous || status != kIOReturnSuccess)) {
        process->link->reply(request.reply, status, Writer().u16(0));
    }
}

void deviceRequest(DextRequest & request) {
    ControlRequest control{request.reader.u64(), {}, {}, request.id, 0};
    UsbTransfer & transfer = control.transfer;
    transfer.process = request.process.id;
    transfer.client = request.reader.u64();
    // The fields follow each other as on the bus.
    request.reader.raw(control.setup, sizeof control.setup);
    transfer.length = static_cast<uint32_t>(control.setup[6] | control.setup[7] << 8);
    transfer.memory = request.reader.u64();
    control.timeoutMs = request.reader.u32();
    transfer.action = request.reader.u64();
    transfer.reply = transfer.action == 0 ? request.id : 0;
    referenceMemory(request.kernel, transfer.memory,
                    [&kernel = request.kernel, control](int32_t status) {
                        startRequest(kernel, control, status);
                    });
}

void abortRequests(DextRequest & request) {
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

void copyDescriptor(DextRequest & request) {
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

void selectSetting(DextRequest & request) {
    UsbInterface * interface = request.kernel.usb.interface(request.reader.u64());
    uint8_t setting = request.reader.u8();
    request.answer(interface == nullptr ? kIOReturnNoDevice
                   : interface->openedBy == 0
                       ? kIOReturnNotOpen
                       : selectAlternate(request.kernel, *interface, setting));
}

// By a service of this dext.
bool isOpenedBy(DextRequest & request, const UsbDevice & device) {
    const DextObject * opener = request.kernel.object(device.openedBy);
    return opener != nullptr && opener->process == request.process.id;
}

void reset(DextRequest & request) {
    UsbDevice * device = request.kernel.usb.device(request.reader.u64());
    const bool possible = device != nullptr && isOpenedBy(request, *device);
    request.answer(device == nullptr ? kIOReturnNoDevice
                   : possible        ? kIOReturnSuccess
                                     : kIOReturnNotOpen);
    if (possible) {
        request.kernel.loop.later(
            [&kernel = request.kernel, id = device->id] { resetDevice(kernel, id); });
    }
}

void listInterfaces(DextRequest & request) {
    const UsbDevice * device = request.kernel.usb.device(request.reader.u64());
    if (device == nullptr) {
        request.answer(kIOReturnNoDevice);
        return;
    }
    std::vector<uint64_t> found;
    for (const auto & [id, interface] : request.kernel.usb.interfaces) {
        if (interface.device == device->id) {
            found.push_back(id);
        }
    }
    Writer body;
    body.u32(static_cast<uint32_t>(found.size()));
    request.answer(kIOReturnSuccess, body.words(found.data(), found.size()));
}

void setDeviceConfiguration(DextRequest & request) {
    UsbDevice * device = request.kernel.usb.device(request.reader.u64());
    uint8_t value = request.reader.u8();
    bool match = request.reader.u8() != 0;
    if (device == nullptr || !isOpenedBy(request, *device)) {
        request.answer(device == nullptr ? kIOReturnNoDevice : kIOReturnNotOpen);
        return;
    }
    request.answer(setConfiguration(request.kernel, *device, value, match));
}

void usbInfo(DextRequest & request) {
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

void copyDevice(DextRequest & request) {
    UsbInterface * interface = request.kernel.usb.interface(request.reader.u64());
    request.answer(interface == nullptr ? kIOReturnNoDevice : kIOReturnSuccess,
                   Writer().u64(interface == nullptr ? 0 : interface->device));
}

DextHandler handlerOf(MessageType type) {
    switch (type) {
    case MessageType::UsbOpen:
        return usbOpen;
    case MessageType::UsbClose:
        return usbClose;
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
    case MessageType::ListInterfaces:
        return listInterfaces;
    case MessageType::ResetDevice:
        return reset;
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
    if (handleDextPipe(kernel, process, message)) {
        return true;
    }
    DextHandler handler = handlerOf(message.type);
    if (handler != nullptr) {
        DextRequest request{kernel, process, message.id, message.reader()};
        handler(request);
    }
    return handler != nullptr;
}

} // namespace dextsim
