// Devices and interfaces: plugging, configurations, alternate settings, sessions (contract §10.1).
#include "kernel.h"
#include "lifecycle.h"
#include "services.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

constexpr const char * kUsbEntitlement = "com.apple.developer.driverkit.transport.usb";

Value num(uint64_t number, uint8_t bits) {
    return Value::number(number, bits);
}

struct NameKey {
    const char * key;
    size_t byte; // of the device descriptor, where the string's index is
};

void putNames(Value & properties, const DeviceDescriptors & descriptors,
              std::initializer_list<NameKey> names) {
    for (const NameKey & name : names) {
        std::string text = descriptors.text(descriptors.byte(name.byte));
        if (!text.empty()) {
            properties.put(name.key, Value::string(text));
        }
    }
}

// tIOUSBHostConnectionSpeed has full speed before low; IOUSBLib counts from low speed.
uint8_t connectionSpeed(uint8_t speed) {
    return speed == 1 || speed == 2 ? static_cast<uint8_t>(3 - speed) : speed;
}
uint8_t libSpeed(uint8_t speed) {
    return static_cast<uint8_t>(speed - 1);
}

// Properties that device and interface nubs share.
Value commonProperties(const UsbDevice & device) {
    const DeviceDescriptors & descriptors = device.descriptors;
    Value properties = Value::dictionary({
        {"idVendor", num(descriptors.vendor(), 16)},
        {"idProduct", num(descriptors.product(), 16)},
        {"bcdDevice", num(descriptors.release(), 16)},
        {"locationID", num(0x00100000u | static_cast<uint32_t>(device.address) << 8, 32)},
        {"USB Address", num(device.address, 8)},
        {"USBSpeed", num(connectionSpeed(device.speed), 8)},
        {"USBPortType", num(0, 8)}, // kIOUSBHostPortTypeStandard
        {"IOServiceDEXTEntitlements", Value::array({Value::string(kUsbEntitlement)})},
    });
    putNames(properties, descriptors,
             {{"USB Vendor Name", 14}, {"USB Product Name", 15}, {"USB Serial Number", 16}});
    return properties;
}

Value deviceProperties(const UsbDevice & device) {
    const DeviceDescriptors & descriptors = device.descriptors;
    Value properties = commonProperties(device);
    properties.put("bDeviceClass", num(descriptors.byte(4), 8));
    properties.put("bDeviceSubClass", num(descriptors.byte(5), 8));
    properties.put("bDeviceProtocol", num(descriptors.byte(6), 8));
    properties.put("bMaxPacketSize0", num(descriptors.byte(7), 8));
    properties.put("bNumConfigurations", num(descriptors.configurations.size(), 8));
    properties.put("bcdUSB", num(static_cast<uint64_t>(descriptors.byte(2)) |
                                     static_cast<uint64_t>(descriptors.byte(3)) << 8,
                                 16));
    properties.put("iManufacturer", num(descriptors.byte(14), 8));
    properties.put("iProduct", num(descriptors.byte(15), 8));
    properties.put("iSerialNumber", num(descriptors.byte(16), 8));
    properties.put("kUSBAddress", num(device.address, 8));
    properties.put("Device Speed", num(libSpeed(device.speed), 8));
    putNames(properties, descriptors,
             {{"kUSBVendorString", 14}, {"kUSBProductString", 15}, {"kUSBSerialNumberString", 16}});
    return properties;
}

Value interfaceProperties(const UsbDevice & device, const InterfaceDescriptor & descriptor) {
    Value properties = commonProperties(device);
    properties.put("bConfigurationValue", num(device.configuration, 8));
    properties.put("bInterfaceNumber", num(descriptor.number, 8));
    properties.put("bAlternateSetting", num(descriptor.alternate, 8));
    properties.put("bNumEndpoints", num(descriptor.endpoints.size(), 8));
    properties.put("bInterfaceClass", num(descriptor.interfaceClass, 8));
    properties.put("bInterfaceSubClass", num(descriptor.subClass, 8));
    properties.put("bInterfaceProtocol", num(descriptor.protocol, 8));
    properties.put("iInterface", num(descriptor.nameIndex, 8));
    std::string name = device.descriptors.text(descriptor.nameIndex);
    if (!name.empty()) {
        properties.put("kUSBString", Value::string(name));
    }
    return properties;
}

