// The driver of the Layouts interface: it gives back what it gets, written member by member.
#include "LayoutsDriver.h"
#include "LayoutsDriverCore.h"
#include "LayoutsUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

struct LayoutsDriver_IVars {
    LayoutsDriverCore core;
};

bool LayoutsDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(LayoutsDriver_IVars, 1);
    return ivars != nullptr;
}

void LayoutsDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, LayoutsDriver_IVars, 1);
    super::free();
}

kern_return_t LayoutsDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t LayoutsDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

LayoutsDriverCore * LayoutsDriver::Core() {
    return &ivars->core;
}

kern_return_t LayoutsDriver::EchoBoth(LayoutsUserClient *, const LayoutsBoth * value,
                                      LayoutsBoth * valueOut) {
    // Padding that a careless driver leaves must not reach the app.
    memset(valueOut, 0xEE, sizeof(*valueOut));
    valueOut->head.a = value->head.a;
    valueOut->head.b = value->head.b;
    valueOut->head.c = value->head.c;
    valueOut->id = value->id;
    valueOut->tail.a = value->tail.a;
    valueOut->tail.b = value->tail.b;
    valueOut->tail.c = value->tail.c;
    valueOut->tail.d = value->tail.d;
    memcpy(valueOut->tail.e, value->tail.e, sizeof(value->tail.e));
    return kIOReturnSuccess;
}

kern_return_t LayoutsDriver::EchoList(LayoutsUserClient *, const LayoutsListReader * value,
                                      LayoutsListWriter * valueOut) {
    valueOut->PutHead(value->Head());
    for (uint64_t i = 0; i < value->IdsCount(); i++) {
        valueOut->AddIds(value->Ids(i));
    }
    for (uint64_t i = 0; i < value->RestCount(); i++) {
        valueOut->AddRest(value->Rest(i));
    }
    return kIOReturnSuccess;
}

kern_return_t LayoutsDriver::EchoSwitches(LayoutsUserClient *, const LayoutsSwitches * value,
                                          LayoutsSwitches * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t LayoutsDriver::EchoSamples(LayoutsUserClient *, const LayoutsSamplesReader * value,
                                         LayoutsSamplesWriter * valueOut) {
    valueOut->PutHead({});
    for (uint64_t i = 0; i < value->LevelsCount(); i++) {
        valueOut->AddLevels(value->Levels(i));
    }
    for (uint64_t i = 0; i < value->FlagsCount(); i++) {
        valueOut->AddFlags(value->Flags(i));
    }
    valueOut->AddBytesPart(value->BytesPart(), value->BytesPartLength());
    return kIOReturnSuccess;
}

kern_return_t LayoutsDriver::Negate(LayoutsUserClient *, uint32_t on, uint8_t usual,
                                    uint32_t * off) {
    *off = on != 0 && usual != 0 ? 0 : 1;
    return kIOReturnSuccess;
}

kern_return_t LayoutsDriver::TakeTwo(LayoutsUserClient *, const LayoutsTwo * value, uint32_t * b) {
    *b = value->b;
    return kIOReturnSuccess;
}

kern_return_t LayoutsDriver::TakeCounted(LayoutsUserClient *, const LayoutsCountedReader * value,
                                         uint32_t * sum) {
    for (uint64_t i = 0; i < value->ValuesLength(); i++) {
        *sum += value->Values()[i];
    }
    return kIOReturnSuccess;
}
