#include "ToneDriver.h"
#include "ToneDevice.h"

#include <AudioDriverKit/AudioDriverKit.h>
#include <DriverKit/IOLib.h>
#include <os/log.h>

struct ToneDriver_IVars {
    OSSharedPtr<ToneDevice> device;
};

bool ToneDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(ToneDriver_IVars, 1);
    return ivars != nullptr;
}

void ToneDriver::free() {
    if (ivars != nullptr) {
        ivars->device.reset();
    }
    IOSafeDeleteNULL(ivars, ToneDriver_IVars, 1);
    super::free();
}

kern_return_t ToneDriver::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    OSSharedPtr<ToneDevice> device(OSTypeAlloc(ToneDevice), OSNoRetain);
    const auto uid = OSSharedPtr(OSString::withCString("ToneUID"), OSNoRetain);
    const auto model = OSSharedPtr(OSString::withCString("Tone"), OSNoRetain);
    const auto maker = OSSharedPtr(OSString::withCString("Example"), OSNoRetain);
    if (!device->init(this, false, uid.get(), model.get(), maker.get(), 480)) {
        return kIOReturnNoMemory;
    }
    device->SetName(model.get());
    ivars->device = device;
    status = AddObject(device.get());
    const auto box = IOUserAudioBox::Create(this, true, model.get());
    if (status == kIOReturnSuccess) {
        status = box->AddDevice(device.get());
    }
    if (status == kIOReturnSuccess) {
        status = AddObject(box.get());
    }
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t ToneDriver::StartDevice(IOUserAudioObjectID id, IOUserAudioStartStopFlags flags) {
    os_log(OS_LOG_DEFAULT, "tone: start");
    return super::StartDevice(id, flags);
}

kern_return_t ToneDriver::StopDevice(IOUserAudioObjectID id, IOUserAudioStartStopFlags flags) {
    os_log(OS_LOG_DEFAULT, "tone: stop");
    return super::StopDevice(id, flags);
}
