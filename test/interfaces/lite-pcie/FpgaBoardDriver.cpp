// Registers are words of BAR 0; the counters say how often a channel was switched on. A flash
// transfer answers with its bits inverted.
#include "FpgaBoardDriver.h"
#include "FpgaBoardDriverCore.h"
#include "FpgaBoardUserClient.h"

#include <DriverKit/IOLib.h>
#include <PCIDriverKit/IOPCIDevice.h>

struct FpgaBoardDriver_IVars {
    FpgaBoardDriverCore core;
    IOPCIDevice * device;
};

namespace {

constexpr uint64_t kIcapRegisters = 0x400;
constexpr uint32_t kReader = 0;
constexpr uint32_t kWriter = 1;

void Count(FpgaBoardDriver * driver, FpgaBoardUserClient * client,
           const FpgaBoardDmaChannel * config, uint32_t which) {
    FpgaBoardCountersBuffer * counters = nullptr;
    const uint8_t channel = static_cast<uint8_t>(config->channel);
    if (config->enable && driver->MapCounters(client, channel, &counters) == kIOReturnSuccess) {
        counters->counts[which]++;
    }
}

} // namespace

bool FpgaBoardDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(FpgaBoardDriver_IVars, 1);
    return ivars != nullptr;
}

void FpgaBoardDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, FpgaBoardDriver_IVars, 1);
    super::free();
}

kern_return_t FpgaBoardDriver::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOPCIDevice * device = OSDynamicCast(IOPCIDevice, provider);
    if (device == nullptr) {
        return kIOReturnBadArgument;
    }
    status = device->Open(this, 0);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->device = device;
    uint16_t command = 0;
    device->ConfigurationRead16(kIOPCIConfigurationOffsetCommand, &command);
    device->ConfigurationWrite16(kIOPCIConfigurationOffsetCommand,
                                 static_cast<uint16_t>(command | kIOPCICommandMemorySpace));
    return RegisterService();
}

kern_return_t FpgaBoardDriver::Stop_Impl(IOService * provider) {
    StopCore();
    if (ivars->device != nullptr) {
        ivars->device->Close(this, 0);
        ivars->device = nullptr;
    }
    return Stop(provider, SUPERDISPATCH);
}

FpgaBoardDriverCore * FpgaBoardDriver::Core() {
    return &ivars->core;
}

kern_return_t FpgaBoardDriver::ConfigDmaReader(FpgaBoardUserClient * client,
                                               const FpgaBoardDmaChannel * config) {
    Count(this, client, config, kReader);
    return kIOReturnSuccess;
}

kern_return_t FpgaBoardDriver::ConfigDmaWriter(FpgaBoardUserClient * client,
                                               const FpgaBoardDmaChannel * config) {
    Count(this, client, config, kWriter);
    return kIOReturnSuccess;
}

kern_return_t FpgaBoardDriver::ReadCsr(FpgaBoardUserClient *, uint32_t address, uint32_t * value) {
    ivars->device->MemoryRead32(0, address, value);
    return kIOReturnSuccess;
}

kern_return_t FpgaBoardDriver::WriteCsr(FpgaBoardUserClient *, uint32_t address, uint32_t value) {
    ivars->device->MemoryWrite32(0, address, value);
    return kIOReturnSuccess;
}

kern_return_t FpgaBoardDriver::Icap(FpgaBoardUserClient *, const FpgaBoardIcap * request) {
    ivars->device->MemoryWrite32(0, kIcapRegisters + 4u * request->address, request->data);
    return kIOReturnSuccess;
}

kern_return_t FpgaBoardDriver::Flash(FpgaBoardUserClient *, const FpgaBoardFlash * request,
                                     FpgaBoardFlash * reply) {
    const uint64_t mask = (uint64_t{1} << request->txLength) - 1;
    *reply = *request;
    reply->rx = ~request->tx & mask;
    return kIOReturnSuccess;
}
