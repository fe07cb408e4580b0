// What the Scope does: it begins and ends with its device, reads packets while somebody follows
// them, and answers the calls that dispatch/ScopeUserClient.cpp has already checked. Transfers are
// reader.cpp's, vendor requests device.cpp's.
#include "ScopeDriver.h"
#include "ScopeDriverCore.h"
#include "ScopeUserClient.h"
#include "capture.h"
#include "device.h"
#include "log.h"
#include "reader.h"

#include <DriverKit/IODispatchQueue.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOTimerDispatchSource.h>
#include <DriverKit/OSAction.h>
#include <USBDriverKit/IOUSBHostInterface.h>
#include <os/log.h>
#include <time.h>

namespace {

constexpr uint64_t kSelfTestNanoseconds = 200'000'000;

} // namespace

struct ScopeDriver_IVars {
    ScopeDriverCore core;
    scope::Device device;
    IOTimerDispatchSource * timer;
    OSAction * elapsed;
    IOService * stopProvider; // retained while Stop waits for the last transfer
    ScopeCaptureBuffer * capture;
    scope::Reader reader;
    scope::Settings settings;
    bool stopping;
    uint64_t selfTest; // the call that waits, or 0
    scope::Log log;
};

namespace {

void NoteFailure(ScopeDriver_IVars * ivars, const char * what, kern_return_t status) {
    os_log(OS_LOG_DEFAULT, "Scope: %{public}s failed: 0x%x", what, static_cast<uint32_t>(status));
    scope::NoteCode(&ivars->log, what, static_cast<uint32_t>(status));
}

kern_return_t Noted(ScopeDriver_IVars * ivars, const char * what, kern_return_t status) {
    if (status != kIOReturnSuccess) {
        NoteFailure(ivars, what, status);
    }
    return status;
}

void Deliver(ScopeDriver * driver, ScopeDriver_IVars * ivars, const ScopePacket * packets,
             uint32_t count) {
    if (count > 0) {
        scope::AddToCapture(ivars->capture, ivars->settings, packets, count);
        driver->EmitPacket(packets, count);
    }
}

/// Ends the reading, whatever the reason.
void StopReading(ScopeDriver * driver, ScopeDriver_IVars * ivars, kern_return_t reason) {
    if (ivars->reader.reading) {
        scope::StopReader(&ivars->reader, driver);
        scope::NoteCode(&ivars->log, "sampling stopped", static_cast<uint32_t>(reason));
        driver->EmitState(false, static_cast<uint32_t>(reason));
    }
}

void StartReading(ScopeDriver * driver, ScopeDriver_IVars * ivars) {
    if (ivars->reader.reading || ivars->stopping || ivars->reader.pipe == nullptr) {
        return;
    }
    scope::Note(&ivars->log, "sampling", ivars->settings.sampleRate, " Hz");
    driver->EmitState(true, 0);
    const kern_return_t status = scope::StartReader(&ivars->reader);
    if (status != kIOReturnSuccess) {
        NoteFailure(ivars, "starting to read", status);
        StopReading(driver, ivars, status);
    }
}

kern_return_t MakeTimer(ScopeDriver * driver, ScopeDriver_IVars * ivars) {
    IODispatchQueue * queue = nullptr;
    kern_return_t status = driver->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    if (status == kIOReturnSuccess) {
        status = IOTimerDispatchSource::Create(queue, &ivars->timer);
    }
    OSSafeReleaseNULL(queue);
    if (status == kIOReturnSuccess) {
        status = driver->CreateActionSelfTestElapsed(0, &ivars->elapsed);
    }
    return status == kIOReturnSuccess ? ivars->timer->SetHandler(ivars->elapsed) : status;
}

/// Every step tolerates what a failed Start or an unplug left (contract §10.3).
void ReleaseAll(ScopeDriver * driver, ScopeDriver_IVars * ivars) {
    if (ivars->timer != nullptr) {
        ivars->timer->Cancel(nullptr);
    }
    OSSafeReleaseNULL(ivars->timer);
    OSSafeReleaseNULL(ivars->elapsed);
    scope::CloseReader(&ivars->reader);
    scope::CloseDevice(&ivars->device, driver);
    ivars->capture = nullptr;
}

} // namespace

bool ScopeDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(ScopeDriver_IVars, 1);
    return ivars != nullptr;
}

void ScopeDriver::free() {
    if (ivars != nullptr) {
        StopCore();
        IOSafeDeleteNULL(ivars, ScopeDriver_IVars, 1);
    }
    super::free();
}

