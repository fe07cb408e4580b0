// HID devices on a USB interface: their start and end, and what their descriptors say. Reports:
// usb_hid_reports.cpp.
#include "usb_hid_device.h"

#include "../runtime/hid.h"

#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSCollections.h>
#include <USBDriverKit/AppleUSBDescriptorParsing.h>

#include <string>

using namespace dextsim;

namespace {

constexpr uint8_t kHidClass = 3;
constexpr uint8_t kBootSubClass = 1;
constexpr uint8_t kKeyboardProtocol = 1;
constexpr uint16_t kReportProtocol = 1;
constexpr uint16_t kKeyboardIdleMs = 24;
constexpr uint32_t kMicrosecondsPerFrame = 1000;

// Length of the report descriptor as the HID descriptor says, 0 without one.
uint16_t reportDescriptorLength(const IOUSBHIDDescriptor * hid) {
    if (hid == nullptr || hid->descLen < sizeof *hid) {
        return 0;
    }
    const auto * entry = reinterpret_cast<const IOUSBHIDReportDesc *>(&hid->hidDescriptorType);
    const size_t room = (hid->descLen - 6u) / sizeof *entry;
    for (size_t i = 0; i < room && i < hid->hidNumDescriptors; ++i) {
        if (entry[i].hidDescriptorType == kIOUSBDecriptorTypeReport) {
            return static_cast<uint16_t>(entry[i].hidDescriptorLengthLo |
                                         entry[i].hidDescriptorLengthHi << 8);
        }
    }
    return 0;
}

const IOUSBHIDDescriptor * hidDescriptorOf(const IOUserUSBHostHIDDevice_IVars & ivars) {
    return reinterpret_cast<const IOUSBHIDDescriptor *>(IOUSBGetNextAssociatedDescriptorWithType(
        ivars.configuration, reinterpret_cast<const IOUSBDescriptorHeader *>(ivars.descriptor),
        nullptr, kIOUSBDecriptorTypeHID));
}

void putText(OSDictionary * description, const char * key, OSString * text) {
    if (text != nullptr) {
        OSDictionarySetValue(description, key, text);
        text->release();
    }
}

} // namespace

bool IOUserUSBHostHIDDevice::init() {
    ivars = new IOUserUSBHostHIDDevice_IVars;
    return IOUserHIDDevice::init();
}

void IOUserUSBHostHIDDevice::free() {
    if (ivars != nullptr) {
        IOUSBHostFreeDescriptor(ivars->configuration);
        OSSafeReleaseNULL(ivars->inputAction);
        OSSafeReleaseNULL(ivars->input);
        OSSafeReleaseNULL(ivars->timerAction);
        OSSafeReleaseNULL(ivars->timer);
        OSSafeReleaseNULL(ivars->inPipe);
        OSSafeReleaseNULL(ivars->outPipe);
        OSSafeReleaseNULL(ivars->device);
        OSSafeReleaseNULL(ivars->interface);
        delete ivars;
        ivars = nullptr;
    }
    IOUserHIDDevice::free();
}

kern_return_t IOUserUSBHostHIDDevice::Start_Impl(IOService_Start_Args) {
    ivars->interface = OSDynamicCast(IOUSBHostInterface, provider);
    if (ivars->interface == nullptr) {
        return kIOReturnError;
    }
    ivars->interface->retain();
    kern_return_t status = ivars->interface->CopyDevice(&ivars->device);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->configuration = ivars->interface->CopyConfigurationDescriptor();
    ivars->descriptor = ivars->interface->GetInterfaceDescriptor(ivars->configuration);
    if (ivars->descriptor == nullptr) {
        return kIOReturnNoResources;
    }
    status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? startInput() : status;
}

