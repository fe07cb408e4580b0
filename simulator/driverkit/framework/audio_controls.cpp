// Controls: a value each, which the driver and the audio system set.
#include "audio_objects.h"

#include <DriverKit/OSString.h>

#include <algorithm>

struct IOUserAudioControl_IVars {
    bool settable;
    IOUserAudioObjectPropertyElement element;
    IOUserAudioObjectPropertyScope scope;
};

bool IOUserAudioControl::init(IOUserAudioDriver * driver, bool settable,
                              IOUserAudioObjectPropertyElement element,
                              IOUserAudioObjectPropertyScope scope) {
    if (!IOUserAudioObject::init(driver)) {
        return false;
    }
    ivars = new IOUserAudioControl_IVars{settable, element, scope};
    return true;
}

void IOUserAudioControl::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioObject::free();
}

IOUserAudioClassID IOUserAudioControl::GetClassID() {
    return IOUserAudioClassID::Control;
}

IOUserAudioClassID IOUserAudioControl::GetBaseClassID() {
    return IOUserAudioClassID::Object;
}

bool IOUserAudioControl::GetIsSettable() {
    return ivars->settable;
}

IOUserAudioObjectPropertyElement IOUserAudioControl::GetControlElement() {
    return ivars->element;
}

IOUserAudioObjectPropertyScope IOUserAudioControl::GetControlScope() {
    return ivars->scope;
}

// ── switches ──

struct IOUserAudioBooleanControl_IVars {
    std::recursive_mutex lock;
    IOUserAudioClassID classId;
    bool value;
};

