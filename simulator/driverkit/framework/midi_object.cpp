// MIDI objects in general: ids, owners, properties.
#include "midi_objects.h"

#include "../library/containers.h"

#include <algorithm>
#include <array>
#include <string_view>

using namespace dextsim;
using Property = IOUserMIDIProperty;
using Type = IOUserMIDIPropertyType;

namespace {

struct Row {
    Property property;
    Type type;
    const char * name;
};

constexpr Row kRows[] = {
    {Property::Name, Type::String, "name"},
    {Property::Manufacturer, Type::String, "manufacturer"},
    {Property::Model, Type::String, "model"},
    {Property::UniqueID, Type::Number, "uniqueID"},
    {Property::DeviceID, Type::Number, "deviceID"},
    {Property::ReceiveChannels, Type::Number, "receiveChannels"},
    {Property::TransmitChannels, Type::Number, "transmitChannels"},
    {Property::MaxSysExSpeed, Type::Number, "maxSysExSpeed"},
    {Property::AdvanceScheduleTimeMuSec, Type::Number, "scheduleAheadMuSec"},
    {Property::IsEmbeddedEntity, Type::Number, "embedded"},
    {Property::IsBroadcast, Type::Number, "broadcast"},
    {Property::SingleRealtimeEntity, Type::Number, nullptr},
    {Property::ConnectionUniqueID, Type::Number, "connUniqueID"},
    {Property::Offline, Type::Number, "offline"},
    {Property::Private, Type::Number, "private"},
    {Property::DriverOwner, Type::String, "driver"},
    {Property::FactoryPatchNameFile, Type::Data, "factoryPatchFile"},
    {Property::UserPatchNameFile, Type::Data, "userPatchFile"},
    {Property::NameConfiguration, Type::Dictionary, "nameConfiguration"},
    {Property::NameConfigurationDictionary, Type::Dictionary, nullptr},
    {Property::Image, Type::String, "image"},
    {Property::DriverVersion, Type::Number, "driverVersion"},
    {Property::SupportsGeneralMIDI, Type::Number, "supports General MIDI"},
    {Property::SupportsMMC, Type::Number, "supports MMC"},
    {Property::CanRoute, Type::Number, "can route"},
    {Property::ReceivesClock, Type::Number, "receives clock"},
    {Property::ReceivesMTC, Type::Number, "receives MTC"},
    {Property::ReceivesNotes, Type::Number, "receives notes"},
    {Property::ReceivesProgramChanges, Type::Number, "receives program changes"},
    {Property::ReceivesBankSelectMSB, Type::Number, "receives bank select MSB"},
    {Property::ReceivesBankSelectLSB, Type::Number, "receives bank select LSB"},
    {Property::TransmitsClock, Type::Number, "transmits clock"},
    {Property::TransmitsMTC, Type::Number, "transmits MTC"},
    {Property::TransmitsNotes, Type::Number, "transmits notes"},
    {Property::TransmitsProgramChanges, Type::Number, "transmits program changes"},
    {Property::TransmitsBankSelectMSB, Type::Number, "transmits bank select MSB"},
    {Property::TransmitsBankSelectLSB, Type::Number, "transmits bank select LSB"},
    {Property::PanDisruptsStereo, Type::Number, "pan disrupts stereo"},
    {Property::IsSampler, Type::Number, "is sampler"},
    {Property::IsDrumMachine, Type::Number, "is drum machine"},
    {Property::IsMixer, Type::Number, "is mixer"},
    {Property::IsEffectUnit, Type::Number, "is effect unit"},
    {Property::MaxReceiveChannels, Type::Number, nullptr},
    {Property::MaxTransmitChannels, Type::Number, nullptr},
    {Property::DriverDeviceEditorApp, Type::String, nullptr},
    {Property::SupportsShowControl, Type::Number, nullptr},
    {Property::DisplayName, Type::String, nullptr},
    {Property::ProtocolID, Type::Number, nullptr},
    {Property::UMPActiveGroupBitmap, Type::Number, nullptr},
    {Property::UMPCanTransmitGroupless, Type::Number, nullptr},
    {Property::AssociatedEndpoint, Type::Number, nullptr},
};

const Row * rowOf(Property property) {
    const Row * const row =
        std::ranges::find_if(kRows, [=](const Row & each) { return each.property == property; });
    return row == std::end(kRows) ? nullptr : row;
}

const Row * rowNamed(std::string_view name) {
    const Row * const row = std::ranges::find_if(
        kRows, [=](const Row & each) { return midiPropertyName(each.property) == name; });
    return row == std::end(kRows) ? nullptr : row;
}

bool hasType(OSObject * value, const Row & row) {
    switch (row.type) {
    case Type::String:
        return OSDynamicCast(OSString, value) != nullptr;
    case Type::Number: // connections to several objects are a list of numbers
        return OSDynamicCast(OSNumber, value) != nullptr ||
               (row.property == Property::ConnectionUniqueID && OSDynamicCast(OSData, value));
    case Type::Dictionary:
        return OSDynamicCast(OSDictionary, value) != nullptr;
    case Type::Data:
        return OSDynamicCast(OSData, value) != nullptr;
    }
    return false;
}

kern_return_t copyNamed(const IOUserMIDIObject_IVars & object, const std::string & name,
                        OSObject ** value) {
    if (value == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(object.state->lock);
    const auto found = object.properties.find(name);
    if (found == object.properties.end()) {
        *value = nullptr;
        return kIOReturnNotFound;
    }
    *value = OSSharedPtr<OSObject>(found->second).detach();
    return kIOReturnSuccess;
}

void setNamed(IOUserMIDIObject_IVars & object, const std::string & name, OSObject * value) {
    std::lock_guard lock(object.state->lock);
    object.properties[name] = OSSharedPtr(value, OSRetain);
}

} // namespace

std::string dextsim::midiPropertyName(Property property) {
    const Row * const row = rowOf(property);
    if (row != nullptr && row->name != nullptr) {
        return row->name;
    }
    const auto code = static_cast<uint32_t>(property);
    return {static_cast<char>(code >> 24), static_cast<char>(code >> 16),
            static_cast<char>(code >> 8), static_cast<char>(code)};
}

bool IOUserMIDIObject::init(IOUserMIDIDriver * driver) {
    if (driver == nullptr || !OSObject::init()) {
        return false;
    }
    ivars = new IOUserMIDIObject_IVars;
    ivars->state = midiState(driver);
    ivars->id = driver->_GetNextObjectID();
    return true;
}

bool IOUserMIDIObject::init() {
    return false;
}

void IOUserMIDIObject::free() {
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

IOUserMIDIClassID IOUserMIDIObject::GetClassID() const {
    return IOUserMIDIClassID::Object;
}

IOUserMIDIClassID IOUserMIDIObject::GetBaseClassID() const {
    return IOUserMIDIClassID::Object;
}

IOUserMIDIObjectID IOUserMIDIObject::GetObjectID() const {
    return ivars->id;
}

IOUserMIDIObjectID IOUserMIDIObject::GetOwnerObjectID() const {
    std::lock_guard lock(ivars->state->lock);
    return ivars->owner;
}

OSSharedPtr<IODispatchQueue> IOUserMIDIObject::GetWorkQueue() const {
    return ivars->state->queue;
}

kern_return_t IOUserMIDIObject::SetName(OSString * name) {
    return SetProperty(Property::Name, name);
}

OSSharedPtr<OSString> IOUserMIDIObject::GetName() const {
    std::lock_guard lock(ivars->state->lock);
    const auto found = ivars->properties.find(midiPropertyName(Property::Name));
    OSObject * const name = found == ivars->properties.end() ? nullptr : found->second.get();
    return OSSharedPtr(OSDynamicCast(OSString, name), OSRetain);
}

OSSharedPtr<OSDictionary> IOUserMIDIObject::GetProperties() const {
    std::lock_guard lock(ivars->state->lock);
    OSSharedPtr properties(OSDictionary::withCapacity(8), OSNoRetain);
    for (const auto & [name, value] : ivars->properties) {
        properties->setObject(name.c_str(), value.get());
    }
    return properties;
}

kern_return_t IOUserMIDIObject::SetProperties(OSDictionary * properties) {
    if (properties == nullptr) {
        return kIOReturnBadArgument;
    }
    for (const auto & [key, value] : properties->ivars->entries) {
        const kern_return_t status = SetProperty(OSDynamicCast(OSString, key), value);
        if (status != kIOReturnSuccess) {
            return status;
        }
    }
    return kIOReturnSuccess;
}

kern_return_t IOUserMIDIObject::GetPropertyType(Property property, Type * type) const {
    const Row * const row = rowOf(property);
    if (row == nullptr || type == nullptr) {
        return row == nullptr ? kIOReturnUnsupported : kIOReturnBadArgument;
    }
    *type = row->type;
    return kIOReturnSuccess;
}

kern_return_t IOUserMIDIObject::CopyProperty(Property property, OSObject ** value) const {
    return rowOf(property) == nullptr ? kIOReturnUnsupported
                                      : copyNamed(*ivars, midiPropertyName(property), value);
}

kern_return_t IOUserMIDIObject::CopyProperty(OSString * key, OSObject ** value) const {
    return key == nullptr ? kIOReturnBadArgument
                          : copyNamed(*ivars, key->getCStringNoCopy(), value);
}

kern_return_t IOUserMIDIObject::SetProperty(Property property, OSObject * value) {
    const Row * const row = rowOf(property);
    if (row == nullptr) {
        return kIOReturnUnsupported;
    }
    if (!hasType(value, *row)) {
        return kIOReturnBadArgument;
    }
    setNamed(*ivars, midiPropertyName(property), value);
    return kIOReturnSuccess;
}

kern_return_t IOUserMIDIObject::SetProperty(OSString * key, OSObject * value) {
    if (key == nullptr || OSDynamicCast(OSContainer, value) == nullptr) {
        return kIOReturnBadArgument;
    }
    if (const Row * const row = rowNamed(key->getCStringNoCopy()); row != nullptr) {
        return SetProperty(row->property, value);
    }
    setNamed(*ivars, key->getCStringNoCopy(), value);
    return kIOReturnSuccess;
}

kern_return_t dextsim::setEach(OSObject * dictionaries,
                               const std::vector<OSSharedPtr<IOUserMIDIObject>> & objects) {
    auto * const array = OSDynamicCast(OSArray, dictionaries);
    if (array == nullptr) {
        return kIOReturnBadArgument;
    }
    for (uint32_t at = 0; at < objects.size() && at < array->getCount(); at += 1) {
        const kern_return_t status =
            objects[at]->SetProperties(OSDynamicCast(OSDictionary, array->getObject(at)));
        if (status != kIOReturnSuccess) {
            return status;
        }
    }
    return kIOReturnSuccess;
}
