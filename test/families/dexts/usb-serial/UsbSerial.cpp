#include "UsbSerial.h"

#include <DriverKit/IOLib.h>
#include <USBDriverKit/USBDriverKit.h>
#include <os/log.h>

struct UsbSerial_IVars {
    IOUSBHostInterface * interface; // as long as it is started
    uint8_t lines;
};

bool UsbSerial::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(UsbSerial_IVars, 1);
    return ivars != nullptr;
}

void UsbSerial::free() {
    IOSafeDeleteNULL(ivars, UsbSerial_IVars, 1);
    super::free();
}

kern_return_t UsbSerial::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->interface = OSDynamicCast(IOUSBHostInterface, provider);
    return RegisterService();
}

kern_return_t UsbSerial::Send(uint8_t request, uint16_t value) {
    uint16_t transferred = 0;
    return ivars->interface->DeviceRequest(0x40, request, value, 0, 0, nullptr, &transferred, 5000);
}

kern_return_t UsbSerial::HwActivate_Impl() {
    const kern_return_t status = HwActivate(SUPERDISPATCH);
    return status == kIOReturnSuccess ? Send(0, 0) : status;
}

kern_return_t UsbSerial::HwProgramBaudRate_Impl(uint32_t baudRate) {
    return Send(3, static_cast<uint16_t>(3000000 / baudRate));
}

kern_return_t UsbSerial::HwProgramMCR_Impl(bool dtr, bool rts) {
    return Send(1, static_cast<uint16_t>((dtr ? 1 : 0) | (rts ? 2 : 0) | 0x300));
}

void UsbSerial::handleRxPacket(uint8_t *& packet, uint32_t & size) {
    if (size < 2) {
        size = 0;
        return;
    }
    if (packet[0] != ivars->lines) {
        ivars->lines = packet[0];
        SetModemStatus(packet[0] & 0x10, packet[0] & 0x20, packet[0] & 0x40, packet[0] & 0x80);
    }
    if (packet[1] != 0) {
        RxError(packet[1] & 2, packet[1] & 16, packet[1] & 8, packet[1] & 4);
    }
    packet += 2;
    size -= 2;
}

void UsbSerial::handleInterruptPacket(const uint8_t * packet, uint32_t size) {
    os_log(OS_LOG_DEFAULT, "usb-serial: %u bytes, the first 0x%02x", size, packet[0]);
}