bool IOUserUSBHostHIDDevice::handleStart(IOService * provider) {
    IODispatchQueue * queue = nullptr;
    const bool isReady =
        IOUserHIDDevice::handleStart(provider) &&
        ivars->interface->Open(this, 0, nullptr) == kIOReturnSuccess &&
        initPipes() == kIOReturnSuccess &&
        CopyDispatchQueue(kIOServiceDefaultQueueName, &queue) == kIOReturnSuccess &&
        IOTimerDispatchSource::Create(queue, &ivars->timer) == kIOReturnSuccess &&
        CreateActionTimerOccurred(0, &ivars->timerAction) == kIOReturnSuccess &&
        ivars->timer->SetHandler(ivars->timerAction) == kIOReturnSuccess;
    OSSafeReleaseNULL(queue);
    return isReady;
}

kern_return_t IOUserUSBHostHIDDevice::initPipes() {
    const IOUSBEndpointDescriptor * endpoint = nullptr;
    while ((endpoint = IOUSBGetNextEndpointDescriptor(
                ivars->configuration, ivars->descriptor,
                reinterpret_cast<const IOUSBDescriptorHeader *>(endpoint))) != nullptr) {
        const bool isIn = IOUSBGetEndpointDirection(endpoint) == kIOUSBEndpointDirectionIn;
        IOUSBHostPipe *& pipe = isIn ? ivars->inPipe : ivars->outPipe;
        if (IOUSBGetEndpointType(endpoint) != kIOUSBEndpointTypeInterrupt || pipe != nullptr) {
            continue;
        }
        const kern_return_t status =
            ivars->interface->CopyPipe(IOUSBGetEndpointAddress(endpoint), &pipe);
        if (status != kIOReturnSuccess) {
            return status;
        }
        if (isIn) {
            ivars->inEndpoint = endpoint;
        }
    }
    return ivars->inPipe != nullptr ? kIOReturnSuccess : kIOReturnNotFound;
}

// Whole packets, so that a device that sends too much is heard.
kern_return_t IOUserUSBHostHIDDevice::startInput() {
    OSDictionary * properties = nullptr;
    CopyProperties(&properties);
    uint8_t speed = 0;
    ivars->inPipe->GetSpeed(&speed);
    const uint32_t packet = IOUSBGetEndpointMaxPacketSize(speed, ivars->inEndpoint);
    const auto longest = static_cast<uint32_t>(
        properties == nullptr
            ? 0
            : OSDictionaryGetUInt64Value(properties, kIOHIDMaxInputReportSizeKey));
    OSSafeReleaseNULL(properties);
    if (packet == 0) {
        return kIOReturnError;
    }
    ivars->inputSize = (longest + packet - 1) / packet * packet;
    ivars->inputSize = ivars->inputSize == 0 ? packet : ivars->inputSize;

    const IOUSBInterfaceDescriptor & own = *ivars->descriptor;
    const bool isBoot = own.bInterfaceSubClass == kBootSubClass;
    if (own.bInterfaceClass == kHidClass && isBoot && own.bInterfaceProtocol == kKeyboardProtocol) {
        setIdle(kKeyboardIdleMs);
    }
    if (isBoot) {
        setProtocol(kReportProtocol);
    }
    kern_return_t status =
        ivars->interface->CreateIOBuffer(kIOMemoryDirectionIn, ivars->inputSize, &ivars->input);
    if (status == kIOReturnSuccess) {
        status = CreateActionCompleteInputReport(0, &ivars->inputAction);
    }
    cancelInputReportRetry();
    return status == kIOReturnSuccess ? initInputReport() : status;
}

// Closing ends the transfers; what is still to run sees `stopping`.
kern_return_t IOUserUSBHostHIDDevice::Stop_Impl(IOService_Stop_Args) {
    ivars->stopping = true;
    if (ivars->timer != nullptr) {
        ivars->timer->SetEnable(false);
    }
    if (ivars->interface != nullptr) {
        ivars->interface->Close(this, 0);
    }
    return Stop(provider, SUPERDISPATCH);
}

OSString * IOUserUSBHostHIDDevice::copyStringAtIndex(uint8_t index, uint16_t language) {
    const IOUSBStringDescriptor * const found =
        index == 0 ? nullptr : ivars->interface->CopyStringDescriptor(index, language);
    if (found == nullptr) {
        return nullptr;
    }
    std::string text;
    for (size_t at = 0; at + 4 <= found->bLength && found->bString[at] != 0; at += 2) {
        text.push_back(static_cast<char>(found->bString[at]));
    }
    IOUSBHostFreeDescriptor(found);
    return OSString::withCString(text.c_str());
}

