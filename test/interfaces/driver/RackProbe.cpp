// A probe: reads in its own properties which personality matched, and passes on its interrupts.
#include "RackProbe.h"
#include "RackProbeClient.h"
#include "RackProbeCore.h"

#include <DriverKit/DriverKit.h>
#include <PCIDriverKit/PCIDriverKit.h>
#include <string.h>

struct RackProbe_IVars {
    RackProbeCore core;
    IOPCIDevice * device; // borrowed
    IOInterruptDispatchSource * interrupt;
};

namespace {

kern_return_t Watch(RackProbe * driver, RackProbe_IVars * ivars) {
    IODispatchQueue * queue = nullptr;
    OSAction * action = nullptr;
    kern_return_t status = driver->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    if (status == kIOReturnSuccess) {
        status = IOInterruptDispatchSource::Create(ivars->device, 0, queue, &ivars->interrupt);
    }
    OSSafeReleaseNULL(queue);
    if (status == kIOReturnSuccess) {
        status = driver->CreateActionAlarm(0, &action);
    }
    if (status == kIOReturnSuccess) {
        status = ivars->interrupt->SetHandler(action);
    }
    OSSafeReleaseNULL(action);
    return status == kIOReturnSuccess ? ivars->interrupt->SetEnable(true) : status;
}

} // namespace

bool RackProbe::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(RackProbe_IVars, 1);
    return ivars != nullptr;
}

void RackProbe::free() {
    if (ivars != nullptr) {
        StopCore();
        OSSafeReleaseNULL(ivars->interrupt);
    }
    IOSafeDeleteNULL(ivars, RackProbe_IVars, 1);
    super::free();
}

kern_return_t RackProbe::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    ivars->device = OSDynamicCast(IOPCIDevice, provider);
    if (status == kIOReturnSuccess && ivars->device == nullptr) {
        status = kIOReturnNoDevice;
    }
    if (status == kIOReturnSuccess) {
        status = ivars->device->Open(this, 0);
    }
    if (status == kIOReturnSuccess) {
        // Messages are writes of the device.
        ivars->device->ConfigurationWrite16(kIOPCIConfigurationOffsetCommand,
                                            kIOPCICommandMemorySpace | kIOPCICommandBusMaster);
        status = Watch(this, ivars);
    }
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t RackProbe::Stop_Impl(IOService * provider) {
    if (ivars->interrupt != nullptr) {
        ivars->interrupt->Cancel(nullptr);
    }
    ivars->device->Close(this, 0);
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

RackProbeCore * RackProbe::Core() {
    return &ivars->core;
}

kern_return_t RackProbe::Describe(RackProbeClient *, bool * right, uint64_t * range,
                                  bool * inverted, uint32_t * points, uint32_t * raw) {
    OSDictionary * properties = nullptr;
    const kern_return_t status = CopyProperties(&properties);
    if (status != kIOReturnSuccess) {
        return status;
    }
    OSString * side = OSDynamicCast(OSString, properties->getObject("RackSide"));
    OSNumber * number = OSDynamicCast(OSNumber, properties->getObject("RackRange"));
    OSBoolean * turned = OSDynamicCast(OSBoolean, properties->getObject("RackInverted"));
    OSDictionary * curve = OSDynamicCast(OSDictionary, properties->getObject("RackCurve"));
    OSArray * list =
        curve != nullptr ? OSDynamicCast(OSArray, curve->getObject("Points")) : nullptr;
    OSData * data = curve != nullptr ? OSDynamicCast(OSData, curve->getObject("Raw")) : nullptr;
    *right = side != nullptr && strcmp(side->getCStringNoCopy(), "right") == 0;
    *range = number != nullptr ? number->unsigned64BitValue() : 0;
    *inverted = turned == kOSBooleanTrue;
    *points = list != nullptr ? list->getCount() : 0;
    *raw = data != nullptr ? static_cast<uint32_t>(data->getLength()) : 0;
    properties->release();
    return kIOReturnSuccess;
}

void RackProbe::Alarm_Impl(OSAction *, uint64_t count, uint64_t) {
    EmitAlarm(static_cast<uint32_t>(count));
}

void RackProbe::AlarmSubscribers(uint32_t) {}
