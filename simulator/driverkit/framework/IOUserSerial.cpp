// Serial ports that a driver makes: their queues, and what the driver tells the system. Bytes:
// serial_port.cpp.
#include "serial_port.h"

#include "../runtime/hid.h"

#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSString.h>

using namespace dextsim;
using driverkit::serial::kSerialQueueLogSizeMax;
using driverkit::serial::SerialPortInterface;

namespace {

// Of queues that the driver gives no memory for, whatever size it names.
constexpr uint8_t kOwnLogSize = 14;

struct SerialQueueMemory {
    IOMemoryDescriptor * memory = nullptr; // with a reference
    std::span<uint8_t> bytes;
    uint32_t offset = 0;
    uint8_t logSize = 0;
};

kern_return_t prepareQueue(IOMemoryDescriptor * given, uint32_t offset, uint8_t logSize,
                           SerialQueueMemory & queue) {
    if (given == nullptr) {
        IOBufferMemoryDescriptor * made = nullptr;
        const kern_return_t status = IOBufferMemoryDescriptor::Create(
            kIOMemoryDirectionInOut, uint64_t{1} << kOwnLogSize, 0, &made);
        if (status != kIOReturnSuccess) {
            return status;
        }
        queue = {made, bytesOf(made), 0, kOwnLogSize};
        return kIOReturnSuccess;
    }
    const std::span<uint8_t> all = bytesOf(given);
    if (logSize == 0 || logSize > kSerialQueueLogSizeMax || offset > all.size() ||
        all.size() - offset < size_t{1} << logSize) {
        return kIOReturnBadArgument;
    }
    given->retain();
    queue = {given, all.subspan(offset, size_t{1} << logSize), offset, logSize};
    return kIOReturnSuccess;
}

template <typename Class> Class * retained(Class * object) {
    object->retain();
    return object;
}

// What the terminal is called, unless the personality or the driver says so.
void nameTerminal(IOUserSerial * port) {
    OSDictionary * properties = nullptr;
    port->CopyProperties(&properties);
    OSDictionary * const names = OSDictionary::withCapacity(2);
    for (const auto & [key, fallback] :
         {std::pair{kIOTTYBaseNameKey, "serial"}, std::pair{kIOTTYSuffixKey, ""}}) {
        OSString * const name = OSString::withCString(fallback);
        OSObject * const given = properties != nullptr ? properties->getObject(key) : nullptr;
        names->setObject(key, given != nullptr ? given : name);
        name->release();
    }
    port->SetProperties(names);
    names->release();
    OSSafeRelease(properties);
}

} // namespace

bool IOUserSerial::init() {
    if (!IOService::init()) {
        return false;
    }
    ivars = new IOUserSerial_IVars;
    return true;
}

bool IOUserSerial::initWith(IOBufferMemoryDescriptor * ifmd) {
    if (ifmd == nullptr || !init()) {
        return false;
    }
    ivars->interface = retained(ifmd);
    return true;
}

void IOUserSerial::free() {
    if (ivars != nullptr) {
        failSerialCalls(this, kIOReturnOffline);
        OSSafeRelease(ivars->interface);
        OSSafeRelease(ivars->rx);
        OSSafeRelease(ivars->tx);
        delete ivars;
        ivars = nullptr;
    }
    IOService::free();
}

kern_return_t IOUserSerial::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status == kIOReturnSuccess) {
        linkSerialCalls();
        nameTerminal(this);
    }
    return status;
}

