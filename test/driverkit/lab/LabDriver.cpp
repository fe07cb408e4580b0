// Life of the lab: opens its interface when it has one, and says what power it is told.
#include "lab.h"

bool LabDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(LabDriver_IVars, 1);
    return ivars != nullptr;
}

void LabDriver::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->map);
        OSSafeReleaseNULL(ivars->memory);
        OSSafeReleaseNULL(ivars->interrupt);
        OSSafeReleaseNULL(ivars->dataQueue);
    }
    IOSafeDeleteNULL(ivars, LabDriver_IVars, 1);
    super::free();
}

kern_return_t LabDriver::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->interface = OSDynamicCast(IOUSBHostInterface, provider);
    ivars->device = OSDynamicCast(IOUSBHostDevice, provider);
    if (ivars->interface != nullptr) {
        ivars->interface->retain();
        ivars->interface->CopyDevice(&ivars->device);
    } else if (ivars->device != nullptr) {
        ivars->device->retain();
    }
    return RegisterService();
}

kern_return_t LabDriver::Stop_Impl(IOService_Stop_Args) {
    if (ivars->interface != nullptr) {
        ivars->interface->Close(this, 0);
        OSSafeReleaseNULL(ivars->interface);
    } else if (ivars->device != nullptr) {
        ivars->device->Close(this, 0);
    }
    if (ivars->interrupt != nullptr) {
        ivars->interrupt->Cancel(NULL);
    }
    if (ivars->dataQueue != nullptr) {
        ivars->dataQueue->Cancel(NULL);
    }
    OSSafeReleaseNULL(ivars->ringPipe);
    OSSafeReleaseNULL(ivars->device);
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t LabDriver::NewUserClient_Impl(IOService_NewUserClient_Args) {
    (void)type; // one kind of client
    IOService * made = nullptr;
    const kern_return_t status = Create(this, "UserClientProperties", &made);
    if (status != kIOReturnSuccess) {
        return status;
    }
    *userClient = OSDynamicCast(IOUserClient, made);
    return kIOReturnSuccess;
}

// ── power ──

static uint32_t kindOf(uint32_t powerFlags) {
    return powerFlags == kIOServicePowerCapabilityOn    ? 2
           : powerFlags == kIOServicePowerCapabilityLow ? 1
                                                        : 0;
}

kern_return_t LabDriver::SetPowerState_Impl(IOService_SetPowerState_Args) {
    IOLog("lab: power 0x%x\n", powerFlags);
    if ((ivars->refusedPower >> kindOf(powerFlags) & 1) != 0) {
        return kIOReturnBusy;
    }
    return SetPowerState(powerFlags, SUPERDISPATCH);
}

kern_return_t labRefusePower(const LabCall & call) {
    call.state().refusedPower = static_cast<uint32_t>(call.in(0));
    return kIOReturnSuccess;
}

kern_return_t labChangePower(const LabCall & call) {
    return call.driver->ChangePowerState(static_cast<uint32_t>(call.in(0)));
}

// As if a power change were under way.
kern_return_t labAcknowledgePower(const LabCall & call) {
    return call.driver->SetPowerState(kIOServicePowerCapabilityOn,
                                      (OSDispatchMethod)&IOService::_Dispatch);
}

// in: how much busier the driver is; out: its state, its provider's, whether an event was sent
kern_return_t labBusy(const LabCall & call) {
    const kern_return_t status = call.driver->AdjustBusy(static_cast<int32_t>(call.in(0)));
    uint32_t own = 0;
    uint32_t above = 0;
    call.driver->GetBusyState(&own);
    call.driver->GetProvider()->GetBusyState(&above);
    OSString * const name = OSString::withCString("com.example.event");
    OSDictionary * const payload = OSDictionary::withCapacity(1);
    call.out(0, own);
    call.out(1, above);
    call.out(2, call.driver->CoreAnalyticsSendEvent(0, name, payload) == kIOReturnSuccess &&
                    call.driver->CoreAnalyticsSendEvent(1, name, payload) != kIOReturnSuccess);
    payload->release();
    name->release();
    return status;
}
