// What a terminal asks of a serial port, as calls of the driver on its queue.
#include "serial_port.h"

#include "../runtime/queues.h"

#include <algorithm>

namespace dextsim {

namespace {

// 16 KiB, the size of queues that the system makes.
constexpr uint8_t kQueueLogSize = 14;

struct Settings {
    uint32_t baud = 0;
    uint8_t dataBits = 0, halfStopBits = 0, parity = 0;
    uint32_t flow = 0;
    uint8_t xon = 0, xoff = 0;
    uint32_t latency = 0;
};

Settings readSettings(Reader & body) {
    Settings settings;
    settings.baud = body.u32();
    settings.dataBits = body.u8();
    settings.halfStopBits = body.u8();
    settings.parity = body.u8();
    settings.flow = body.u32();
    settings.xon = body.u8();
    settings.xoff = body.u8();
    settings.latency = body.u32();
    return settings;
}

// Hardware without something is no reason to refuse the port.
void keepFirst(kern_return_t & status, kern_return_t next) {
    if (status == kIOReturnSuccess && next != kIOReturnUnsupported) {
        status = next;
    }
}

// The rate alone first: a driver may take the rest's defaults with it.
kern_return_t program(IOUserSerial * port, const Settings & settings) {
    kern_return_t status = kIOReturnSuccess;
    keepFirst(status, port->HwProgramBaudRate(settings.baud));
    keepFirst(status, port->HwProgramUART(settings.baud, settings.dataBits, settings.halfStopBits,
                                          settings.parity));
    keepFirst(status, port->HwProgramFlowControl(settings.flow, settings.xon, settings.xoff));
    keepFirst(status, port->HwProgramLatencyTimer(settings.latency));
    return status;
}

void readSignals(IOUserSerial * port) {
    bool cts = false, dsr = false, ri = false, dcd = false;
    if (port->HwGetModemStatus(&cts, &dsr, &ri, &dcd) == kIOReturnSuccess) {
        IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
        std::lock_guard lock(state.lock);
        const int signals = (cts ? kSerialCts : 0) | (dsr ? kSerialDsr : 0) | (ri ? kSerialRi : 0) |
                            (dcd ? kSerialDcd : 0);
        state.changes += state.signals != signals;
        state.signals = static_cast<uint8_t>(signals);
    }
    serialChanged(port);
}

kern_return_t connect(IOUserSerial * port) {
    IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
    {
        std::lock_guard lock(state.lock);
        if (state.port != nullptr) {
            return kIOReturnSuccess;
        }
        state.connecting = true;
    }
    IOBufferMemoryDescriptor * interface = nullptr;
    IOMemoryDescriptor *rx = nullptr, *tx = nullptr;
    const kern_return_t status = port->ConnectQueues(&interface, &rx, &tx, nullptr, nullptr, 0, 0,
                                                     kQueueLogSize, kQueueLogSize);
    if (status == kIOReturnSuccess) {
        OSSafeRelease(interface);
        OSSafeRelease(rx);
        OSSafeRelease(tx);
    }
    std::lock_guard lock(state.lock);
    state.connecting = false;
    return status == kIOReturnSuccess && state.port == nullptr ? kIOReturnNotReady : status;
}

kern_return_t close(IOUserSerial * port) {
    IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
    bool disconnect;
    {
        std::lock_guard lock(state.lock);
        if (!state.open) {
            return kIOReturnNotOpen;
        }
        state.open = false;
        disconnect = !state.connectedByDriver;
    }
    failSerialCalls(port, kIOReturnAborted);
    const kern_return_t status = port->HwDeactivate();
    return disconnect ? port->DisconnectQueues() : status;
}

kern_return_t open(IOUserSerial * port, const Settings & settings, bool dtr, bool rts) {
    IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
    {
        std::lock_guard lock(state.lock);
        if (state.open) {
            return kIOReturnExclusiveAccess;
        }
    }
    kern_return_t status = connect(port);
    if (status == kIOReturnSuccess) {
        {
            std::lock_guard lock(state.lock);
            state.open = true;
        }
        status = port->HwActivate();
        if (status == kIOReturnSuccess) {
            keepFirst(status, program(port, settings));
            keepFirst(status, port->HwProgramMCR(dtr, rts));
            readSignals(port);
        }
        if (status != kIOReturnSuccess) {
            close(port);
        }
    }
    return status;
}

kern_return_t flush(IOUserSerial * port, bool tx, bool rx) {
    IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
    {
        std::lock_guard lock(state.lock);
        for (const SerialWrite & write : state.writes) {
            if (tx) {
                answerServiceCall(write.call, kIOReturnSuccess,
                                  Writer().u32(static_cast<uint32_t>(write.done)));
            }
        }
        if (tx) {
            state.writes.clear();
        }
        if (rx) {
            state.received.clear();
        }
    }
    return port->HwResetFIFO(tx, rx);
}

struct Call {
    uint64_t id;
    IOUserSerial * port; // retained
};

template <typename Work> void onQueue(const Call & call, Work work) {
    runForObject(call.port, kIOServiceDefaultQueueName, [call, work] {
        answerServiceCall(call.id, work(call.port));
        call.port->release();
    });
}

// Only an open port has a terminal whose bytes could wait.
template <typename Keep> void ifOpen(const Call & call, Keep keep) {
    IOUserSerial_IVars & state = *call.port->IOUserSerial::ivars;
    std::lock_guard lock(state.lock);
    if (state.open) {
        keep(state);
    } else {
        answerServiceCall(call.id, kIOReturnNotOpen);
    }
}

void write(const Call & call, Reader & body) {
    const auto bytes = body.bytes();
    ifOpen(call, [&](IOUserSerial_IVars & state) {
        state.writes.push_back({call.id, {bytes.begin(), bytes.end()}, 0});
    });
    pumpSerialOut(call.port);
    call.port->release();
}

void read(const Call & call, Reader & body) {
    const uint32_t most = std::max(body.u32(), 1u);
    ifOpen(call, [&](IOUserSerial_IVars & state) { state.reads.push_back({call.id, most}); });
    pumpSerialIn(call.port);
    call.port->release();
}

void drain(const Call & call) {
    ifOpen(call, [&](IOUserSerial_IVars & state) { state.drains.push_back(call.id); });
    pumpSerialOut(call.port);
    call.port->release();
}

void status(const Call & call, Reader & body) {
    const bool ask = body.u8() != 0;
    const uint64_t known = body.u64();
    auto watch = [call, known] {
        ifOpen(call, [&](IOUserSerial_IVars & state) {
            state.watches.push_back({call.id, known});
        });
        serialChanged(call.port);
        call.port->release();
    };
    if (!ask) {
        watch();
        return;
    }
    runForObject(call.port, kIOServiceDefaultQueueName, [call, watch] {
        readSignals(call.port);
        watch();
    });
}

void dispatch(uint64_t id, uint16_t operation, IOService * service, Reader & body) {
    auto * const port = OSDynamicCast(IOUserSerial, service);
    const Call call{id, port};
    if (port == nullptr) {
        answerServiceCall(id, kIOReturnUnsupported);
        service->release();
        return;
    }
    switch (static_cast<SerialCall>(operation)) {
    case SerialCall::Open: {
        const Settings settings = readSettings(body);
        const bool dtr = body.u8() != 0;
        const bool rts = body.u8() != 0;
        return onQueue(call, [=](IOUserSerial * each) { return open(each, settings, dtr, rts); });
    }
    case SerialCall::Close:
        return onQueue(call, [](IOUserSerial * each) { return close(each); });
    case SerialCall::Write:
        return write(call, body);
    case SerialCall::Read:
        return read(call, body);
    case SerialCall::Drain:
        return drain(call);
    case SerialCall::Configure:
        return onQueue(call, [settings = readSettings(body)](IOUserSerial * each) {
            return program(each, settings);
        });
    case SerialCall::Speed:
        return onQueue(call, [baud = body.u32()](IOUserSerial * each) {
            return each->HwProgramBaudRate(baud);
        });
    case SerialCall::ModemControl: {
        const bool dtr = body.u8() != 0;
        const bool rts = body.u8() != 0;
        return onQueue(call, [=](IOUserSerial * each) { return each->HwProgramMCR(dtr, rts); });
    }
    case SerialCall::Break:
        return onQueue(
            call, [on = body.u8() != 0](IOUserSerial * each) { return each->HwSendBreak(on); });
    case SerialCall::Flush: {
        const bool tx = body.u8() != 0;
        const bool rx = body.u8() != 0;
        return onQueue(call, [=](IOUserSerial * each) { return flush(each, tx, rx); });
    }
    case SerialCall::Status:
        return status(call, body);
    }
    answerServiceCall(id, kIOReturnUnsupported);
    service->release();
}

} // namespace

void linkSerialCalls() {
    takeServiceCalls(ServiceFamily::Serial, &dispatch);
}

} // namespace dextsim
