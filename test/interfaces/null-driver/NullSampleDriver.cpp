// A driver without a device: adds one to what it is given, answers requests through the callback of
// the client that asked, and fires a timer for each.
#include "NullSampleDriver.h"
#include "NullSampleDriverCore.h"
#include "NullSampleRecords.h"
#include "NullSampleUserClient.h"

#include <DriverKit/IODispatchQueue.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOTimerDispatchSource.h>
#include <DriverKit/IOUserClient.h>
#include <DriverKit/OSAction.h>
#include <time.h>

namespace {

constexpr uint64_t kDelayNanoseconds = 10'000'000;

} // namespace

struct NullSampleDriver_IVars {
    NullSampleDriverCore core;
    IOTimerDispatchSource * timer;
    OSAction * occurred;
    NullSampleDataStruct last;
};

bool NullSampleDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(NullSampleDriver_IVars, 1);
    return ivars != nullptr;
}

void NullSampleDriver::free() {
    if (ivars != nullptr) {
        StopCore();
        OSSafeReleaseNULL(ivars->timer);
        OSSafeReleaseNULL(ivars->occurred);
    }
    IOSafeDeleteNULL(ivars, NullSampleDriver_IVars, 1);
    super::free();
}

kern_return_t NullSampleDriver::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IODispatchQueue * queue = nullptr;
    status = CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    if (status == kIOReturnSuccess) {
        status = IOTimerDispatchSource::Create(queue, &ivars->timer);
    }
    OSSafeReleaseNULL(queue);
    if (status == kIOReturnSuccess) {
        status = CreateActionTimerOccurred(0, &ivars->occurred);
    }
    if (status == kIOReturnSuccess) {
        status = ivars->timer->SetHandler(ivars->occurred);
    }
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t NullSampleDriver::Stop_Impl(IOService * provider) {
    if (ivars->timer != nullptr) {
        ivars->timer->Cancel(nullptr);
    }
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

void NullSampleDriver::TimerOccurred_Impl(OSAction *, uint64_t) {
    EmitFired(nullptr, ivars->last.foo, ivars->last.bar);
}

NullSampleDriverCore * NullSampleDriver::Core() {
    return &ivars->core;
}

/// As many out as the caller asked for: each is the input of its place, and one.
kern_return_t NullSampleDriver::ExternalScalar(NullSampleUserClient *,
                                               IOUserClientMethodArguments * arguments) {
    for (uint32_t i = 0; i < arguments->scalarOutputCount; i++) {
        const uint64_t in = i < arguments->scalarInputCount ? arguments->scalarInput[i] : 0;
        arguments->scalarOutput[i] = in + 1;
    }
    return kIOReturnSuccess;
}

kern_return_t NullSampleDriver::ExternalStruct(NullSampleUserClient *,
                                               const NullSampleOversizedReader * value,
                                               NullSampleOversizedWriter * valueOut) {
    NullSampleOversizedHead head = value->Head();
    head.foo++;
    head.bar++;
    valueOut->PutHead(head);
    for (uint64_t i = 0; i < value->LargeCount(); i++) {
        const uint64_t element = value->Large(i);
        valueOut->AddLarge(&element, 1);
    }
    return kIOReturnSuccess;
}

kern_return_t NullSampleDriver::CheckedScalar(NullSampleUserClient *, const uint64_t * values,
                                              uint64_t * valuesOut) {
    for (uint32_t i = 0; i < 16; i++) {
        valuesOut[i] = values[i] + 1;
    }
    return kIOReturnSuccess;
}

kern_return_t NullSampleDriver::CheckedStruct(NullSampleUserClient *,
                                              const NullSampleDataStruct * value,
                                              NullSampleDataStruct * valueOut) {
    *valueOut = {.foo = value->foo + 1, .bar = value->bar + 1};
    return kIOReturnSuccess;
}

kern_return_t NullSampleDriver::AsyncRequest(NullSampleUserClient * client,
                                             const NullSampleDataStruct * value) {
    EmitAnswered(client, value->foo + 1, value->bar + 1);
    ivars->last = {.foo = value->foo + 2, .bar = value->bar + 2};
    return ivars->timer->WakeAtTime(kIOTimerClockUptimeRaw,
                                    clock_gettime_nsec_np(CLOCK_UPTIME_RAW) + kDelayNanoseconds, 0);
}

kern_return_t NullSampleDriver::SubscribeAnswered(NullSampleUserClient *,
                                                  const NullSampleDataStruct * value,
                                                  NullSampleDataStruct * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

void NullSampleDriver::AnsweredSubscribers(uint32_t) {}
