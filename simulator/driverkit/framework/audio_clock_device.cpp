// Clocks of audio devices: rates, time stamps, whether IO runs, changes that need it stopped.
#include "audio_objects.h"

#include "../runtime/workers.h"

#include <DriverKit/OSString.h>

#include <algorithm>

struct IOUserAudioClockDevice_IVars {
    std::recursive_mutex lock;
    OSSharedPtr<OSString> uid, model, manufacturer;
    bool prewarming, stable, alive, hidden, restores;
    uint32_t period, outputLatency, inputLatency, domain;
    IOUserAudioTransportType transport;
    IOUserAudioClockAlgorithm algorithm;
    IOUserAudioDeviceTransportState state;
    double rate;
    std::vector<double> rates;
    std::vector<OSSharedPtr<IOUserAudioControl>> controls;
    uint64_t sampleTime, hostTime;
};

OSSharedPtr<IOUserAudioClockDevice>
IOUserAudioClockDevice::Create(IOUserAudioDriver * driver, bool prewarming, OSString * uid,
                               OSString * model, OSString * manufacturer, uint32_t period) {
    OSSharedPtr<IOUserAudioClockDevice> made(OSTypeAlloc(IOUserAudioClockDevice), OSNoRetain);
    if (made && !made->init(driver, prewarming, uid, model, manufacturer, period)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioClockDevice::init(IOUserAudioDriver * driver, bool prewarming, OSString * uid,
                                  OSString * model, OSString * manufacturer, uint32_t period) {
    if (uid == nullptr || !IOUserAudioObject::init(driver)) {
        return false;
    }
    ivars = new IOUserAudioClockDevice_IVars{};
    ivars->uid = OSSharedPtr(uid, OSRetain);
    ivars->model = OSSharedPtr(model, OSRetain);
    ivars->manufacturer = OSSharedPtr(manufacturer, OSRetain);
    ivars->prewarming = prewarming;
    ivars->period = period;
    ivars->stable = ivars->alive = ivars->restores = true;
    ivars->algorithm = IOUserAudioClockAlgorithm::SimpleIIR;
    return true;
}

void IOUserAudioClockDevice::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioObject::free();
}

IOUserAudioClassID IOUserAudioClockDevice::GetClassID() {
    return IOUserAudioClassID::Clock;
}

IOUserAudioClassID IOUserAudioClockDevice::GetBaseClassID() {
    return IOUserAudioClassID::Object;
}

kern_return_t IOUserAudioClockDevice::StartIO(IOUserAudioStartStopFlags flags) {
    std::lock_guard lock(ivars->lock);
    ivars->state = flags == IOUserAudioStartStopFlags::Prewarm
                       ? IOUserAudioDeviceTransportState::Prewarmed
                       : IOUserAudioDeviceTransportState::Running;
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioClockDevice::StopIO(IOUserAudioStartStopFlags) {
    std::lock_guard lock(ivars->lock);
    ivars->state = IOUserAudioDeviceTransportState::Stopped;
    return kIOReturnSuccess;
}

// The system's side: later, and not on the driver's queue, which StopIO and StartIO may take.
kern_return_t IOUserAudioClockDevice::RequestDeviceConfigurationChange(uint64_t action,
                                                                       OSObject * info) {
    retain();
    if (info != nullptr) {
        info->retain();
    }
    dextsim::runOnWorker([this, action, info] {
        IOUserAudioDriver * const driver = this->IOUserAudioObject::ivars->driver;
        const bool running = GetDeviceIsRunning();
        if (running) {
            driver->StopDevice(GetObjectID(), IOUserAudioStartStopFlags::None);
        }
        PerformDeviceConfigurationChange(action, info);
        if (running) {
            driver->StartDevice(GetObjectID(), IOUserAudioStartStopFlags::None);
        }
        OSSafeRelease(info);
        release();
    });
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioClockDevice::PerformDeviceConfigurationChange(uint64_t, OSObject *) {
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioClockDevice::AbortDeviceConfigurationChange(uint64_t, OSObject *) {
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioClockDevice::HandleChangeSampleRate(double rate) {
    return SetSampleRate(rate);
}

bool IOUserAudioClockDevice::GetSupportsPrewarming() {
    return ivars->prewarming;
}

kern_return_t IOUserAudioClockDevice::SetZeroTimeStampPeriod(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->period = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioClockDevice::GetZeroTimestampPeriod() {
    std::lock_guard lock(ivars->lock);
    return ivars->period;
}

kern_return_t IOUserAudioClockDevice::SetOutputLatency(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->outputLatency = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioClockDevice::GetOutputLatency() {
    std::lock_guard lock(ivars->lock);
    return ivars->outputLatency;
}

kern_return_t IOUserAudioClockDevice::SetInputLatency(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->inputLatency = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioClockDevice::GetInputLatency() {
    std::lock_guard lock(ivars->lock);
    return ivars->inputLatency;
}

kern_return_t IOUserAudioClockDevice::SetTransportType(IOUserAudioTransportType value) {
    std::lock_guard lock(ivars->lock);
    ivars->transport = value;
    return kIOReturnSuccess;
}

IOUserAudioTransportType IOUserAudioClockDevice::GetTransportType() {
    std::lock_guard lock(ivars->lock);
    return ivars->transport;
}

kern_return_t IOUserAudioClockDevice::SetClockDomain(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->domain = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioClockDevice::GetClockDomain() {
    std::lock_guard lock(ivars->lock);
    return ivars->domain;
}

kern_return_t IOUserAudioClockDevice::SetClockAlgorithm(IOUserAudioClockAlgorithm value) {
    std::lock_guard lock(ivars->lock);
    ivars->algorithm = value;
    return kIOReturnSuccess;
}

IOUserAudioClockAlgorithm IOUserAudioClockDevice::GetClockAlgorithm() {
    std::lock_guard lock(ivars->lock);
    return ivars->algorithm;
}

kern_return_t IOUserAudioClockDevice::SetClockIsStable(bool value) {
    std::lock_guard lock(ivars->lock);
    ivars->stable = value;
    return kIOReturnSuccess;
}

bool IOUserAudioClockDevice::GetClockIsStable() {
    std::lock_guard lock(ivars->lock);
    return ivars->stable;
}

kern_return_t IOUserAudioClockDevice::SetDeviceIsAlive(bool value) {
    std::lock_guard lock(ivars->lock);
    ivars->alive = value;
    return kIOReturnSuccess;
}

bool IOUserAudioClockDevice::GetDeviceIsAlive() {
    std::lock_guard lock(ivars->lock);
    return ivars->alive;
}

kern_return_t IOUserAudioClockDevice::SetIsHidden(bool value) {
    std::lock_guard lock(ivars->lock);
    ivars->hidden = value;
    return kIOReturnSuccess;
}

bool IOUserAudioClockDevice::GetIsHidden() {
    std::lock_guard lock(ivars->lock);
    return ivars->hidden;
}

kern_return_t IOUserAudioClockDevice::SetSampleRate(double value) {
    std::lock_guard lock(ivars->lock);
    ivars->rate = value;
    return kIOReturnSuccess;
}

double IOUserAudioClockDevice::GetSampleRate() {
    std::lock_guard lock(ivars->lock);
    return ivars->rate;
}

kern_return_t IOUserAudioClockDevice::SetAvailableSampleRates(const double * rates, size_t count) {
    if (rates == nullptr || count == 0) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    ivars->rates.assign(rates, rates + count);
    return kIOReturnSuccess;
}

size_t IOUserAudioClockDevice::GetNumberAvailableSampleRates() {
    std::lock_guard lock(ivars->lock);
    return ivars->rates.size();
}

size_t IOUserAudioClockDevice::GetAvailableSampleRates(double * rates, size_t count) {
    std::lock_guard lock(ivars->lock);
    count = std::min(count, ivars->rates.size());
    std::copy_n(ivars->rates.begin(), count, rates);
    return count;
}

OSSharedPtr<OSString> IOUserAudioClockDevice::GetUID() {
    return ivars->uid;
}

bool IOUserAudioClockDevice::GetDeviceIsRunning() {
    std::lock_guard lock(ivars->lock);
    return ivars->state == IOUserAudioDeviceTransportState::Running;
}

IOUserAudioDeviceTransportState IOUserAudioClockDevice::GetDeviceTransportState() {
    std::lock_guard lock(ivars->lock);
    return ivars->state;
}

kern_return_t IOUserAudioClockDevice::AddControl(IOUserAudioControl * control) {
    if (control == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    control->IOUserAudioObject::ivars->owner = GetObjectID();
    ivars->controls.emplace_back(control, OSRetain);
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioClockDevice::RemoveControl(IOUserAudioControl * control) {
    std::lock_guard lock(ivars->lock);
    const size_t removed =
        std::erase_if(ivars->controls, [control](auto & each) { return each.get() == control; });
    return removed != 0 ? kIOReturnSuccess : kIOReturnNotFound;
}

void IOUserAudioClockDevice::UpdateCurrentZeroTimestamp(uint64_t sampleTime, uint64_t hostTime) {
    std::lock_guard lock(ivars->lock);
    ivars->sampleTime = sampleTime;
    ivars->hostTime = hostTime;
}

void IOUserAudioClockDevice::GetCurrentZeroTimestamp(uint64_t * sampleTime, uint64_t * hostTime) {
    std::lock_guard lock(ivars->lock);
    *sampleTime = ivars->sampleTime;
    *hostTime = ivars->hostTime;
}

void IOUserAudioClockDevice::GetCurrentClientSampleTime(uint64_t * input, uint64_t * output) {
    uint64_t time = 0;
    *input = *output = 0;
    if (auto * const device = OSDynamicCast(IOUserAudioDevice, this)) {
        device->GetCurrentClientIOTime(true, input, &time);
        device->GetCurrentClientIOTime(false, output, &time);
    }
}

void IOUserAudioClockDevice::SetWantsControlsRestored(bool wants) {
    ivars->restores = wants;
}

std::vector<OSSharedPtr<IOUserAudioControl>>
dextsim::audioControls(IOUserAudioClockDevice * device) {
    std::lock_guard lock(device->IOUserAudioClockDevice::ivars->lock);
    return device->IOUserAudioClockDevice::ivars->controls;
}
