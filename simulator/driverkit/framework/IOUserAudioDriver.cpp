// The driver of audio devices, and the audio system's connection to it.
#include "audio_objects.h"

#include "../runtime/log.h"

#include <AudioDriverKit/IOUserAudioDriverUserClient.h>
#include <DriverKit/OSString.h>

#include <algorithm>
#include <bit>
#include <string>

using namespace dextsim;

struct IOUserAudioDriver_IVars {
    std::recursive_mutex lock;
    OSSharedPtr<IODispatchQueue> queue;
    std::vector<OSSharedPtr<IOUserAudioObject>> objects;
    std::vector<OSSharedPtr<IOUserAudioCustomProperty>> properties;
    OSSharedPtr<OSString> name;
    IOUserAudioTransportType transport = IOUserAudioTransportType::Unknown;
    IOUserAudioObjectID last = kIOUserAudioObjectIDDriver;
};

bool IOUserAudioDriver::init() {
    if (!IOService::init()) {
        return false;
    }
    ivars = new IOUserAudioDriver_IVars;
    // Drivers wait for this queue on itself: StartDevice, on it, calls StartIO, which waits for it
    // again.
    return IODispatchQueue::Create("AudioDriverKit", kIODispatchQueueReentrant, 0,
                                   ivars->queue.attach()) == kIOReturnSuccess &&
           SetDispatchQueue(kIOServiceDefaultQueueName, ivars->queue.get()) == kIOReturnSuccess;
}

void IOUserAudioDriver::free() {
    delete ivars;
    ivars = nullptr;
    IOService::free();
}

kern_return_t IOUserAudioDriver::Start_Impl(IOService_Start_Args) {
    linkAudioCalls();
    return Start(provider, SUPERDISPATCH);
}

