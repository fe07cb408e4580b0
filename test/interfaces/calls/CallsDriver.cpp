// The driver of the calls interface: it does little and says what it saw. What it does with handles
// is CallsHandles.cpp.
#include "CallsState.h"

#include "CallsUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <DriverKit/OSData.h>
#include <string.h>

bool CallsDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(CallsDriver_IVars, 1);
    return ivars != nullptr;
}

void CallsDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, CallsDriver_IVars, 1);
    super::free();
}

kern_return_t CallsDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t CallsDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

CallsDriverCore * CallsDriver::Core() {
    return &ivars->core;
}

kern_return_t CallsDriver::Initialize(CallsUserClient *, uint32_t vendor, uint32_t product,
                                      const uint8_t * country, uint64_t * vendorAndProduct,
                                      bool * countryGiven, uint8_t * countryOut) {
    *vendorAndProduct = static_cast<uint64_t>(vendor) << 32 | product;
    *countryGiven = country != nullptr;
    *countryOut = country != nullptr ? *country : 0;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Seek(CallsUserClient *, uint64_t block, int32_t offset, double scale,
                                int64_t * position, double * scaled) {
    *position = -static_cast<int64_t>(block) + offset;
    *scaled = scale * offset;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::FetchTask(CallsUserClient *, bool wait, uint64_t * tag,
                                     CallsDirection * direction, uint8_t * cdb, uint64_t * lba,
                                     uint16_t * lengths) {
    *tag = wait ? UINT64_MAX : 0;
    *direction = kCallsDirectionWrite;
    for (uint8_t i = 0; i < 16; i++) {
        cdb[i] = static_cast<uint8_t>(0xF0 + i);
    }
    *lba = UINT64_C(0x0123456789ABCDEF);
    lengths[0] = 1;
    lengths[1] = 500;
    lengths[2] = UINT16_MAX;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::CompleteTask(CallsUserClient *, const uint8_t * cdb,
                                        const CallsAddress * target, const CallsDirection * modes,
                                        const int16_t * weights, int64_t * sum,
                                        CallsAddress * targetOut) {
    for (uint32_t i = 0; i < 12; i++) {
        *sum += cdb[i];
    }
    for (uint32_t i = 0; i < 3; i++) {
        *sum += modes[i] * 1000 + weights[i] * 100000;
    }
    *targetOut = *target;
    targetOut->port++;
    targetOut->host[7]++;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Counters(CallsUserClient *, uint64_t * reads, uint64_t * writes,
                                    uint32_t * errors) {
    *reads = 11;
    *writes = 22;
    *errors = 33;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::LegacyOutputs(CallsUserClient *, uint32_t * a, uint32_t * b) {
    *a = 1;
    *b = 2;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::LegacyInputs(CallsUserClient *, uint32_t * count) {
    *count = 42;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::OptionalSpan(CallsUserClient *, uint32_t key, const uint8_t * id,
                                        uint64_t big, int32_t * idSum, uint64_t * bigOut) {
    *idSum = id == nullptr ? -1 : 0;
    for (uint32_t i = 0; id != nullptr && i < 16; i++) {
        *idSum += id[i];
    }
    *bigOut = big + key;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Measure(CallsUserClient *, uint64_t call, bool hold,
                                   const uint8_t * seed) {
    uint8_t id[16] = {};
    memcpy(id, seed, 9);
    const uint32_t steps[] = {1, UINT32_MAX};
    if (hold && ivars->heldCount < 2) {
        ivars->held[ivars->heldCount++] = call;
        return kIOReturnSuccess;
    }
    while (ivars->heldCount > 0) {
        CompleteMeasure(ivars->held[--ivars->heldCount], kIOReturnSuccess, id, -1, steps);
    }
    CompleteMeasure(call, kIOReturnSuccess, id, INT64_MIN + 5, steps);
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::SetProduct(CallsUserClient *, uint32_t) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Enable(CallsUserClient *, bool fail) {
    return fail ? kIOReturnError : kIOReturnSuccess;
}

kern_return_t CallsDriver::Disable(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Jam(CallsUserClient * client) {
    if (GetStateDevice(client) != kCallsStateDeviceEnabled) {
        return kIOReturnInternalError;
    }
    SetStateDevice(client, kCallsStateDeviceJammed);
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Report(CallsUserClient *) {
    return GetStateMedium() == kCallsStateMediumLoaded ? kIOReturnSuccess : kIOReturnInternalError;
}

kern_return_t CallsDriver::Load(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Eject(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Publish(CallsUserClient *, bool fail) {
    return fail ? kIOReturnError : kIOReturnSuccess;
}

kern_return_t CallsDriver::Write(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Unpublish(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Steal(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::WriteMsr(CallsUserClient *, uint32_t) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Administer(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Legacy(CallsUserClient *, IOUserClientMethodArguments * arguments) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < arguments->scalarInputCount; i++) {
        sum += arguments->scalarInput[i];
    }
    if (arguments->structureInput != nullptr) {
        sum += arguments->structureInput->getLength();
    }
    for (uint32_t i = 0; i < arguments->scalarOutputCount; i++) {
        arguments->scalarOutput[i] = sum + i;
    }
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::LegacyTyped(CallsUserClient *, IOUserClientMethodArguments * arguments) {
    if (arguments->scalarInputCount < 1 || arguments->scalarOutputCount < 1) {
        return kIOReturnBadArgument;
    }
    arguments->scalarOutput[0] = arguments->scalarInput[0] * 2;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Fail(CallsUserClient *, uint32_t how) {
    const kern_return_t codes[] = {kCallsErrorBusy, kCallsErrorNotReady, kCallsErrorForeign};
    return how < 3 ? codes[how] : kIOReturnSuccess;
}

kern_return_t CallsDriver::Gone(CallsUserClient *) {
    return kIOReturnNotReady;
}

kern_return_t CallsDriver::Far(CallsUserClient *, uint32_t * selector) {
    *selector = kCallsSelectorFar;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Farther(CallsUserClient *, uint32_t * selector) {
    *selector = kCallsSelectorFarther;
    return kIOReturnSuccess;
}

void CallsDriver::OwnerLost(IOUserClient *) {
    if (ivars->releasedCount < kMaxReleased) {
        ivars->released[ivars->releasedCount++] = 1000;
    }
}
