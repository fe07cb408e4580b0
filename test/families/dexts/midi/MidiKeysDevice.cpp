#include "MidiKeysDevice.h"

#include <DriverKit/IOLib.h>
#include <MIDIDriverKit/MIDIDriverKit.h>
#include <os/log.h>

struct MidiKeysDevice_IVars {
    IOUserMIDIDriver * driver; // it owns this device
    OSSharedPtr<IODispatchQueue> queue;
};

constexpr uint64_t kMoreKeys = 1;
constexpr uint32_t kNoteForMore = 0x2090007f;

bool MidiKeysDevice::init(IOUserMIDIDriver * driver, OSString * device, OSString * model,
                          OSString * manufacturer) {
    if (!super::init(driver, device, model, manufacturer)) {
        return false;
    }
    ivars = IONewZero(MidiKeysDevice_IVars, 1);
    ivars->driver = driver;
    ivars->queue = GetWorkQueue();
    const auto offline = OSSharedPtr(OSNumber::withNumber(1, 32), OSNoRetain);
    return AddKeys(1, 1) == kIOReturnSuccess &&
           SetProperty(IOUserMIDIProperty::Offline, offline.get()) == kIOReturnSuccess;
}

void MidiKeysDevice::free() {
    if (ivars != nullptr) {
        ivars->queue.reset();
    }
    IOSafeDeleteNULL(ivars, MidiKeysDevice_IVars, 1);
    super::free();
}

kern_return_t MidiKeysDevice::AddKeys(uint32_t sources, uint32_t destinations) {
    const auto name = OSSharedPtr(OSString::withCString("Port"), OSNoRetain);
    const auto entity =
        IOUserMIDIEntity::Create(ivars->driver, this, name.get(),
                                 IOUserMIDIProtocolID::MIDIProtocol_1_0, sources, destinations);
    if (!entity) {
        return kIOReturnNoMemory;
    }
    if (const auto destination = entity->GetDestination(0)) {
#if __BLOCKS__
        auto block = ^kern_return_t(IOUserMIDIUMPWord const * words, size_t count) {
          return Play(words, count);
        };
        const kern_return_t status = destination->SetIOBlock(block);
        if (status != kIOReturnSuccess) {
            return status;
        }
#endif
    }
    return AddEntity(entity.get());
}

kern_return_t MidiKeysDevice::Play(const uint32_t * words, size_t count) {
    if (count == 1 && words[0] == kNoteForMore) {
        const auto info = OSSharedPtr(OSString::withCString("more"), OSNoRetain);
        return RequestDeviceConfigurationChange(kMoreKeys, info.get());
    }
    uint32_t shifted[16];
    if (count > 16) {
        return kIOReturnOverrun;
    }
    for (size_t at = 0; at < count; at += 1) {
        shifted[at] = words[at] + 0x0c00;
    }
    const auto entity = OSDynamicCast(IOUserMIDIEntity, GetEntities()->getObject(0));
    return entity->GetSource(0)->Send(shifted, count);
}

kern_return_t MidiKeysDevice::StartIO() {
#if __BLOCKS__
    __block kern_return_t status = kIOReturnSuccess;
    ivars->queue->DispatchSync(^{
      status = super::StartIO();
    });
#else
    const kern_return_t status = super::StartIO();
#endif
    os_log(OS_LOG_DEFAULT, "midi: device %u starts", GetObjectID());
    const auto online = OSSharedPtr(OSNumber::withNumber(uint64_t{0}, 32), OSNoRetain);
    SetProperty(IOUserMIDIProperty::Offline, online.get());
    return status;
}

kern_return_t MidiKeysDevice::StopIO() {
    os_log(OS_LOG_DEFAULT, "midi: device %u stops", GetObjectID());
    return super::StopIO();
}

kern_return_t MidiKeysDevice::PerformDeviceConfigurationChange(uint64_t changeAction,
                                                               OSObject * changeInfo) {
    const auto info = OSDynamicCast(OSString, changeInfo);
    if (changeAction != kMoreKeys || info == nullptr) {
        return super::PerformDeviceConfigurationChange(changeAction, changeInfo);
    }
    os_log(OS_LOG_DEFAULT, "midi: %{public}s, running %d", info->getCStringNoCopy(),
           GetDeviceIsRunning());
    return AddKeys(2, 0);
}

// ── what a driver finds out about its objects, told by the line that is not so ──

#define EXPECT(condition)                                                                          \
    if (!(condition)) {                                                                            \
        os_log(OS_LOG_DEFAULT, "midi: line %d is not so", __LINE__);                               \
        return kIOReturnInternalError;                                                             \
    }