OSSharedPtr<IOUserAudioBooleanControl> IOUserAudioBooleanControl::Create(
    IOUserAudioDriver * driver, bool settable, bool value, IOUserAudioObjectPropertyElement element,
    IOUserAudioObjectPropertyScope scope, IOUserAudioClassID classId) {
    OSSharedPtr<IOUserAudioBooleanControl> made(OSTypeAlloc(IOUserAudioBooleanControl), OSNoRetain);
    if (made && !made->init(driver, settable, value, element, scope, classId)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioBooleanControl::init(IOUserAudioDriver * driver, bool settable, bool value,
                                     IOUserAudioObjectPropertyElement element,
                                     IOUserAudioObjectPropertyScope scope,
                                     IOUserAudioClassID classId) {
    if (!IOUserAudioControl::init(driver, settable, element, scope)) {
        return false;
    }
    ivars = new IOUserAudioBooleanControl_IVars{};
    ivars->classId = classId;
    ivars->value = value;
    return true;
}

void IOUserAudioBooleanControl::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioControl::free();
}

IOUserAudioClassID IOUserAudioBooleanControl::GetClassID() {
    return ivars->classId;
}

IOUserAudioClassID IOUserAudioBooleanControl::GetBaseClassID() {
    return IOUserAudioClassID::BooleanControl;
}

kern_return_t IOUserAudioBooleanControl::HandleChangeControlValue(bool value) {
    return SetControlValue(value);
}

kern_return_t IOUserAudioBooleanControl::SetControlValue(bool value) {
    std::lock_guard lock(ivars->lock);
    ivars->value = value;
    return kIOReturnSuccess;
}

bool IOUserAudioBooleanControl::GetControlValue() {
    std::lock_guard lock(ivars->lock);
    return ivars->value;
}

// ── levels ──

struct IOUserAudioLevelControl_IVars {
    std::recursive_mutex lock;
    IOUserAudioClassID classId;
    float decibels;
    IOUserAudioLevelControlRange range;
};

OSSharedPtr<IOUserAudioLevelControl>
IOUserAudioLevelControl::Create(IOUserAudioDriver * driver, bool settable, float decibels,
                                IOUserAudioLevelControlRange range,
                                IOUserAudioObjectPropertyElement element,
                                IOUserAudioObjectPropertyScope scope, IOUserAudioClassID classId) {
    OSSharedPtr<IOUserAudioLevelControl> made(OSTypeAlloc(IOUserAudioLevelControl), OSNoRetain);
    if (made && !made->init(driver, settable, decibels, range, element, scope, classId)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioLevelControl::init(IOUserAudioDriver * driver, bool settable, float decibels,
                                   IOUserAudioLevelControlRange range,
                                   IOUserAudioObjectPropertyElement element,
                                   IOUserAudioObjectPropertyScope scope,
                                   IOUserAudioClassID classId) {
    if (!IOUserAudioControl::init(driver, settable, element, scope)) {
        return false;
    }
    ivars = new IOUserAudioLevelControl_IVars{};
    ivars->classId = classId;
    ivars->range = range;
    ivars->decibels = std::clamp(decibels, range.m_min, std::max(range.m_min, range.m_max));
    return true;
}

void IOUserAudioLevelControl::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioControl::free();
}

IOUserAudioClassID IOUserAudioLevelControl::GetClassID() {
    return ivars->classId;
}

IOUserAudioClassID IOUserAudioLevelControl::GetBaseClassID() {
    return IOUserAudioClassID::LevelControl;
}

kern_return_t IOUserAudioLevelControl::HandleChangeDecibelValue(float decibels) {
    return SetDecibelValue(decibels);
}

kern_return_t IOUserAudioLevelControl::HandleChangeScalarValue(float scalar) {
    return SetScalarValue(scalar);
}

float IOUserAudioLevelControl::GetDecibelValue() {
    std::lock_guard lock(ivars->lock);
    return ivars->decibels;
}

kern_return_t IOUserAudioLevelControl::SetDecibelValue(float decibels) {
    std::lock_guard lock(ivars->lock);
    ivars->decibels =
        std::clamp(decibels, ivars->range.m_min, std::max(ivars->range.m_min, ivars->range.m_max));
    return kIOReturnSuccess;
}

// Linear in decibels over the range; the curve of a Mac is its own.
float IOUserAudioLevelControl::GetScalarValue() {
    std::lock_guard lock(ivars->lock);
    const float width = ivars->range.m_max - ivars->range.m_min;
    return width > 0 ? (ivars->decibels - ivars->range.m_min) / width : 1;
}

kern_return_t IOUserAudioLevelControl::SetScalarValue(float scalar) {
    std::lock_guard lock(ivars->lock);
    const float width = ivars->range.m_max - ivars->range.m_min;
    return SetDecibelValue(ivars->range.m_min + std::clamp(scalar, 0.0f, 1.0f) * width);
}

// ── choices ──

struct IOUserAudioSelectorControl_IVars {
    std::recursive_mutex lock;
    IOUserAudioClassID classId;
    std::vector<IOUserAudioSelectorValueDescription> known;
    std::vector<IOUserAudioSelectorValue> selected;
};

OSSharedPtr<IOUserAudioSelectorControl> IOUserAudioSelectorControl::Create(
    IOUserAudioDriver * driver, bool settable, IOUserAudioObjectPropertyElement element,
    IOUserAudioObjectPropertyScope scope, IOUserAudioClassID classId) {
    OSSharedPtr<IOUserAudioSelectorControl> made(OSTypeAlloc(IOUserAudioSelectorControl),
                                                 OSNoRetain);
    if (made && !made->init(driver, settable, element, scope, classId)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioSelectorControl::init(IOUserAudioDriver * driver, bool settable,
                                      IOUserAudioObjectPropertyElement element,
                                      IOUserAudioObjectPropertyScope scope,
                                      IOUserAudioClassID classId) {
    if (!IOUserAudioControl::init(driver, settable, element, scope)) {
        return false;
    }
    ivars = new IOUserAudioSelectorControl_IVars{};
    ivars->classId = classId;
    return true;
}

void IOUserAudioSelectorControl::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioControl::free();
}

IOUserAudioClassID IOUserAudioSelectorControl::GetClassID() {
    return ivars->classId;
}

IOUserAudioClassID IOUserAudioSelectorControl::GetBaseClassID() {
    return IOUserAudioClassID::SelectorControl;
}

kern_return_t
IOUserAudioSelectorControl::HandleChangeSelectedValues(const IOUserAudioSelectorValue * values,
                                                       size_t count) {
    return SetCurrentSelectedValues(values, count);
}

size_t IOUserAudioSelectorControl::GetCurrentSelectedValues(IOUserAudioSelectorValue * values,
                                                            size_t count) {
    std::lock_guard lock(ivars->lock);
    count = std::min(count, ivars->selected.size());
    std::copy_n(ivars->selected.begin(), count, values);
    return count;
}

kern_return_t
IOUserAudioSelectorControl::SetCurrentSelectedValues(const IOUserAudioSelectorValue * values,
                                                     size_t count) {
    std::lock_guard lock(ivars->lock);
    for (size_t i = 0; i < count; ++i) {
        const bool known = std::any_of(ivars->known.begin(), ivars->known.end(),
                                       [&](auto & each) { return each.m_value == values[i]; });
        if (!known) {
            return kIOReturnBadArgument;
        }
    }
    ivars->selected.assign(values, values + count);
    return kIOReturnSuccess;
}

size_t IOUserAudioSelectorControl::GetControlValuesCount() {
    std::lock_guard lock(ivars->lock);
    return ivars->known.size();
}

size_t IOUserAudioSelectorControl::GetControlValueDescriptions(
    IOUserAudioSelectorValueDescription * descriptions, size_t count) {
    std::lock_guard lock(ivars->lock);
    count = std::min(count, ivars->known.size());
    std::copy_n(ivars->known.begin(), count, descriptions);
    return count;
}

kern_return_t IOUserAudioSelectorControl::AddControlValueDescriptions(
    const IOUserAudioSelectorValueDescription * descriptions, size_t count) {
    std::lock_guard lock(ivars->lock);
    ivars->known.insert(ivars->known.end(), descriptions, descriptions + count);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioSelectorControl::RemoveControlValueDescriptions(
    const IOUserAudioSelectorValueDescription * descriptions, size_t count) {
    std::lock_guard lock(ivars->lock);
    for (size_t i = 0; i < count; ++i) {
        std::erase_if(ivars->known,
                      [&](auto & each) { return each.m_value == descriptions[i].m_value; });
    }
    return kIOReturnSuccess;
}
