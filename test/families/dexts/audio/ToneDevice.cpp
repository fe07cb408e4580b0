#include "ToneDevice.h"

#include <AudioDriverKit/AudioDriverKit.h>
#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/OSNumber.h>
#include <mach/mach_time.h>
#include <os/log.h>

namespace {
constexpr uint64_t kChangeRate = 7;
constexpr uint32_t kFrames = 960; // of the ring: two periods
constexpr uint32_t kFrameBytes = 4;
constexpr double kRates[] = {44100, 48000, 96000};
constexpr IOUserAudioObjectPropertySelector kColour = 0x636f6c72; // 'colr'
} // namespace

struct ToneDevice_IVars {
    IOUserAudioDriver * driver; // it holds the device
    OSSharedPtr<IOUserAudioStream> output, input;
    OSSharedPtr<IOUserAudioBooleanControl> mute;
    OSSharedPtr<IOUserAudioLevelControl> level;
    uint8_t * outputBytes; // of the streams' memory
    uint8_t * inputBytes;
    OSSharedPtr<IOTimerDispatchSource> timer;
    OSSharedPtr<OSAction> action;
    uint64_t deadline, ticks;
    uint64_t sampleTime;
};

bool ToneDevice::init(IOUserAudioDriver * driver, bool prewarming, OSString * uid, OSString * model,
                      OSString * maker, uint32_t period) {
    if (!super::init(driver, prewarming, uid, model, maker, period)) {
        return false;
    }
    ivars = IONewZero(ToneDevice_IVars, 1);
    ivars->driver = driver;
    SetAvailableSampleRates(kRates, 3);
    SetSampleRate(48000);
    if (AddStreams() != kIOReturnSuccess || AddControlsAndProperty() != kIOReturnSuccess) {
        return false;
    }
    IOTimerDispatchSource * timer = nullptr;
    OSAction * action = nullptr;
    if (IOTimerDispatchSource::Create(GetWorkQueue().get(), &timer) != kIOReturnSuccess ||
        CreateActionClockTicked(0, &action) != kIOReturnSuccess) {
        return false;
    }
    ivars->timer = OSSharedPtr(timer, OSNoRetain);
    ivars->action = OSSharedPtr(action, OSNoRetain);
    timer->SetHandler(action);
    return true;
}

void ToneDevice::free() {
    if (ivars != nullptr) {
        ivars->output.reset();
        ivars->input.reset();
        ivars->mute.reset();
        ivars->level.reset();
        ivars->timer.reset();
        ivars->action.reset();
    }
    IOSafeDeleteNULL(ivars, ToneDevice_IVars, 1);
    super::free();
}

kern_return_t ToneDevice::AddStreams() {
    IOUserAudioStreamBasicDescription formats[3] = {};
    for (size_t i = 0; i < 3; i++) {
        formats[i] = {kRates[i],
                      IOUserAudioFormatID::LinearPCM,
                      IOUserAudioFormatFlags::FormatFlagsNativeEndian,
                      kFrameBytes,
                      1,
                      kFrameBytes,
                      2,
                      16,
                      0};
    }
    OSSharedPtr<IOUserAudioStream> * const streams[] = {&ivars->output, &ivars->input};
    uint8_t ** const bytes[] = {&ivars->outputBytes, &ivars->inputBytes};
    for (size_t i = 0; i < 2; i++) {
        IOBufferMemoryDescriptor * memory = nullptr;
        kern_return_t status = IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut,
                                                                kFrames * kFrameBytes, 0, &memory);
        if (status != kIOReturnSuccess) {
            return status;
        }
        IOAddressSegment range = {};
        memory->GetAddressRange(&range);
        *bytes[i] = reinterpret_cast<uint8_t *>(range.address);
        *streams[i] = IOUserAudioStream::Create(ivars->driver,
                                                i == 0 ? IOUserAudioStreamDirection::Output
                                                       : IOUserAudioStreamDirection::Input,
                                                memory);
        memory->release();
        (*streams[i])->SetAvailableStreamFormats(formats, 3);
        (*streams[i])->SetCurrentStreamFormat(&formats[1]);
        status = AddStream(streams[i]->get());
        if (status != kIOReturnSuccess) {
            return status;
        }
    }
    // Handlers are blocks, which clang has.
#if __BLOCKS__
    return SetIOOperationHandler(^kern_return_t(IOUserAudioObjectID, IOUserAudioIOOperation what,
                                                uint32_t frames, uint64_t sampleTime, uint64_t) {
      if (what == IOUserAudioIOOperationWriteEnd) {
          Hear(frames, sampleTime);
      }
      return kIOReturnSuccess;
    });
#else
    return kIOReturnSuccess;
#endif
}

