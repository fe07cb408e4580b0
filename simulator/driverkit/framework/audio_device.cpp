// Audio devices: streams, and the driver's handler of IO operations.
#include "audio_objects.h"

#include <algorithm>
#include <array>
#include <functional>
#include <tuple>

#if __BLOCKS__
#include <Block.h>
#include <memory>
#endif

using Handler =
    std::function<kern_return_t(IOUserAudioObjectID, const dextsim::AudioOperation & operation)>;

struct IOUserAudioDevice_IVars {
    std::recursive_mutex lock;
    std::vector<OSSharedPtr<IOUserAudioStream>> streams;
    bool defaultInput = true, defaultOutput = true, defaultSystem = true, restores = true;
    uint32_t inputOffset = 0, outputOffset = 0;
    std::array<uint32_t, 2> stereo{1, 2};
    std::vector<IOUserAudioChannelLabel> inputLayout, outputLayout;
    Handler handler;
    std::array<std::pair<uint64_t, uint64_t>, 2> reached{}; // by operation: sample and host time
};

namespace {

#if __BLOCKS__
Handler keep(IOOperationHandler block) {
    if (block == nullptr) {
        return {};
    }
    std::shared_ptr<void> copy(reinterpret_cast<void *>(Block_copy(block)), [](void * each) {
        Block_release(reinterpret_cast<IOOperationHandler>(each));
    });
    return [copy](IOUserAudioObjectID id, const dextsim::AudioOperation & each) {
        return reinterpret_cast<IOOperationHandler>(copy.get())(id, each.operation, each.frames,
                                                                each.sampleTime, each.hostTime);
    };
}
#else
Handler keep(IOOperationHandler) {
    return {};
}
#endif

} // namespace