// Without `match` they are there for the driver that chose the configuration, and nobody else.
void addInterfaces(Kernel & kernel, UsbDevice & device,
                   const ConfigurationDescriptor & configuration, bool match) {
    std::string product = device.descriptors.text(device.descriptors.byte(15));
    for (const InterfaceDescriptor & descriptor : configuration.interfaces) {
        if (descriptor.alternate != 0) {
            continue;
        }
        std::string name = device.descriptors.text(descriptor.nameIndex);
        if (name.empty()) {
            name = (product.empty() ? "IOUSBHostInterface" : product) + "@" +
                   std::to_string(descriptor.number);
        }
        Entry & entry = kernel.registry.add(device.id, name, "IOUSBHostInterface",
                                            interfaceProperties(device, descriptor));
        kernel.usb.interfaces[entry.id] = {entry.id, device.id, descriptor.number, 0, 0};
        if (match) {
            kernel.loop.later([&kernel, id = entry.id] { registerEntry(kernel, id); });
        }
    }
}

void removeInterfaces(Kernel & kernel, uint64_t device) {
    std::vector<uint64_t> interfaces;
    for (const auto & [id, interface] : kernel.usb.interfaces) {
        if (interface.device == device) {
            interfaces.push_back(id);
        }
    }
    for (uint64_t id : interfaces) {
        terminate(kernel, id);
        closePipes(kernel, id);
        kernel.usb.interfaces.erase(id);
    }
}

} // namespace

UsbDevice * UsbBus::device(uint64_t id) {
    auto found = devices.find(id);
    return found == devices.end() ? nullptr : &found->second;
}

UsbInterface * UsbBus::interface(uint64_t id) {
    auto found = interfaces.find(id);
    return found == interfaces.end() ? nullptr : &found->second;
}

UsbPipe * UsbBus::pipe(uint64_t id) {
    auto found = pipes.find(id);
    return found == pipes.end() ? nullptr : &found->second;
}

UsbTransfer * UsbBus::transfer(uint64_t id) {
    auto found = transfers.find(id);
    return found == transfers.end() ? nullptr : &found->second;
}

UsbDevice * UsbBus::deviceOf(uint64_t object) {
    UsbInterface * found = interface(object);
    return device(found == nullptr ? object : found->device);
}

int32_t plugDevice(Kernel & kernel, Session & session, uint8_t speed, DeviceDescriptors descriptors,
                   uint64_t & id, std::string & error) {
    error = checkDescriptors(descriptors);
    if (error.empty() && (speed < 1 || speed > 5)) {
        error = "the speed must be 1 (low) to 5 (super plus)";
    }
    if (!error.empty()) {
        return kIOReturnBadArgument;
    }
    UsbDevice device;
    device.session = session.id;
    device.speed = speed;
    device.address = kernel.usb.nextAddress;
    kernel.usb.nextAddress = static_cast<uint8_t>(kernel.usb.nextAddress % 127 + 1);
    device.descriptors = std::move(descriptors);
    std::string name = device.descriptors.text(device.descriptors.byte(15));
    Entry & entry =
        kernel.registry.add(kernel.registry.root(), name.empty() ? "IOUSBHostDevice" : name,
                            "IOUSBHostDevice", deviceProperties(device));
    id = device.id = entry.id;
    session.devices.insert(id);
    UsbDevice & added = kernel.usb.devices[id] = std::move(device);
    kernel.recorder.plugged(added);
    kernel.say("plugged " + entry.name + " (" + hex(added.descriptors.vendor()) + ":" +
               hex(added.descriptors.product()) + ")");
    kernel.loop.later([&kernel, device = id] {
        registerEntry(kernel, device);
        configureDefault(kernel, device);
    });
    return kIOReturnSuccess;
}

void configureDefault(Kernel & kernel, uint64_t id) {
    UsbDevice * device = kernel.usb.device(id);
    const Entry * entry = kernel.registry.find(id);
    if (device == nullptr || entry == nullptr || entry->inactive || device->configuration != 0 ||
        isDriven(kernel, *entry) || kernel.deferredMatches.contains(id)) {
        return;
    }
    setConfiguration(kernel, *device, device->descriptors.configurations.front()[5], true);
}