static kern_return_t CheckProperties(IOUserMIDIObject * object) {
    using Property = IOUserMIDIProperty;
    IOUserMIDIPropertyType type = IOUserMIDIPropertyType::Data;
    EXPECT(object->GetPropertyType(Property::MaxSysExSpeed, &type) == kIOReturnSuccess);
    EXPECT(type == IOUserMIDIPropertyType::Number);
    EXPECT(object->GetPropertyType(Property::NameConfiguration, &type) == kIOReturnSuccess);
    EXPECT(type == IOUserMIDIPropertyType::Dictionary);
    EXPECT(object->GetPropertyType(static_cast<Property>(7), &type) == kIOReturnUnsupported);

    const auto speed = OSSharedPtr(OSNumber::withNumber(39000, 32), OSNoRetain);
    const auto text = OSSharedPtr(OSString::withCString("red"), OSNoRetain);
    const auto key = OSSharedPtr(OSString::withCString("maxSysExSpeed"), OSNoRetain);
    const auto own = OSSharedPtr(OSString::withCString("colour"), OSNoRetain);
    OSSharedPtr<OSObject> value;
    EXPECT(object->CopyProperty(Property::MaxSysExSpeed, value.attach()) == kIOReturnNotFound);
    EXPECT(object->SetProperty(Property::MaxSysExSpeed, text.get()) == kIOReturnBadArgument);
    EXPECT(object->SetProperty(key.get(), text.get()) == kIOReturnBadArgument);
    EXPECT(object->SetProperty(key.get(), speed.get()) == kIOReturnSuccess);
    EXPECT(object->CopyProperty(Property::MaxSysExSpeed, value.attach()) == kIOReturnSuccess);
    EXPECT(value == speed);
    EXPECT(object->SetProperty(own.get(), text.get()) == kIOReturnSuccess);
    EXPECT(object->CopyProperty(own.get(), value.attach()) == kIOReturnSuccess && value == text);
    EXPECT(object->GetProperties()->getObject("colour") == text.get());
    return kIOReturnSuccess;
}

static kern_return_t CheckParts(MidiKeysDevice * device, IOUserMIDIDriver * driver) {
    const auto entity = OSDynamicCast(IOUserMIDIEntity, device->GetEntities()->getObject(0));
    const auto source = entity->GetSource(0);
    EXPECT(entity->GetBaseClassID() == IOUserMIDIClassID::Object && !entity->GetSource(1));
    EXPECT(source->GetClassID() == IOUserMIDIClassID::Source);
    EXPECT(source->GetBaseClassID() == IOUserMIDIClassID::Endpoint);
    EXPECT(entity->GetOwnerObjectID() == device->GetObjectID());
    EXPECT(source->GetOwnerObjectID() == entity->GetObjectID());
    EXPECT(device->GetOwnerObjectID() == kIOUserMIDIObjectIDDriver);
    EXPECT(driver->GetMIDIObjectForObjectID(source->GetObjectID()) == source);
    EXPECT(entity->AddSource(source.get()) == kIOReturnBadArgument);
    EXPECT(entity->RemoveSource(source.get()) == kIOReturnSuccess);
    EXPECT(entity->RemoveSource(source.get()) == kIOReturnNotFound);
    EXPECT(!driver->GetMIDIObjectForObjectID(source->GetObjectID()));
    EXPECT(entity->AddSource(source.get()) == kIOReturnSuccess);

    // A device's properties hold those of its entities, and so on.
    const auto name = OSSharedPtr(OSString::withCString("Lower keys"), OSNoRetain);
    const auto inner = OSSharedPtr(OSDictionary::withCapacity(1), OSNoRetain);
    inner->setObject("name", name.get());
    const auto list = OSSharedPtr(OSArray::withCapacity(1), OSNoRetain);
    list->setObject(inner.get());
    const auto outer = OSSharedPtr(OSDictionary::withCapacity(1), OSNoRetain);
    outer->setObject("entities", list.get());
    EXPECT(device->SetProperties(outer.get()) == kIOReturnSuccess);
    EXPECT(entity->GetName()->isEqualTo(name.get()));

    const uint32_t word = 0x20903c7f;
    EXPECT(source->Send(&word, 0) == kIOReturnBadArgument);
    EXPECT(source->Send(&word, 1) == kIOReturnNotReady);
    return kIOReturnSuccess;
}

kern_return_t MidiKeysDevice::CheckObjects() {
    const kern_return_t status = CheckProperties(this);
    return status == kIOReturnSuccess ? CheckParts(this, ivars->driver) : status;
}