OSDictionary * IOUserUSBHostHIDDevice::newDeviceDescription() {
    const IOUSBDeviceDescriptor * const usb = ivars->device->CopyDeviceDescriptor();
    const IOUSBHIDDescriptor * const hid = hidDescriptorOf(*ivars);
    OSDictionary * const description = OSDictionary::withCapacity(12);
    if (usb == nullptr || description == nullptr) {
        IOUSBHostFreeDescriptor(usb);
        return description;
    }
    uint8_t speed = 0;
    ivars->inPipe->GetSpeed(&speed);
    const uint64_t frames = IOUSBGetEndpointIntervalFrames(speed, ivars->inEndpoint);
    OSDictionarySetUInt64Value(description, kIOHIDReportIntervalKey,
                               frames * kMicrosecondsPerFrame);
    OSDictionarySetUInt64Value(description, kIOHIDVendorIDKey, USBToHost16(usb->idVendor));
    OSDictionarySetUInt64Value(description, kIOHIDProductIDKey, USBToHost16(usb->idProduct));
    OSDictionarySetUInt64Value(description, kIOHIDVersionNumberKey, USBToHost16(usb->bcdDevice));
    OSDictionarySetUInt64Value(description, kIOHIDCountryCodeKey,
                               hid == nullptr ? 0 : hid->hidCountryCode);
    OSDictionarySetUInt64Value(description, kIOHIDRequestTimeoutKey,
                               uint64_t{kHidRequestTimeoutMs} * 1000);
    OSDictionarySetStringValue(description, kIOHIDTransportKey, kIOHIDTransportUSBValue);
    const uint16_t english = kIOUSBLanguageIDEnglishUS;
    putText(description, kIOHIDManufacturerKey, copyStringAtIndex(usb->iManufacturer, english));
    putText(description, kIOHIDProductKey, copyStringAtIndex(usb->iProduct, english));
    putText(description, kIOHIDSerialNumberKey, copyStringAtIndex(usb->iSerialNumber, english));
    IOUSBHostFreeDescriptor(usb);

    OSDictionary * properties = nullptr;
    if (ivars->interface->CopyProperties(&properties) == kIOReturnSuccess) {
        if (OSObject * const place = OSDictionaryGetValue(properties, kUSBHostPropertyLocationID)) {
            OSDictionarySetValue(description, kIOHIDLocationIDKey, place);
        }
        if (OSDictionaryGetUInt64Value(properties, kUSBHostMatchingPropertyPortType) ==
            kIOUSBHostPortTypeInternal) {
            OSDictionarySetValue(description, kIOHIDBuiltInKey, kOSBooleanTrue);
        }
        properties->release();
    }
    return description;
}

OSData * IOUserUSBHostHIDDevice::newReportDescriptor() {
    const uint16_t length = reportDescriptorLength(hidDescriptorOf(*ivars));
    IOBufferMemoryDescriptor * buffer = nullptr;
    if (length == 0 || IOBufferMemoryDescriptor::Create(kIOMemoryDirectionIn, length, 0, &buffer) !=
                           kIOReturnSuccess) {
        return nullptr;
    }
    uint16_t count = 0;
    const kern_return_t status = ivars->interface->DeviceRequest(
        kIOUSBDeviceRequestDirectionIn | kIOUSBDeviceRequestRecipientInterface,
        kIOUSBDeviceRequestGetDescriptor, kIOUSBDecriptorTypeReport << 8,
        ivars->descriptor->bInterfaceNumber, length, buffer, &count, kHidRequestTimeoutMs);
    const auto bytes = bytesOf(buffer);
    OSData * const report = status == kIOReturnSuccess && count <= bytes.size()
                                ? OSData::withBytes(bytes.data(), count)
                                : nullptr;
    buffer->release();
    return report;
}

void IOUserUSBHostHIDDevice::setProperty(OSObject * key, OSObject * value) {
    IOUserHIDDevice::setProperty(key, value);
}
