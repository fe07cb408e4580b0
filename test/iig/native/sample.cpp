// The driver's author's part of Sample.iig.
#include "sample.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSData.h>
#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSString.h>
#include <cstring>

SampleRecord gRecord;

bool SampleService::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(SampleService_IVars, 1);
    return ivars != nullptr;
}

void SampleService::free() {
    IOSafeDeleteNULL(ivars, SampleService_IVars, 1);
    gRecord.freed++;
    super::free();
}

kern_return_t IMPL(SampleService, Start) {
    gRecord.order += "S";
    return Start(provider, SUPERDISPATCH);
}

kern_return_t SampleService::Stop_Impl(IOService * provider) {
    gRecord.order += "T";
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t SampleService::SetProperties_Impl(OSDictionary * properties) {
    gRecord.properties = properties->getCount();
    return kIOReturnSuccess;
}

kern_return_t IMPL(SampleService, Describe) {
    *doubled = static_cast<uint64_t>(mode) * 2;
    *text = OSString::withCString(label);
    return kIOReturnSuccess;
}

kern_return_t IMPL(SampleService, Sum) {
    *sum = 0;
    for (uint32_t i = 0; i < valuesCount; i++) {
        *sum += values[i];
    }
    return kIOReturnSuccess;
}

kern_return_t IMPL(SampleService, Fill) {
    const uint32_t room = *valuesCount;
    for (uint32_t i = 0; i < 4; i++) {
        values[i] = static_cast<uint16_t>(10 + i);
    }
    *valuesCount = room + 1; // more than there is room for: clamped
    return kIOReturnSuccess;
}

kern_return_t IMPL(SampleService, Swap) {
    *out = {in->second, static_cast<uint32_t>(in->first)};
    return kIOReturnSuccess;
}

kern_return_t SampleService::Identify_Impl(OSObject * object, uint32_t times) {
    return object == this && times == 1 ? kIOReturnSuccess : kIOReturnBadArgument;
}

kern_return_t IMPL(SampleService, Fail) {
    *untouched = 99;
    return kIOReturnBusy;
}

bool IMPL(SampleService, IsReady) {
    return true;
}

uint32_t IMPL(SampleService, Level) {
    return 7;
}

kern_return_t IMPL(SampleService, OnSide) {
    IODispatchQueue * side = nullptr;
    const kern_return_t status = CopyDispatchQueue("Side", &side);
    *onSide = side != nullptr && side->OnQueue();
    OSSafeReleaseNULL(side);
    return status;
}

kern_return_t IMPL(SampleService, Count) {
    *count = gRecord.freed;
    return kIOReturnSuccess;
}

int SampleService::Visit(SampleVisitor visitor, void * context) {
    return visitor(context, 5);
}

int SampleService::Call(int (*function)(int), int value) {
    return function(value);
}

int SampleService::Kind() {
    return 1;
}

void IMPL(SampleService, Done) {
    std::lock_guard lock(gRecord.lock);
    IODispatchQueue * queue = nullptr;
    CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    gRecord.onQueue = queue->OnQueue();
    queue->release();
    gRecord.status = status;
    gRecord.bytes = actualByteCount;
    gRecord.time = completionTimestamp;
    memcpy(&gRecord.reference, action->GetReference(), sizeof gRecord.reference);
    gRecord.callbacks++;
    gRecord.called.notify_all();
}

void SampleService::Ticked_Impl(OSAction *, uint64_t time) {
    std::lock_guard lock(gRecord.lock);
    gRecord.time = time;
    gRecord.ticks++;
    gRecord.called.notify_all();
}

kern_return_t SampleDerived::Start_Impl(IOService * provider) {
    gRecord.order += "D";
    return Start(provider, SUPERDISPATCH);
}

kern_return_t IMPL(SampleDerived, Describe) {
    const kern_return_t status = Describe(mode, label, doubled, text, SUPERDISPATCH);
    *doubled += 1;
    return status;
}

kern_return_t SampleDerived::Abstract_Impl() {
    return kIOReturnNoSpace;
}

int SampleDerived::Kind() {
    return 10 + super::Kind();
}

// What the call looked like from inside; what it returns is set by the test.
kern_return_t SampleClient::ExternalMethod(uint64_t selector,
                                           IOUserClientMethodArguments * arguments,
                                           const IOUserClientMethodDispatch *, OSObject *, void *) {
    Seen & seen = gRecord.seen;
    seen = {};
    seen.selector = selector;
    seen.scalars = arguments->scalarInputCount;
    seen.hasInput = arguments->structureInput != nullptr;
    seen.inputLength = seen.hasInput ? arguments->structureInput->getLength() : 0;
    seen.outputMaximum = arguments->structureOutputMaximumSize;
    seen.hasCompletion = arguments->completion != nullptr;
    if (arguments->structureInputDescriptor != nullptr) {
        arguments->structureInputDescriptor->GetLength(&seen.descriptorLength);
    }
    if (gRecord.keepCompletion && arguments->completion != nullptr) {
        arguments->completion->retain();
        gRecord.completion = arguments->completion;
    }
    for (uint32_t i = 0; i < arguments->scalarOutputCount; i++) {
        arguments->scalarOutput[i] = 100 + i;
    }
    if (gRecord.outputScalars >= 0) {
        arguments->scalarOutputCount = static_cast<uint32_t>(gRecord.outputScalars);
    }
    if (gRecord.outputLength >= 0) {
        static const char bytes[8192] = {'o', 'u', 't'};
        arguments->structureOutput =
            OSData::withBytes(bytes, static_cast<size_t>(gRecord.outputLength));
    }
    if (gRecord.useRow) {
        return super::ExternalMethod(selector, arguments, gRecord.row, this, &gRecord);
    }
    return gRecord.result;
}

kern_return_t SampleClient::CopyClientMemoryForType_Impl(uint64_t, uint64_t *,
                                                         IOMemoryDescriptor **) {
    return kIOReturnBadArgument;
}
