#include "SerialLoop.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/OSDictionary.h>
#include <SerialDriverKit/SerialDriverKit.h>
#include <os/log.h>

using driverkit::serial::SerialPortInterface;

namespace {
// Of its own queues: 64 bytes in the middle of a page.
constexpr uint32_t kOwnOffset = 32;
constexpr uint8_t kOwnLogSize = 6;
} // namespace

struct SerialLoop_IVars {
    IOBufferMemoryDescriptor * ownRx;
    IOBufferMemoryDescriptor * ownTx;
    IOMemoryMap * rxMap;
    IOMemoryMap * txMap;
    SerialPortInterface * port;
    uint8_t * rx;
    uint8_t * tx;
    bool masks; // keeps its indices below the size
    bool dtr, rts;
};

bool SerialLoop::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(SerialLoop_IVars, 1);
    return ivars != nullptr;
}

void SerialLoop::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->rxMap);
        OSSafeReleaseNULL(ivars->txMap);
        OSSafeReleaseNULL(ivars->ownRx);
        OSSafeReleaseNULL(ivars->ownTx);
    }
    IOSafeDeleteNULL(ivars, SerialLoop_IVars, 1);
    super::free();
}

kern_return_t SerialLoop::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    OSDictionary * properties = nullptr;
    status = CopyProperties(&properties);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->masks = properties->getObject("MasksIndices") != nullptr;
    const bool ownQueues = properties->getObject("OwnQueues") != nullptr;
    properties->release();
    if (ownQueues) {
        status = IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, 256, 0, &ivars->ownRx);
        if (status == kIOReturnSuccess) {
            status =
                IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, 256, 0, &ivars->ownTx);
        }
        IOBufferMemoryDescriptor * interface = nullptr;
        IOMemoryDescriptor *rx = nullptr, *tx = nullptr;
        os_log(OS_LOG_DEFAULT, "serial: too long 0x%x",
               ConnectQueues(&interface, &rx, &tx, ivars->ownRx, ivars->ownTx, kOwnOffset,
                             kOwnOffset, 8, 8));
        if (status == kIOReturnSuccess) {
            status = ConnectQueues(&interface, &rx, &tx, ivars->ownRx, ivars->ownTx, kOwnOffset,
                                   kOwnOffset, kOwnLogSize, kOwnLogSize);
        }
        OSSafeReleaseNULL(interface);
        OSSafeReleaseNULL(rx);
        OSSafeReleaseNULL(tx);
    }
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t
SerialLoop::ConnectQueues_Impl(IOBufferMemoryDescriptor ** ifmd, IOMemoryDescriptor ** rxqmd,
                               IOMemoryDescriptor ** txqmd, IOMemoryDescriptor * in_rxqmd,
                               IOMemoryDescriptor * in_txqmd, uint32_t in_rxqoffset,
                               uint32_t in_txqoffset, uint8_t in_rxqlogsz, uint8_t in_txqlogsz) {
    kern_return_t status = ConnectQueues(ifmd, rxqmd, txqmd, in_rxqmd, in_txqmd, in_rxqoffset,
                                         in_txqoffset, in_rxqlogsz, in_txqlogsz, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOAddressSegment range = {};
    status = (*ifmd)->GetAddressRange(&range);
    ivars->port = reinterpret_cast<SerialPortInterface *>(range.address);
    if (status == kIOReturnSuccess) {
        status = (*rxqmd)->CreateMapping(0, 0, 0, 0, 0, &ivars->rxMap);
    }
    if (status == kIOReturnSuccess) {
        status = (*txqmd)->CreateMapping(0, 0, 0, 0, 0, &ivars->txMap);
    }
    if (status == kIOReturnSuccess) {
        ivars->rx =
            reinterpret_cast<uint8_t *>(ivars->rxMap->GetAddress()) + ivars->port->rxqoffset;
        ivars->tx =
            reinterpret_cast<uint8_t *>(ivars->txMap->GetAddress()) + ivars->port->txqoffset;
        os_log(OS_LOG_DEFAULT, "serial: queues of 2^%u and 2^%u at %u", ivars->port->rxqlogsz,
               ivars->port->txqlogsz, ivars->port->rxqoffset);
    }
    return status;
}

kern_return_t SerialLoop::DisconnectQueues_Impl() {
    os_log(OS_LOG_DEFAULT, "serial: no queues");
    ivars->port = nullptr;
    OSSafeReleaseNULL(ivars->rxMap);
    OSSafeReleaseNULL(ivars->txMap);
    return DisconnectQueues(SUPERDISPATCH);
}

void SerialLoop::Copy() {
    SerialPortInterface * const port = ivars->port;
    if (port == nullptr) {
        return;
    }
    const uint32_t rxMask = (1u << port->rxqlogsz) - 1;
    const uint32_t txMask = (1u << port->txqlogsz) - 1;
    const auto at = [](const uint32_t & index) {
        return __atomic_load_n(&index, __ATOMIC_ACQUIRE);
    };
    bool moved = false;
    for (;;) {
        const uint32_t to = at(port->rxPI);
        const uint32_t from = at(port->txCI);
        if (((at(port->txPI) - from) & txMask) == 0 || ((to - at(port->rxCI)) & rxMask) == rxMask) {
            break;
        }
        ivars->rx[to & rxMask] = ivars->tx[from & txMask];
        const uint32_t rxNext = ivars->masks ? (to + 1) & rxMask : to + 1;
        const uint32_t txNext = ivars->masks ? (from + 1) & txMask : from + 1;
        __atomic_store_n(&port->rxPI, rxNext, __ATOMIC_RELEASE);
        __atomic_store_n(&port->txCI, txNext, __ATOMIC_RELEASE);
        moved = true;
    }
    if (moved) {
        RxDataAvailable();
        TxFreeSpaceAvailable();
    }
}

void SerialLoop::TxDataAvailable_Impl() {
    Copy();
}

void SerialLoop::RxFreeSpaceAvailable_Impl() {
    Copy();
}

kern_return_t SerialLoop::HwActivate_Impl() {
    os_log(OS_LOG_DEFAULT, "serial: active");
    return kIOReturnSuccess;
}

kern_return_t SerialLoop::HwDeactivate_Impl() {
    os_log(OS_LOG_DEFAULT, "serial: inactive");
    return kIOReturnSuccess;
}

kern_return_t SerialLoop::HwResetFIFO_Impl(bool tx, bool rx) {
    os_log(OS_LOG_DEFAULT, "serial: reset %d %d", tx, rx);
    return kIOReturnSuccess;
}

kern_return_t SerialLoop::HwSendBreak_Impl(bool sendBreak) {
    return sendBreak ? RxError(false, true, false, false) : kIOReturnSuccess;
}

kern_return_t SerialLoop::HwProgramUART_Impl(uint32_t baudRate, uint8_t nDataBits,
                                             uint8_t nHalfStopBits, uint8_t parity) {
    os_log(OS_LOG_DEFAULT, "serial: uart %u %u %u %u", baudRate, nDataBits, nHalfStopBits, parity);
    return kIOReturnSuccess;
}

kern_return_t SerialLoop::HwProgramBaudRate_Impl(uint32_t baudRate) {
    return baudRate == 1 ? kIOReturnBadArgument : kIOReturnSuccess;
}

kern_return_t SerialLoop::HwProgramMCR_Impl(bool dtr, bool rts) {
    ivars->dtr = dtr;
    ivars->rts = rts;
    return SetModemStatus(rts, dtr, false, dtr);
}

kern_return_t SerialLoop::HwGetModemStatus_Impl(bool * cts, bool * dsr, bool * ri, bool * dcd) {
    *cts = ivars->rts;
    *dsr = ivars->dtr;
    *ri = true; // only the hardware says so
    *dcd = ivars->dtr;
    return kIOReturnSuccess;
}

kern_return_t SerialLoop::HwProgramFlowControl_Impl(uint32_t arg, uint8_t xon, uint8_t xoff) {
    os_log(OS_LOG_DEFAULT, "serial: flow 0x%x %u %u", arg, xon, xoff);
    return kIOReturnSuccess;
}
