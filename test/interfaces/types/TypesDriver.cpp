// The driver of the types: it answers with what it was given.
#include "TypesDriver.h"
#include "TypesDriverCore.h"
#include "TypesUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

struct TypesDriver_IVars {
    TypesDriverCore core;
};

bool TypesDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(TypesDriver_IVars, 1);
    return ivars != nullptr;
}

void TypesDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, TypesDriver_IVars, 1);
    super::free();
}

kern_return_t TypesDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t TypesDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

TypesDriverCore * TypesDriver::Core() {
    return &ivars->core;
}

kern_return_t TypesDriver::EchoNumbers(TypesUserClient *, const TypesVNumbers * value,
                                       TypesVNumbers * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoNarrow(TypesUserClient *, const TypesVNarrow * value,
                                      TypesVNarrow * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoNamed(TypesUserClient *, const TypesVNamed * value,
                                     TypesVNamed * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoWide(TypesUserClient *, const TypesVWide * value,
                                    TypesVWide * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoPacked(TypesUserClient *, const TypesVPacked * value,
                                      TypesVPacked * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoTiny(TypesUserClient *, const TypesVTiny * value,
                                    TypesVTiny * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoFrame(TypesUserClient *, const TypesVFrame * value,
                                     TypesVFrame * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoNetwork(TypesUserClient *, const TypesVNetwork * value,
                                       TypesVNetwork * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoPackedNetwork(TypesUserClient *, const TypesVPackedNetwork * value,
                                             TypesVPackedNetwork * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoText(TypesUserClient *, const TypesVText * value,
                                    TypesVText * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoConstant(TypesUserClient *, const TypesVConstant * value,
                                        TypesVConstant * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoNested(TypesUserClient *, const TypesVNested * value,
                                      TypesVNested * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::Scalars(
    TypesUserClient *, TypesMode mode, TypesColor color, TypesModifiers keys, TypesWide wide,
    TypesControl control, TypesWord word, uint32_t rate, uint16_t bits, uint64_t total,
    uint32_t version, TypesLevel level, TypesSigned extreme, TypesMode * modeOut,
    TypesColor * colorOut, TypesModifiers * keysOut, TypesWide * wideOut, TypesControl * controlOut,
    TypesWord * wordOut, uint32_t * rateOut, uint16_t * bitsOut, uint64_t * totalOut,
    TypesLevel * levelOut, TypesSigned * extremeOut, kern_return_t * outcome) {
    *modeOut = mode;
    *colorOut = color;
    *keysOut = keys;
    *wideOut = wide;
    *controlOut = TypesControlWithLevel(control, TypesControlGetEnabled(control) ? -1 : 1);
    *wordOut = word;
    *rateOut = rate;
    *bitsOut = bits;
    *totalOut = total;
    *levelOut = level;
    *extremeOut = extreme;
    *outcome = version == kTypesSlots ? kIOReturnBusy : kIOReturnError;
    EmitChanged(mode, control, keys, kIOReturnNotReady);
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::SetDefaults(TypesUserClient *, uint16_t rate, bool on,
                                       uint16_t * rateOut, bool * onOut) {
    *rateOut = rate;
    *onOut = on;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::EchoSingle(TypesUserClient *, const TypesVSingle * value,
                                      TypesVSingle * valueOut) {
    *valueOut = *value;
    return kIOReturnSuccess;
}

kern_return_t TypesDriver::Hello(TypesUserClient *, uint32_t version, TypesOnly * only) {
    *only = static_cast<TypesOnly>(version);
    return kIOReturnSuccess;
}

/// What no schema allows, for the client to find out.
kern_return_t TypesDriver::AnswerWrongly(TypesUserClient *, uint8_t what, TypesVConstant * value) {
    *value = {};
    value->version = what == 1 ? 4 : 3;
    memcpy(value->magic, what == 2 ? "ELSE" : "VECT", 4);
    value->mode = what == 3 ? 99 : kTypesModeOn;
    value->ready = what == 4 ? 0 : 1;
    value->scale = 0.5f;
    value->keys = kTypesModifiersBoth;
    memset(value->label, what == 5 ? 'x' : 0, sizeof value->label);
    return kIOReturnSuccess;
}

void TypesDriver::ChangedSubscribers(uint32_t) {}