void resetDevice(Kernel & kernel, uint64_t id) {
    UsbDevice * device = kernel.usb.device(id);
    Session * session = device == nullptr ? nullptr : kernel.session(device->session);
    if (session == nullptr) {
        return;
    }
    const uint8_t speed = device->speed;
    DeviceDescriptors descriptors = device->descriptors;
    session->devices.erase(id); // its cable stays where it is
    kernel.recorder.resets(id);
    unplugDevice(kernel, id);
    uint64_t successor = 0;
    std::string error;
    plugDevice(kernel, *session, speed, std::move(descriptors), successor, error);
    session->link->send(MessageType::DeviceReset, Writer().u64(id).u64(successor));
}

void unplugDevice(Kernel & kernel, uint64_t id) {
    UsbDevice * device = kernel.usb.device(id);
    if (device == nullptr) {
        unplugFamilyDevice(kernel, id);
        return;
    }
    if (const Entry * entry = kernel.registry.find(id)) {
        kernel.say("unplugged " + entry->name);
    }
    kernel.recorder.unplugged(id);
    terminate(kernel, id);
    removeInterfaces(kernel, id);
    abortControl(kernel, id, 0, abortStatus(kernel, id));
    if (Session * session = kernel.session(device->session);
        session != nullptr && session->devices.erase(id) != 0) {
        session->link->send(MessageType::DeviceUnplugged, Writer().u64(id));
    }
    kernel.usb.devices.erase(id);
}

int32_t setConfiguration(Kernel & kernel, UsbDevice & device, uint8_t value, bool matchInterfaces) {
    const Bytes * bytes = device.descriptors.configuration(value);
    if (bytes == nullptr && value != 0) {
        return kIOReturnNotFound;
    }
    removeInterfaces(kernel, device.id);
    device.configuration = value;
    if (Entry * entry = kernel.registry.find(device.id)) {
        entry->properties.put("kUSBCurrentConfiguration", num(value, 8));
    }
    if (Session * session = kernel.session(device.session)) {
        session->link->send(MessageType::ConfigurationSelected, Writer().u64(device.id).u8(value));
    }
    if (value == 0) {
        return kIOReturnSuccess;
    }
    ConfigurationDescriptor configuration;
    std::string error;
    parseConfiguration(*bytes, configuration, error); // checked when the device was plugged
    addInterfaces(kernel, device, configuration, matchInterfaces);
    return kIOReturnSuccess;
}

int32_t selectAlternate(Kernel & kernel, UsbInterface & interface, uint8_t setting) {
    UsbDevice * device = kernel.usb.device(interface.device);
    const Bytes * bytes =
        device == nullptr ? nullptr : device->descriptors.configuration(device->configuration);
    ConfigurationDescriptor configuration;
    std::string error;
    if (bytes == nullptr || !parseConfiguration(*bytes, configuration, error)) {
        return kIOReturnNoDevice;
    }
    for (const InterfaceDescriptor & descriptor : configuration.interfaces) {
        if (descriptor.number == interface.number && descriptor.alternate == setting) {
            // Pending I/O is aborted and the pipes are closed (contract §10.1).
            closePipes(kernel, interface.id);
            interface.alternate = setting;
            kernel.registry.find(interface.id)->properties =
                interfaceProperties(*device, descriptor);
            if (Session * session = kernel.session(device->session)) {
                session->link->send(MessageType::AlternateSelected,
                                    Writer().u64(device->id).u8(interface.number).u8(setting));
            }
            return kIOReturnSuccess;
        }
    }
    return kIOReturnNotFound;
}

void closeUsb(Kernel & kernel, uint64_t object, uint64_t client) {
    if (UsbInterface * interface = kernel.usb.interface(object)) {
        if (interface->openedBy == client) {
            interface->openedBy = 0;
            closePipes(kernel, object);
            abortControl(kernel, interface->device, client, abortStatus(kernel, object));
        }
    } else if (UsbDevice * device = kernel.usb.device(object)) {
        if (device->openedBy == client) {
            device->openedBy = 0;
            abortControl(kernel, object, client, abortStatus(kernel, object));
        }
    }
}

bool isOpenFor(Kernel & kernel, uint64_t object) {
    if (UsbInterface * interface = kernel.usb.interface(object)) {
        return interface->openedBy != 0;
    }
    UsbDevice * device = kernel.usb.device(object);
    return device != nullptr && device->openedBy != 0;
}

} // namespace dextsim