kern_return_t ScopeDriver::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOUSBHostInterface * interface = OSDynamicCast(IOUSBHostInterface, provider);
    if (interface == nullptr) {
        return kIOReturnBadArgument;
    }
    ivars->settings = {.sampleRate = scope::NearestRate(50'000), .gain = 1};
    status = scope::OpenDevice(&ivars->device, this, interface);
    if (status == kIOReturnSuccess) {
        status = scope::OpenReader(&ivars->reader, this, interface);
    }
    if (status == kIOReturnSuccess) {
        status = MakeTimer(this, ivars);
    }
    if (status == kIOReturnSuccess) {
        status = MapCapture(&ivars->capture);
    }
    if (status == kIOReturnSuccess) {
        status = PublishProperties();
    }
    if (status == kIOReturnSuccess) {
        scope::Note(&ivars->log, "started");
        status = RegisterService();
    }
    if (status != kIOReturnSuccess) {
        NoteFailure(ivars, "Start", status);
        ReleaseAll(this, ivars);
        StopCore();
    }
    return status;
}

kern_return_t ScopeDriver::Stop_Impl(IOService * provider) {
    ivars->stopping = true;
    ivars->selfTest = 0;
    StopCore();
    if (scope::DrainReader(&ivars->reader, this)) {
        // Each transfer still has its completion to come, behind us on this queue; the last one
        // stops.
        ivars->stopProvider = provider;
        provider->retain();
        return kIOReturnSuccess;
    }
    ReleaseAll(this, ivars);
    return Stop(provider, SUPERDISPATCH);
}

void ScopeDriver::ReadComplete_Impl(OSAction * action, IOReturn status, uint32_t actualByteCount,
                                    uint64_t) {
    const scope::Arrival arrival =
        scope::AcceptArrival(&ivars->reader, action, status, actualByteCount);
    if (ivars->stopProvider != nullptr) {
        if (ivars->reader.pending == 0) {
            IOService * provider = ivars->stopProvider;
            ivars->stopProvider = nullptr;
            ReleaseAll(this, ivars);
            Stop(provider, SUPERDISPATCH);
            provider->release();
        }
        return;
    }
    Deliver(this, ivars, &arrival.cut.first, arrival.cut.completed ? 1 : 0);
    Deliver(this, ivars, arrival.cut.whole, arrival.cut.count);
    const kern_return_t next = scope::ContinueReader(&ivars->reader, arrival);
    if (next != kIOReturnSuccess) {
        NoteFailure(ivars, "reading", next);
        StopReading(this, ivars, next);
    }
}

void ScopeDriver::SelfTestElapsed_Impl(OSAction *, uint64_t) {
    if (ivars->selfTest == 0) {
        return;
    }
    const uint64_t call = ivars->selfTest;
    const uint32_t faults = ivars->reader.faults;
    ivars->selfTest = 0;
    ivars->reader.faults = 0;
    scope::Note(&ivars->log, "self test", faults, " faults");
    CompleteSelfTest(call, kIOReturnSuccess, faults == 0,
                     static_cast<uint16_t>(faults < UINT16_MAX ? faults : UINT16_MAX));
}

ScopeDriverCore * ScopeDriver::Core() {
    return &ivars->core;
}

kern_return_t ScopeDriver::SetSampleRate(ScopeUserClient *, uint32_t hz, uint32_t * actual) {
    if (ivars->selfTest != 0) {
        return kScopeErrorBusy;
    }
    const uint32_t rate = scope::NearestRate(hz);
    const kern_return_t status =
        Noted(ivars, "setting the rate", scope::TellRate(&ivars->device, rate));
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->settings.sampleRate = rate;
    *actual = rate;
    scope::Note(&ivars->log, "sample rate", rate, " Hz");
    return kIOReturnSuccess;
}

kern_return_t ScopeDriver::SetTrigger(ScopeUserClient *, ScopeTrigger mode, float level) {
    scope::Note(&ivars->log, "trigger", mode, "");
    return Noted(ivars, "setting the trigger", scope::TellTrigger(&ivars->device, mode, level));
}

kern_return_t ScopeDriver::SelfTest(ScopeUserClient *, uint64_t call) {
    if (ivars->selfTest != 0) {
        return kScopeErrorBusy;
    }
    if (ivars->timer == nullptr) {
        return kIOReturnNotReady;
    }
    const uint64_t deadline = clock_gettime_nsec_np(CLOCK_UPTIME_RAW) + kSelfTestNanoseconds;
    const kern_return_t status = ivars->timer->WakeAtTime(kIOTimerClockUptimeRaw, deadline, 0);
    if (status == kIOReturnSuccess) {
        ivars->selfTest = call;
    }
    return status;
}

kern_return_t ScopeDriver::SetGain(ScopeUserClient *, uint32_t gain) {
    if (gain == ivars->settings.gain) {
        return kIOReturnSuccess;
    }
    kern_return_t status = Noted(ivars, "setting the gain", scope::TellGain(&ivars->device, gain));
    if (status == kIOReturnSuccess) {
        status = PublishGain(gain);
    }
    if (status == kIOReturnSuccess) {
        ivars->settings.gain = gain;
        scope::Note(&ivars->log, "gain", gain, "");
    }
    return status;
}

kern_return_t ScopeDriver::ReadLog(ScopeUserClient *, uint32_t maximum, uint8_t * text,
                                   uint64_t * textLength) {
    const uint64_t room = *textLength < maximum ? *textLength : maximum;
    *textLength = scope::ReadNewest(ivars->log, text, room);
    return kIOReturnSuccess;
}

kern_return_t ScopeDriver::LoadFirmware(ScopeUserClient *, const uint8_t * image,
                                        uint64_t imageLength, uint32_t * checksum) {
    *checksum = crc32(0, image, static_cast<size_t>(imageLength));
    scope::Note(&ivars->log, "firmware", imageLength, " bytes");
    scope::NoteCode(&ivars->log, "firmware checksum", *checksum);
    return kIOReturnSuccess;
}

kern_return_t ScopeDriver::ReadCalibration(ScopeUserClient *, ScopeCalibration * calibration) {
    return Noted(ivars, "reading the calibration",
                 scope::AskCalibration(&ivars->device, calibration));
}

void ScopeDriver::PacketSubscribers(uint32_t count) {
    if (count > 0) {
        StartReading(this, ivars);
    } else {
        StopReading(this, ivars, kIOReturnSuccess);
    }
}

void ScopeDriver::StateSubscribers(uint32_t) {
    // Who subscribes hears of the next change.
}
