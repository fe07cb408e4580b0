#include "MidiKeys.h"
#include "MidiKeysDevice.h"

#include <MIDIDriverKit/MIDIDriverKit.h>
#include <os/log.h>

struct MidiKeys_IVars {
    OSSharedPtr<MidiKeysDevice> device;
};

bool MidiKeys::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(MidiKeys_IVars, 1);
    return ivars != nullptr;
}

void MidiKeys::free() {
    if (ivars != nullptr) {
        ivars->device.reset();
    }
    IOSafeDeleteNULL(ivars, MidiKeys_IVars, 1);
    super::free();
}

kern_return_t MidiKeys::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    const auto name = OSSharedPtr(OSString::withCString("Keys"), OSNoRetain);
    const auto model = OSSharedPtr(OSString::withCString("Keys 61"), OSNoRetain);
    const auto maker = OSSharedPtr(OSString::withCString("Example"), OSNoRetain);
    SetName(name.get());
    ivars->device = OSSharedPtr(OSTypeAlloc(MidiKeysDevice), OSNoRetain);
    if (!ivars->device->init(this, name.get(), model.get(), maker.get()) ||
        !GetName()->isEqualTo(name.get())) {
        return kIOReturnNoMemory;
    }
    status = AddObject(ivars->device.get());
    if (status == kIOReturnSuccess) {
        status = ivars->device->CheckObjects();
    }
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t MidiKeys::Stop_Impl(IOService * provider) {
    RemoveObject(ivars->device.get());
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t MidiKeys::NewUserClient_Impl(uint32_t type, IOUserClient ** userClient) {
    return type == kIOUserMIDIDriverUserClientType ? NewUserClient(type, userClient, SUPERDISPATCH)
                                                   : kIOReturnUnsupported;
}

kern_return_t MidiKeys::StartIO(OSArray * deviceList) {
    os_log(OS_LOG_DEFAULT, "midi: start with %u", deviceList->getCount());
    const kern_return_t status = super::StartIO(deviceList);
    return status == kIOReturnSuccess ? ivars->device->StartIO() : status;
}

kern_return_t MidiKeys::StopIO() {
    os_log(OS_LOG_DEFAULT, "midi: stop");
    ivars->device->StopIO();
    return super::StopIO();
}
