// Controls with numbers without a unit: sliders, and the place between two channels.
#include "audio_objects.h"

#include <algorithm>
#include <cmath>

struct IOUserAudioSliderControl_IVars {
    std::recursive_mutex lock;
    IOUserAudioClassID classId;
    uint32_t value;
    IOUserAudioSliderRange range;
};

OSSharedPtr<IOUserAudioSliderControl>
IOUserAudioSliderControl::Create(IOUserAudioDriver * driver, bool settable, uint32_t value,
                                 IOUserAudioSliderRange range,
                                 IOUserAudioObjectPropertyElement element,
                                 IOUserAudioObjectPropertyScope scope, IOUserAudioClassID classId) {
    OSSharedPtr<IOUserAudioSliderControl> made(OSTypeAlloc(IOUserAudioSliderControl), OSNoRetain);
    if (made && !made->init(driver, settable, value, range, element, scope, classId)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioSliderControl::init(IOUserAudioDriver * driver, bool settable, uint32_t value,
                                    IOUserAudioSliderRange range,
                                    IOUserAudioObjectPropertyElement element,
                                    IOUserAudioObjectPropertyScope scope,
                                    IOUserAudioClassID classId) {
    if (!IOUserAudioControl::init(driver, settable, element, scope)) {
        return false;
    }
    ivars = new IOUserAudioSliderControl_IVars{};
    ivars->classId = classId;
    ivars->range = range;
    SetControlValue(value);
    return true;
}

void IOUserAudioSliderControl::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioControl::free();
}

IOUserAudioClassID IOUserAudioSliderControl::GetClassID() {
    return ivars->classId;
}

IOUserAudioClassID IOUserAudioSliderControl::GetBaseClassID() {
    return IOUserAudioClassID::SliderControl;
}

kern_return_t IOUserAudioSliderControl::HandleChangeControlValue(uint32_t value) {
    return SetControlValue(value);
}

uint32_t IOUserAudioSliderControl::GetControlValue() {
    std::lock_guard lock(ivars->lock);
    return ivars->value;
}

kern_return_t IOUserAudioSliderControl::SetControlValue(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->value =
        std::clamp(value, ivars->range.m_min, std::max(ivars->range.m_min, ivars->range.m_max));
    return kIOReturnSuccess;
}

IOUserAudioSliderRange IOUserAudioSliderControl::GetRange() {
    std::lock_guard lock(ivars->lock);
    return ivars->range;
}

kern_return_t IOUserAudioSliderControl::SetRange(IOUserAudioSliderRange range) {
    std::lock_guard lock(ivars->lock);
    ivars->range = range;
    return SetControlValue(ivars->value);
}

// ── panning ──

struct IOUserAudioStereoPanControl_IVars {
    std::recursive_mutex lock;
    IOUserAudioClassID classId;
    float value;
    IOUserAudioObjectPropertyElement left, right;
};

OSSharedPtr<IOUserAudioStereoPanControl> IOUserAudioStereoPanControl::Create(
    IOUserAudioDriver * driver, bool settable, float value, IOUserAudioObjectPropertyElement left,
    IOUserAudioObjectPropertyElement right, IOUserAudioObjectPropertyElement element,
    IOUserAudioObjectPropertyScope scope, IOUserAudioClassID classId) {
    OSSharedPtr<IOUserAudioStereoPanControl> made(OSTypeAlloc(IOUserAudioStereoPanControl),
                                                  OSNoRetain);
    if (made && !made->init(driver, settable, value, left, right, element, scope, classId)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioStereoPanControl::init(IOUserAudioDriver * driver, bool settable, float value,
                                       IOUserAudioObjectPropertyElement left,
                                       IOUserAudioObjectPropertyElement right,
                                       IOUserAudioObjectPropertyElement element,
                                       IOUserAudioObjectPropertyScope scope,
                                       IOUserAudioClassID classId) {
    if (!IOUserAudioControl::init(driver, settable, element, scope)) {
        return false;
    }
    ivars = new IOUserAudioStereoPanControl_IVars{};
    ivars->classId = classId;
    ivars->left = left;
    ivars->right = right;
    SetControlValue(value);
    return true;
}

void IOUserAudioStereoPanControl::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioControl::free();
}

IOUserAudioClassID IOUserAudioStereoPanControl::GetClassID() {
    return ivars->classId;
}

IOUserAudioClassID IOUserAudioStereoPanControl::GetBaseClassID() {
    return IOUserAudioClassID::StereoPanControl;
}

kern_return_t IOUserAudioStereoPanControl::HandleChangeControlValue(float value) {
    return SetControlValue(value);
}

float IOUserAudioStereoPanControl::GetControlValue() {
    std::lock_guard lock(ivars->lock);
    return ivars->value;
}

kern_return_t IOUserAudioStereoPanControl::SetControlValue(float value) {
    std::lock_guard lock(ivars->lock);
    ivars->value = std::clamp(value, 0.0f, 1.0f);
    return kIOReturnSuccess;
}

kern_return_t
IOUserAudioStereoPanControl::SetPanningChannels(IOUserAudioObjectPropertyElement left,
                                                IOUserAudioObjectPropertyElement right) {
    std::lock_guard lock(ivars->lock);
    ivars->left = left;
    ivars->right = right;
    return kIOReturnSuccess;
}

void IOUserAudioStereoPanControl::GetPanningChannels(IOUserAudioObjectPropertyElement * left,
                                                     IOUserAudioObjectPropertyElement * right) {
    std::lock_guard lock(ivars->lock);
    *left = ivars->left;
    *right = ivars->right;
}

// ── the audio system ──

kern_return_t dextsim::changeNumber(IOUserAudioObject * object, double value) {
    if (auto * const level = OSDynamicCast(IOUserAudioLevelControl, object)) {
        return level->HandleChangeDecibelValue(static_cast<float>(value));
    }
    if (auto * const slider = OSDynamicCast(IOUserAudioSliderControl, object)) {
        return slider->HandleChangeControlValue(
            static_cast<uint32_t>(std::clamp(std::round(value), 0.0, 4294967295.0)));
    }
    auto * const pan = OSDynamicCast(IOUserAudioStereoPanControl, object);
    return pan != nullptr ? pan->HandleChangeControlValue(static_cast<float>(value))
                          : kIOReturnNotFound;
}