// What was played is heard, at its place in the ring.
void ToneDevice::Hear(uint32_t frames, uint64_t sampleTime) {
    for (uint32_t i = 0; i < frames * kFrameBytes; i++) {
        const uint64_t at = (sampleTime * kFrameBytes + i) % (kFrames * kFrameBytes);
        ivars->inputBytes[at] =
            ivars->mute->GetControlValue() ? uint8_t{0} : ivars->outputBytes[at];
    }
}

kern_return_t ToneDevice::AddControlsAndProperty() {
    IOUserAudioDriver * const driver = ivars->driver;
    ivars->mute = IOUserAudioBooleanControl::Create(
        driver, true, false, IOUserAudioObjectPropertyElementMain,
        IOUserAudioObjectPropertyScope::Output, IOUserAudioClassID::MuteControl);
    ivars->level = IOUserAudioLevelControl::Create(
        driver, true, -6.0f, {-96.0f, 0.0f}, IOUserAudioObjectPropertyElementMain,
        IOUserAudioObjectPropertyScope::Output, IOUserAudioClassID::VolumeControl);
    AddControl(ivars->mute.get());
    AddControl(ivars->level.get());
    const auto slider = IOUserAudioSliderControl::Create(
        driver, true, 3, {1, 10}, IOUserAudioObjectPropertyElementMain,
        IOUserAudioObjectPropertyScope::Output, IOUserAudioClassID::SliderControl);
    const auto pan = IOUserAudioStereoPanControl::Create(
        driver, true, 0.5f, 1, 2, IOUserAudioObjectPropertyElementMain,
        IOUserAudioObjectPropertyScope::Output, IOUserAudioClassID::StereoPanControl);
    AddControl(slider.get());
    AddControl(pan.get());
    for (const bool settable : {true, false}) {
        const auto property = IOUserAudioCustomProperty::Create(
            driver,
            {settable ? kColour : kColour + 1, IOUserAudioObjectPropertyScope::Global,
             IOUserAudioObjectPropertyElementMain},
            settable, IOUserAudioCustomPropertyDataType::String,
            IOUserAudioCustomPropertyDataType::String);
        const auto where = OSSharedPtr(OSString::withCString("front"), OSNoRetain);
        const auto colour = OSSharedPtr(OSString::withCString("red"), OSNoRetain);
        property->SetQualifierAndDataValue(where.get(), colour.get());
        const kern_return_t status = AddCustomProperty(property.get());
        if (status != kIOReturnSuccess) {
            return status;
        }
    }
    return kIOReturnSuccess;
}

void ToneDevice::Arm() {
    ivars->deadline += ivars->ticks;
    ivars->timer->WakeAtTime(kIOTimerClockMachAbsoluteTime, ivars->deadline, 0);
}

kern_return_t ToneDevice::StartIO(IOUserAudioStartStopFlags flags) {
    const kern_return_t status = super::StartIO(flags);
    if (status != kIOReturnSuccess) {
        return status;
    }
    GetWorkQueue()->DispatchSync_f(
        this, [](void * device) { static_cast<ToneDevice *>(device)->StartClock(); });
    return kIOReturnSuccess;
}

void ToneDevice::StartClock() {
    mach_timebase_info_data_t base;
    mach_timebase_info(&base);
    const double nanoseconds = GetZeroTimestampPeriod() * 1e9 / GetSampleRate();
    ivars->ticks = static_cast<uint64_t>(nanoseconds * base.denom / base.numer);
    ivars->deadline = mach_absolute_time();
    ivars->sampleTime = 0;
    UpdateCurrentZeroTimestamp(0, ivars->deadline);
    Arm();
}

kern_return_t ToneDevice::StopIO(IOUserAudioStartStopFlags flags) {
    return super::StopIO(flags);
}

void ToneDevice::ClockTicked_Impl(OSAction *, uint64_t) {
    if (GetDeviceIsRunning()) {
        ivars->sampleTime += GetZeroTimestampPeriod();
        UpdateCurrentZeroTimestamp(ivars->sampleTime, ivars->deadline);
        Arm();
    }
}

// The highest rate needs another configuration.
kern_return_t ToneDevice::HandleChangeSampleRate(double rate) {
    if (rate != kRates[2]) {
        return SetSampleRate(rate);
    }
    const auto wanted =
        OSSharedPtr(OSNumber::withNumber(static_cast<uint64_t>(rate), 64), OSNoRetain);
    return RequestDeviceConfigurationChange(kChangeRate, wanted.get());
}

kern_return_t ToneDevice::PerformDeviceConfigurationChange(uint64_t action, OSObject * info) {
    auto * const rate = OSDynamicCast(OSNumber, info);
    if (action != kChangeRate || rate == nullptr) {
        return super::PerformDeviceConfigurationChange(action, info);
    }
    os_log(OS_LOG_DEFAULT, "tone: configured for %llu, running %d", rate->unsigned64BitValue(),
           GetDeviceIsRunning());
    return SetSampleRate(static_cast<double>(rate->unsigned64BitValue()));
}
