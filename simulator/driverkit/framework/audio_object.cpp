// Audio objects in general, and properties of a driver's own.
#include "audio_objects.h"

#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSString.h>

#include <algorithm>

using State = IOUserAudioObject_IVars;

bool IOUserAudioObject::init(IOUserAudioDriver * driver) {
    if (driver == nullptr || !OSObject::init()) {
        return false;
    }
    ivars = new State;
    ivars->driver = driver;
    ivars->queue = driver->GetWorkQueue();
    ivars->id = driver->_GetNextObjectID();
    return true;
}

bool IOUserAudioObject::init() {
    return false;
}

void IOUserAudioObject::free() {
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

IOUserAudioClassID IOUserAudioObject::GetClassID() {
    return IOUserAudioClassID::Object;
}

IOUserAudioClassID IOUserAudioObject::GetBaseClassID() {
    return IOUserAudioClassID::Object;
}

IOUserAudioObjectID IOUserAudioObject::GetObjectID() {
    return ivars->id;
}

IOUserAudioObjectID IOUserAudioObject::GetOwnerObjectID() {
    return ivars->owner;
}

OSSharedPtr<IODispatchQueue> IOUserAudioObject::GetWorkQueue() {
    return ivars->queue;
}

kern_return_t IOUserAudioObject::SetName(OSString * name) {
    std::lock_guard lock(ivars->lock);
    ivars->name = OSSharedPtr(name, OSRetain);
    return kIOReturnSuccess;
}

OSSharedPtr<OSString> IOUserAudioObject::GetName() {
    std::lock_guard lock(ivars->lock);
    return ivars->name;
}

namespace {

kern_return_t setNameAt(State & state, State::Names & names, State::Place place, OSString * name) {
    std::lock_guard lock(state.lock);
    if (name == nullptr) {
        names.erase(place);
    } else {
        names[place] = OSSharedPtr(name, OSRetain);
    }
    return kIOReturnSuccess;
}

OSSharedPtr<OSString> nameAt(State & state, const State::Names & names, State::Place place) {
    std::lock_guard lock(state.lock);
    auto found = names.find(place);
    return found == names.end() ? OSSharedPtr<OSString>() : found->second;
}

} // namespace

kern_return_t IOUserAudioObject::SetElementName(IOUserAudioObjectPropertyElement element,
                                                IOUserAudioObjectPropertyScope scope,
                                                OSString * name) {
    return setNameAt(*ivars, ivars->elementNames, {element, scope}, name);
}

OSSharedPtr<OSString> IOUserAudioObject::GetElementName(IOUserAudioObjectPropertyElement element,
                                                        IOUserAudioObjectPropertyScope scope) {
    return nameAt(*ivars, ivars->elementNames, {element, scope});
}

kern_return_t IOUserAudioObject::SetElementCategoryName(IOUserAudioObjectPropertyElement element,
                                                        IOUserAudioObjectPropertyScope scope,
                                                        OSString * name) {
    return setNameAt(*ivars, ivars->categoryNames, {element, scope}, name);
}

OSSharedPtr<OSString>
IOUserAudioObject::GetElementCategoryName(IOUserAudioObjectPropertyElement element,
                                          IOUserAudioObjectPropertyScope scope) {
    return nameAt(*ivars, ivars->categoryNames, {element, scope});
}

kern_return_t IOUserAudioObject::SetElementNumberName(IOUserAudioObjectPropertyElement element,
                                                      IOUserAudioObjectPropertyScope scope,
                                                      OSString * name) {
    return setNameAt(*ivars, ivars->numberNames, {element, scope}, name);
}

OSSharedPtr<OSString>
IOUserAudioObject::GetElementNumberName(IOUserAudioObjectPropertyElement element,
                                        IOUserAudioObjectPropertyScope scope) {
    return nameAt(*ivars, ivars->numberNames, {element, scope});
}

kern_return_t IOUserAudioObject::AddCustomProperty(IOUserAudioCustomProperty * property) {
    if (property == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    ivars->properties.emplace_back(property, OSRetain);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioObject::RemoveCustomProperty(IOUserAudioCustomProperty * property) {
    std::lock_guard lock(ivars->lock);
    const size_t removed = std::erase_if(
        ivars->properties, [property](auto & each) { return each.get() == property; });
    return removed != 0 ? kIOReturnSuccess : kIOReturnNotFound;
}

// ── properties of a driver's own ──

struct IOUserAudioCustomProperty_IVars {
    std::recursive_mutex lock;
    IOUserAudioObjectPropertyAddress address{};
    bool settable = false;
    IOUserAudioCustomPropertyInfo info{};
    std::vector<std::pair<OSSharedPtr<OSObject>, OSSharedPtr<OSObject>>> values; // by qualifier
};

OSSharedPtr<IOUserAudioCustomProperty> IOUserAudioCustomProperty::Create(
    IOUserAudioDriver * driver, IOUserAudioObjectPropertyAddress address, bool settable,
    IOUserAudioCustomPropertyDataType qualifier, IOUserAudioCustomPropertyDataType data) {
    OSSharedPtr<IOUserAudioCustomProperty> made(OSTypeAlloc(IOUserAudioCustomProperty), OSNoRetain);
    if (made && !made->init(driver, address, settable, qualifier, data)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioCustomProperty::init(IOUserAudioDriver * driver,
                                     IOUserAudioObjectPropertyAddress address, bool settable,
                                     IOUserAudioCustomPropertyDataType qualifier,
                                     IOUserAudioCustomPropertyDataType data) {
    if (data == IOUserAudioCustomPropertyDataType::None || !IOUserAudioObject::init(driver)) {
        return false;
    }
    ivars = new IOUserAudioCustomProperty_IVars;
    ivars->address = address;
    ivars->settable = settable;
    ivars->info = {address.mSelector, data, qualifier};
    return true;
}

void IOUserAudioCustomProperty::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioObject::free();
}

IOUserAudioClassID IOUserAudioCustomProperty::GetClassID() {
    return IOUserAudioClassID::Object;
}

namespace {

bool hasType(OSObject * value, IOUserAudioCustomPropertyDataType type) {
    switch (type) {
    case IOUserAudioCustomPropertyDataType::None:
        return value == nullptr;
    case IOUserAudioCustomPropertyDataType::String:
        return OSDynamicCast(OSString, value) != nullptr;
    case IOUserAudioCustomPropertyDataType::Dictionary:
        return OSDynamicCast(OSDictionary, value) != nullptr;
    }
    return false;
}

bool isSame(OSObject * one, OSObject * other) {
    return one == other || (one != nullptr && other != nullptr && one->isEqualTo(other));
}

} // namespace

kern_return_t
IOUserAudioCustomProperty::HandleChangeCustomPropertyDataValueWithQualifier(OSObject * qualifier,
                                                                            OSObject * data) {
    return SetQualifierAndDataValue(qualifier, data);
}

kern_return_t IOUserAudioCustomProperty::SetQualifierAndDataValue(OSObject * qualifier,
                                                                  OSObject * data) {
    if (!hasType(qualifier, ivars->info.mQualifierDataType) ||
        !hasType(data, ivars->info.mPropertyDataType)) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    for (auto & [key, value] : ivars->values) {
        if (isSame(key.get(), qualifier)) {
            value = OSSharedPtr(data, OSRetain);
            return kIOReturnSuccess;
        }
    }
    ivars->values.emplace_back(OSSharedPtr(qualifier, OSRetain), OSSharedPtr(data, OSRetain));
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioCustomProperty::GetCustomPropertyValueWithQualifier(OSObject * qualifier,
                                                                             OSObject ** data) {
    std::lock_guard lock(ivars->lock);
    for (auto & [key, value] : ivars->values) {
        if (isSame(key.get(), qualifier)) {
            value->retain();
            *data = value.get();
            return kIOReturnSuccess;
        }
    }
    return kIOReturnNotFound;
}

IOUserAudioCustomPropertyInfo IOUserAudioCustomProperty::GetCustomPropertyInfo() {
    return ivars->info;
}

kern_return_t IOUserAudioCustomProperty::AddCustomProperty(IOUserAudioCustomProperty *) {
    return kIOReturnError;
}

kern_return_t IOUserAudioCustomProperty::RemoveCustomProperty(IOUserAudioCustomProperty *) {
    return kIOReturnError;
}

kern_return_t dextsim::changeProperty(IOUserAudioCustomProperty * property, OSObject * qualifier,
                                      OSObject * data) {
    return property->IOUserAudioCustomProperty::ivars->settable
               ? property->HandleChangeCustomPropertyDataValueWithQualifier(qualifier, data)
               : kIOReturnNotPermitted;
}