// Objects refer to the driver, so they go first.
kern_return_t IOUserAudioDriver::Stop_Impl(IOService_Stop_Args) {
    std::vector<OSSharedPtr<IOUserAudioObject>> objects;
    {
        std::lock_guard lock(ivars->lock);
        objects.swap(ivars->objects);
        ivars->properties.clear();
    }
    objects.clear();
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t IOUserAudioDriver::NewUserClient_Impl(IOService_NewUserClient_Args) {
    if (type != kIOUserAudioDriverUserClientType) {
        return kIOReturnBadArgument;
    }
    IOService * made = nullptr;
    const kern_return_t status = Create(this, "IOUserAudioDriverUserClientProperties", &made);
    if (status == kIOReturnSuccess) {
        *userClient = OSDynamicCast(IOUserAudioDriverUserClient, made);
    }
    return status;
}

IOUserAudioClassID IOUserAudioDriver::GetClassID() {
    return IOUserAudioClassID::Driver;
}

IOUserAudioClassID IOUserAudioDriver::GetBaseClassID() {
    return IOUserAudioClassID::Object;
}

OSSharedPtr<IODispatchQueue> IOUserAudioDriver::GetWorkQueue() {
    return ivars->queue;
}

kern_return_t IOUserAudioDriver::SetTransportType(IOUserAudioTransportType value) {
    std::lock_guard lock(ivars->lock);
    ivars->transport = value;
    return kIOReturnSuccess;
}

IOUserAudioTransportType IOUserAudioDriver::GetTransportType() {
    std::lock_guard lock(ivars->lock);
    return ivars->transport;
}

kern_return_t IOUserAudioDriver::SetName(OSString * name) {
    std::lock_guard lock(ivars->lock);
    ivars->name = OSSharedPtr(name, OSRetain);
    return kIOReturnSuccess;
}

OSSharedPtr<OSString> IOUserAudioDriver::GetName() {
    std::lock_guard lock(ivars->lock);
    return ivars->name;
}

kern_return_t IOUserAudioDriver::StartDevice(IOUserAudioObjectID id,
                                             IOUserAudioStartStopFlags flags) {
    const auto object = GetAudioObjectForObjectID(id);
    auto * const device = OSDynamicCast(IOUserAudioClockDevice, object.get());
    return device != nullptr ? device->StartIO(flags) : kIOReturnBadArgument;
}

kern_return_t IOUserAudioDriver::StopDevice(IOUserAudioObjectID id,
                                            IOUserAudioStartStopFlags flags) {
    const auto object = GetAudioObjectForObjectID(id);
    auto * const device = OSDynamicCast(IOUserAudioClockDevice, object.get());
    return device != nullptr ? device->StopIO(flags) : kIOReturnBadArgument;
}

OSSharedPtr<IOUserAudioObject>
IOUserAudioDriver::GetAudioObjectForObjectID(IOUserAudioObjectID id) {
    std::lock_guard lock(ivars->lock);
    for (auto & each : ivars->objects) {
        if (each->GetObjectID() == id) {
            return each;
        }
    }
    return nullptr;
}

kern_return_t IOUserAudioDriver::AddObject(IOUserAudioObject * object) {
    if (object == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    ivars->objects.emplace_back(object, OSRetain);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioDriver::RemoveObject(IOUserAudioObject * object) {
    std::lock_guard lock(ivars->lock);
    const size_t removed =
        std::erase_if(ivars->objects, [object](auto & each) { return each.get() == object; });
    return removed != 0 ? kIOReturnSuccess : kIOReturnNotFound;
}

// Nobody caches properties here.
kern_return_t IOUserAudioDriver::PropertiesChanged(IOUserAudioObjectID,
                                                   IOUserAudioObjectPropertySelector * properties,
                                                   uint32_t count) {
    return properties != nullptr && count != 0 ? kIOReturnSuccess : kIOReturnBadArgument;
}

kern_return_t IOUserAudioDriver::AddCustomProperty(IOUserAudioCustomProperty * property) {
    std::lock_guard lock(ivars->lock);
    ivars->properties.emplace_back(property, OSRetain);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioDriver::RemoveCustomProperty(IOUserAudioCustomProperty * property) {
    std::lock_guard lock(ivars->lock);
    const size_t removed = std::erase_if(
        ivars->properties, [property](auto & each) { return each.get() == property; });
    return removed != 0 ? kIOReturnSuccess : kIOReturnNotFound;
}

IOUserAudioObjectID IOUserAudioDriver::_GetNextObjectID() {
    std::lock_guard lock(ivars->lock);
    return ++ivars->last;
}

std::vector<OSSharedPtr<IOUserAudioObject>> dextsim::audioObjects(IOUserAudioDriver * driver) {
    std::lock_guard lock(driver->IOUserAudioDriver::ivars->lock);
    return driver->IOUserAudioDriver::ivars->objects;
}

std::vector<OSSharedPtr<IOUserAudioCustomProperty>>
dextsim::audioProperties(IOUserAudioDriver * driver) {
    std::lock_guard lock(driver->IOUserAudioDriver::ivars->lock);
    return driver->IOUserAudioDriver::ivars->properties;
}

// ── the audio system's connection ──

struct IOUserAudioDriverUserClient_IVars {
    OSSharedPtr<IOUserAudioDriver> driver;
};

bool IOUserAudioDriverUserClient::init() {
    ivars = new IOUserAudioDriverUserClient_IVars;
    return IOUserClient::init();
}

void IOUserAudioDriverUserClient::free() {
    delete ivars;
    ivars = nullptr;
    IOUserClient::free();
}

kern_return_t IOUserAudioDriverUserClient::Start_Impl(IOService_Start_Args) {
    ivars->driver = OSSharedPtr(OSDynamicCast(IOUserAudioDriver, provider), OSRetain);
    return ivars->driver ? Start(provider, SUPERDISPATCH) : kIOReturnBadArgument;
}

// A device whose listener has gone stops.
kern_return_t IOUserAudioDriverUserClient::Stop_Impl(IOService_Stop_Args) {
    for (auto & object : audioObjects(ivars->driver.get())) {
        auto * const device = OSDynamicCast(IOUserAudioClockDevice, object.get());
        if (device != nullptr && device->GetDeviceIsRunning()) {
            ivars->driver->StopDevice(device->GetObjectID(), IOUserAudioStartStopFlags::None);
        }
    }
    ivars->driver.reset();
    return Stop(provider, SUPERDISPATCH);
}

namespace {

enum Selector : uint64_t { kDevices, kStart, kStop, kOperate, kRate, kChangeRate };

kern_return_t listDevices(IOUserAudioDriver * driver, IOUserClientMethodArguments & arguments) {
    uint32_t count = 0;
    for (auto & object : audioObjects(driver)) {
        if (OSDynamicCast(IOUserAudioDevice, object.get()) != nullptr &&
            count < arguments.scalarOutputCount) {
            arguments.scalarOutput[count++] = object->GetObjectID();
        }
    }
    arguments.scalarOutputCount = count;
    return kIOReturnSuccess;
}

kern_return_t callDevice(IOUserAudioDriver * driver, uint64_t selector,
                         IOUserClientMethodArguments & arguments) {
    const uint64_t * const in = arguments.scalarInput;
    const auto id = static_cast<IOUserAudioObjectID>(in[0]);
    const auto object = driver->GetAudioObjectForObjectID(id);
    auto * const device = OSDynamicCast(IOUserAudioDevice, object.get());
    const uint64_t second = arguments.scalarInputCount > 1 ? in[1] : 0;
    const auto flag = static_cast<IOUserAudioStartStopFlags>(second);
    if (device == nullptr) {
        return kIOReturnBadArgument;
    }
    switch (selector) {
    case kStart:
        return driver->StartDevice(id, flag);
    case kStop:
        return driver->StopDevice(id, flag);
    case kOperate:
        return performOperation(device, {static_cast<IOUserAudioIOOperation>(second),
                                         static_cast<uint32_t>(in[2]), in[3], in[4]});
    case kRate:
        if (arguments.scalarOutputCount != 0) {
            arguments.scalarOutput[0] = std::bit_cast<uint64_t>(device->GetSampleRate());
        }
        return kIOReturnSuccess;
    case kChangeRate:
        return changeRate(device, std::bit_cast<double>(second));
    default:
        return kIOReturnUnsupported;
    }
}

} // namespace

kern_return_t IOUserAudioDriverUserClient::ExternalMethod(uint64_t selector,
                                                          IOUserClientMethodArguments * arguments,
                                                          const IOUserClientMethodDispatch *,
                                                          OSObject *, void *) {
    constexpr uint32_t kCounts[] = {0, 2, 2, 5, 1, 2};
    if (selector >= std::size(kCounts)) {
        return kIOReturnUnsupported;
    }
    if (arguments->scalarInputCount != kCounts[selector]) {
        return kIOReturnBadArgument;
    }
    return selector == kDevices ? listDevices(ivars->driver.get(), *arguments)
                                : callDevice(ivars->driver.get(), selector, *arguments);
}