OSSharedPtr<IOUserAudioDevice> IOUserAudioDevice::Create(IOUserAudioDriver * driver,
                                                         bool prewarming, OSString * uid,
                                                         OSString * model, OSString * manufacturer,
                                                         uint32_t period) {
    OSSharedPtr<IOUserAudioDevice> made(OSTypeAlloc(IOUserAudioDevice), OSNoRetain);
    if (made && !made->init(driver, prewarming, uid, model, manufacturer, period)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioDevice::init(IOUserAudioDriver * driver, bool prewarming, OSString * uid,
                             OSString * model, OSString * manufacturer, uint32_t period) {
    if (!IOUserAudioClockDevice::init(driver, prewarming, uid, model, manufacturer, period)) {
        return false;
    }
    ivars = new IOUserAudioDevice_IVars;
    return true;
}

void IOUserAudioDevice::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioClockDevice::free();
}

IOUserAudioClassID IOUserAudioDevice::GetClassID() {
    return IOUserAudioClassID::Device;
}

IOUserAudioClassID IOUserAudioDevice::GetBaseClassID() {
    return IOUserAudioClassID::Clock;
}

kern_return_t IOUserAudioDevice::StartIO(IOUserAudioStartStopFlags flags) {
    std::lock_guard lock(ivars->lock);
    for (auto & stream : ivars->streams) {
        if (const kern_return_t status = stream->StartIO(flags); status != kIOReturnSuccess) {
            return status;
        }
    }
    return IOUserAudioClockDevice::StartIO(flags);
}

kern_return_t IOUserAudioDevice::StopIO(IOUserAudioStartStopFlags flags) {
    std::lock_guard lock(ivars->lock);
    for (auto & stream : ivars->streams) {
        stream->StopIO(flags);
    }
    return IOUserAudioClockDevice::StopIO(flags);
}

kern_return_t IOUserAudioDevice::PerformDeviceConfigurationChange(uint64_t action,
                                                                  OSObject * info) {
    return IOUserAudioClockDevice::PerformDeviceConfigurationChange(action, info);
}

kern_return_t IOUserAudioDevice::AbortDeviceConfigurationChange(uint64_t action, OSObject * info) {
    return IOUserAudioClockDevice::AbortDeviceConfigurationChange(action, info);
}

kern_return_t IOUserAudioDevice::HandleChangeSampleRate(double rate) {
    return IOUserAudioClockDevice::HandleChangeSampleRate(rate);
}

kern_return_t IOUserAudioDevice::SetCanBeDefaultInputDevice(bool value) {
    std::lock_guard lock(ivars->lock);
    ivars->defaultInput = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioDevice::CanBeDefaultInputDevice() {
    std::lock_guard lock(ivars->lock);
    return ivars->defaultInput;
}

kern_return_t IOUserAudioDevice::SetCanBeDefaultOutputDevice(bool value) {
    std::lock_guard lock(ivars->lock);
    ivars->defaultOutput = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioDevice::CanBeDefaultOutputDevice() {
    std::lock_guard lock(ivars->lock);
    return ivars->defaultOutput;
}

kern_return_t IOUserAudioDevice::SetCanBeDefaultSystemOutputDevice(bool value) {
    std::lock_guard lock(ivars->lock);
    ivars->defaultSystem = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioDevice::CanBeDefaultSystemOutputDevice() {
    std::lock_guard lock(ivars->lock);
    return ivars->defaultSystem;
}

kern_return_t IOUserAudioDevice::SetInputSafetyOffset(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->inputOffset = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioDevice::GetInputSafetyOffset() {
    std::lock_guard lock(ivars->lock);
    return ivars->inputOffset;
}

kern_return_t IOUserAudioDevice::SetOutputSafetyOffset(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->outputOffset = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioDevice::GetOutputSafetyOffset() {
    std::lock_guard lock(ivars->lock);
    return ivars->outputOffset;
}

kern_return_t IOUserAudioDevice::SetPreferredChannelsForStereo(uint32_t left, uint32_t right) {
    std::lock_guard lock(ivars->lock);
    ivars->stereo = {left, right};
    return kIOReturnSuccess;
}

void IOUserAudioDevice::GetPreferredChannelsForStereo(uint32_t * left, uint32_t * right) {
    std::lock_guard lock(ivars->lock);
    *left = ivars->stereo[0];
    *right = ivars->stereo[1];
}

kern_return_t IOUserAudioDevice::SetPreferredOutputChannelLayout(IOUserAudioChannelLabel * labels,
                                                                 size_t count) {
    std::lock_guard lock(ivars->lock);
    ivars->outputLayout.assign(labels, labels + count);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioDevice::SetPreferredInputChannelLayout(IOUserAudioChannelLabel * labels,
                                                                size_t count) {
    std::lock_guard lock(ivars->lock);
    ivars->inputLayout.assign(labels, labels + count);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioDevice::AddStream(IOUserAudioStream * stream) {
    if (stream == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    stream->IOUserAudioObject::ivars->owner = GetObjectID();
    ivars->streams.emplace_back(stream, OSRetain);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioDevice::RemoveStream(IOUserAudioStream * stream) {
    std::lock_guard lock(ivars->lock);
    const size_t removed =
        std::erase_if(ivars->streams, [stream](auto & each) { return each.get() == stream; });
    return removed != 0 ? kIOReturnSuccess : kIOReturnNotFound;
}

kern_return_t IOUserAudioDevice::SetIOOperationHandler(IOOperationHandler handler) {
    std::lock_guard lock(ivars->lock);
    ivars->handler = keep(handler);
    return kIOReturnSuccess;
}

void IOUserAudioDevice::GetCurrentClientIOTime(bool input, uint64_t * sampleTime,
                                               uint64_t * hostTime) {
    std::lock_guard lock(ivars->lock);
    std::tie(*sampleTime, *hostTime) = ivars->reached[input ? 0 : 1];
}

void IOUserAudioDevice::SetWantsStreamFormatsRestored(bool wants) {
    ivars->restores = wants;
}

// ── the system's side ──

kern_return_t dextsim::performOperation(IOUserAudioDevice * device, const AudioOperation & what) {
    IOUserAudioDevice_IVars & state = *device->IOUserAudioDevice::ivars;
    Handler handler;
    {
        std::lock_guard lock(state.lock);
        handler = state.handler;
        if (what.operation < state.reached.size()) {
            state.reached[what.operation] = {what.sampleTime + what.frames, what.hostTime};
        }
    }
    if (!device->GetDeviceIsRunning()) {
        return kIOReturnNotReady;
    }
    return handler ? handler(device->GetObjectID(), what) : kIOReturnUnsupported;
}

kern_return_t dextsim::changeRate(IOUserAudioDevice * device, double rate) {
    IOUserAudioDriver * const driver = device->IOUserAudioObject::ivars->driver;
    const bool running = device->GetDeviceIsRunning();
    if (running) {
        driver->StopDevice(device->GetObjectID(), IOUserAudioStartStopFlags::None);
    }
    const kern_return_t status = device->HandleChangeSampleRate(rate);
    IOUserAudioDevice_IVars & state = *device->IOUserAudioDevice::ivars;
    for (auto & stream : state.streams) {
        if (status == kIOReturnSuccess) {
            stream->DeviceSampleRateChanged(rate);
        }
    }
    if (running) {
        driver->StartDevice(device->GetObjectID(), IOUserAudioStartStopFlags::None);
    }
    return status;
}

std::vector<OSSharedPtr<IOUserAudioStream>> dextsim::audioStreams(IOUserAudioDevice * device) {
    std::lock_guard lock(device->IOUserAudioDevice::ivars->lock);
    return device->IOUserAudioDevice::ivars->streams;
}
