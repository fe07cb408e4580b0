// What endpoint descriptors and their companions say: direction, packets, bursts, intervals.
#include <USBDriverKit/AppleUSBDescriptorParsing.h>

namespace {

// Of high and faster speed the interval is an exponent (USB 2.0 § 9.6.6).
bool hasExponent(uint32_t speed, uint8_t type) {
    return speed >= kIOUSBHostConnectionSpeedHigh || type == kIOUSBEndpointTypeIsochronous;
}

bool isSuper(uint32_t speed) {
    return speed >= kIOUSBHostConnectionSpeedSuper;
}

} // namespace

uint8_t IOUSBGetEndpointDirection(const IOUSBEndpointDescriptor * descriptor) {
    if (IOUSBGetEndpointType(descriptor) == kIOUSBEndpointTypeControl)
        return kIOUSBEndpointDirectionUnknown;
    return (descriptor->bEndpointAddress & kIOUSBEndpointDescriptorDirection) != 0
               ? kIOUSBEndpointDirectionIn
               : kIOUSBEndpointDirectionOut;
}

uint8_t IOUSBGetEndpointAddress(const IOUSBEndpointDescriptor * descriptor) {
    return descriptor->bEndpointAddress &
           (kIOUSBEndpointDescriptorDirection | kIOUSBEndpointDescriptorNumber);
}

uint8_t IOUSBGetEndpointNumber(const IOUSBEndpointDescriptor * descriptor) {
    return descriptor->bEndpointAddress & kIOUSBEndpointDescriptorNumber;
}

uint8_t IOUSBGetEndpointType(const IOUSBEndpointDescriptor * descriptor) {
    return descriptor->bmAttributes & kIOUSBEndpointDescriptorTransferType;
}

uint16_t IOUSBGetEndpointMaxPacketSize(uint32_t, const IOUSBEndpointDescriptor * descriptor) {
    return USBToHost16(descriptor->wMaxPacketSize) & kIOUSBEndpointDescriptorPacketSize;
}

uint32_t IOUSBGetEndpointIntervalMicroframes(uint32_t usbDeviceSpeed,
                                             const IOUSBEndpointDescriptor * descriptor) {
    const uint8_t type = IOUSBGetEndpointType(descriptor);
    const uint32_t interval = descriptor->bInterval;
    if (interval == 0 ||
        (type != kIOUSBEndpointTypeInterrupt && type != kIOUSBEndpointTypeIsochronous))
        return 0;
    const uint32_t unit = usbDeviceSpeed >= kIOUSBHostConnectionSpeedHigh ? 1 : 8;
    if (!hasExponent(usbDeviceSpeed, type))
        return interval * unit;
    return (1u << ((interval > 16 ? 16 : interval) - 1)) * unit;
}

uint32_t IOUSBGetEndpointIntervalFrames(uint32_t usbDeviceSpeed,
                                        const IOUSBEndpointDescriptor * descriptor) {
    return IOUSBGetEndpointIntervalMicroframes(usbDeviceSpeed, descriptor) / 8;
}

uint32_t IOUSBGetEndpointIntervalEncodedMicroframes(uint32_t usbDeviceSpeed,
                                                    const IOUSBEndpointDescriptor * descriptor) {
    const uint32_t interval = IOUSBGetEndpointIntervalMicroframes(usbDeviceSpeed, descriptor);
    return interval == 0 ? 0 : 32 - static_cast<uint32_t>(__builtin_clz(interval));
}

uint8_t IOUSBGetEndpointMult(uint32_t usbDeviceSpeed, const IOUSBEndpointDescriptor * descriptor,
                             const IOUSBSuperSpeedEndpointCompanionDescriptor * companionDescriptor,
                             const IOUSBSuperSpeedPlusIsochronousEndpointCompanionDescriptor *) {
    const uint8_t type = IOUSBGetEndpointType(descriptor);
    if (isSuper(usbDeviceSpeed)) {
        const bool has = companionDescriptor != nullptr && type == kIOUSBEndpointTypeIsochronous;
        return has ? static_cast<uint8_t>((companionDescriptor->bmAttributes & 3) + 1) : 1;
    }
    const bool periodic =
        type == kIOUSBEndpointTypeIsochronous || type == kIOUSBEndpointTypeInterrupt;
    if (usbDeviceSpeed != kIOUSBHostConnectionSpeedHigh || !periodic)
        return 1;
    const uint32_t more =
        USBToHost16(descriptor->wMaxPacketSize) & kIOUSBEndpointDescriptorPacketSizeMult;
    return static_cast<uint8_t>((more >> kIOUSBEndpointDescriptorPacketSizeMultPhase) + 1);
}

uint32_t IOUSBGetEndpointBurstSize(
    uint32_t usbDeviceSpeed, const IOUSBEndpointDescriptor * descriptor,
    const IOUSBSuperSpeedEndpointCompanionDescriptor * companionDescriptor,
    const IOUSBSuperSpeedPlusIsochronousEndpointCompanionDescriptor * sspCompanionDescriptor) {
    if (sspCompanionDescriptor != nullptr &&
        IOUSBGetEndpointType(descriptor) == kIOUSBEndpointTypeIsochronous)
        return USBToHost32(sspCompanionDescriptor->dwBytesPerInterval);
    uint32_t packets =
        IOUSBGetEndpointMult(usbDeviceSpeed, descriptor, companionDescriptor, nullptr);
    if (isSuper(usbDeviceSpeed) && companionDescriptor != nullptr)
        packets *= companionDescriptor->bMaxBurst + 1u;
    return packets * IOUSBGetEndpointMaxPacketSize(usbDeviceSpeed, descriptor);
}

uint32_t IOUSBGetEndpointMaxStreamsEncoded(
    uint32_t usbDeviceSpeed, const IOUSBEndpointDescriptor * descriptor,
    const IOUSBSuperSpeedEndpointCompanionDescriptor * companionDescriptor) {
    const bool has = isSuper(usbDeviceSpeed) && companionDescriptor != nullptr &&
                     IOUSBGetEndpointType(descriptor) == kIOUSBEndpointTypeBulk;
    return has ? companionDescriptor->bmAttributes & 0x1fu : 0;
}

uint32_t
IOUSBGetEndpointMaxStreams(uint32_t usbDeviceSpeed, const IOUSBEndpointDescriptor * descriptor,
                           const IOUSBSuperSpeedEndpointCompanionDescriptor * companionDescriptor) {
    const uint32_t exponent =
        IOUSBGetEndpointMaxStreamsEncoded(usbDeviceSpeed, descriptor, companionDescriptor);
    return exponent == 0 ? 0 : 1u << exponent;
}