kern_return_t IOUserSerial::Stop_Impl(IOService_Stop_Args) {
    bool wasOpen;
    {
        std::lock_guard lock(ivars->lock);
        wasOpen = ivars->open;
        ivars->open = false;
    }
    failSerialCalls(this, kIOReturnOffline);
    if (wasOpen) {
        HwDeactivate();
    }
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t IOUserSerial::ConnectQueues_Impl(IOUserSerial_ConnectQueues_Args) {
    SerialQueueMemory rx, tx;
    kern_return_t status = prepareQueue(in_rxqmd, in_rxqoffset, in_rxqlogsz, rx);
    if (status == kIOReturnSuccess) {
        status = prepareQueue(in_txqmd, in_txqoffset, in_txqlogsz, tx);
    }
    if (status == kIOReturnSuccess && ivars->interface == nullptr) {
        status = IOBufferMemoryDescriptor::Create(
            kIOMemoryDirectionInOut, sizeof(SerialPortInterface), 0, &ivars->interface);
    }
    const auto place =
        status == kIOReturnSuccess ? bytesOf(ivars->interface) : std::span<uint8_t>{};
    if (place.size() < sizeof(SerialPortInterface)) {
        OSSafeRelease(rx.memory);
        OSSafeRelease(tx.memory);
        return status == kIOReturnSuccess ? kIOReturnBadArgument : status;
    }
    std::lock_guard lock(ivars->lock);
    OSSafeRelease(ivars->rx);
    OSSafeRelease(ivars->tx);
    ivars->rx = rx.memory;
    ivars->tx = tx.memory;
    ivars->rxBytes = rx.bytes;
    ivars->txBytes = tx.bytes;
    ivars->port = reinterpret_cast<SerialPortInterface *>(place.data());
    *ivars->port = {0, 0, 0, 0, rx.offset, tx.offset, rx.logSize, tx.logSize};
    ivars->connectedByDriver = !ivars->connecting;
    *ifmd = retained(ivars->interface);
    *rxqmd = retained(ivars->rx);
    *txqmd = retained(ivars->tx);
    return kIOReturnSuccess;
}

kern_return_t IOUserSerial::DisconnectQueues_Impl() {
    std::lock_guard lock(ivars->lock);
    if (ivars->port == nullptr) {
        return kIOReturnNotOpen;
    }
    ivars->port = nullptr;
    OSSafeReleaseNULL(ivars->rx);
    OSSafeReleaseNULL(ivars->tx);
    ivars->connectedByDriver = false;
    return kIOReturnSuccess;
}

// ── from the driver ──

void IOUserSerial::RxDataAvailable_Impl() {
    pumpSerialIn(this);
}

void IOUserSerial::TxFreeSpaceAvailable_Impl() {
    pumpSerialOut(this);
}

kern_return_t IOUserSerial::SetModemStatus_Impl(IOUserSerial_SetModemStatus_Args) {
    const int signals = (cts ? kSerialCts : 0) | (dsr ? kSerialDsr : 0) | (ri ? kSerialRi : 0) |
                        (dcd ? kSerialDcd : 0);
    {
        std::lock_guard lock(ivars->lock);
        ivars->changes += ivars->signals != signals;
        ivars->signals = static_cast<uint8_t>(signals);
    }
    serialChanged(this);
    return kIOReturnSuccess;
}

kern_return_t IOUserSerial::RxError_Impl(IOUserSerial_RxError_Args) {
    {
        std::lock_guard lock(ivars->lock);
        ivars->counts.overruns += overrun;
        ivars->counts.breaks += gotBreak;
        ivars->counts.framing += framingError;
        ivars->counts.parity += parityError;
        ivars->changes += 1;
    }
    serialChanged(this);
    return kIOReturnSuccess;
}

// ── to a driver that does without ──

void IOUserSerial::RxFreeSpaceAvailable_Impl() {}

void IOUserSerial::TxDataAvailable_Impl() {}

kern_return_t IOUserSerial::HwActivate_Impl() {
    return kIOReturnSuccess;
}

kern_return_t IOUserSerial::HwDeactivate_Impl() {
    return kIOReturnSuccess;
}

kern_return_t IOUserSerial::HwResetFIFO_Impl(IOUserSerial_HwResetFIFO_Args) {
    static_cast<void>(tx);
    static_cast<void>(rx);
    return kIOReturnUnsupported;
}

kern_return_t IOUserSerial::HwSendBreak_Impl(IOUserSerial_HwSendBreak_Args) {
    static_cast<void>(sendBreak);
    return kIOReturnUnsupported;
}

kern_return_t IOUserSerial::HwProgramUART_Impl(IOUserSerial_HwProgramUART_Args) {
    static_cast<void>(baudRate);
    static_cast<void>(nDataBits);
    static_cast<void>(nHalfStopBits);
    static_cast<void>(parity);
    return kIOReturnUnsupported;
}

kern_return_t IOUserSerial::HwProgramBaudRate_Impl(IOUserSerial_HwProgramBaudRate_Args) {
    static_cast<void>(baudRate);
    return kIOReturnUnsupported;
}

kern_return_t IOUserSerial::HwProgramMCR_Impl(IOUserSerial_HwProgramMCR_Args) {
    static_cast<void>(dtr);
    static_cast<void>(rts);
    return kIOReturnUnsupported;
}

kern_return_t IOUserSerial::HwGetModemStatus_Impl(IOUserSerial_HwGetModemStatus_Args) {
    static_cast<void>(cts);
    static_cast<void>(dsr);
    static_cast<void>(ri);
    static_cast<void>(dcd);
    return kIOReturnUnsupported;
}

kern_return_t IOUserSerial::HwProgramLatencyTimer_Impl(IOUserSerial_HwProgramLatencyTimer_Args) {
    static_cast<void>(latency);
    return kIOReturnUnsupported;
}

kern_return_t IOUserSerial::HwProgramFlowControl_Impl(IOUserSerial_HwProgramFlowControl_Args) {
    static_cast<void>(arg);
    static_cast<void>(xon);
    static_cast<void>(xoff);
    return kIOReturnUnsupported;
}
