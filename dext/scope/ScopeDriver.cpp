// What the Scope does with its device: reads packets from bulk IN 0x81 while somebody follows them,
// keeps the last capture, and answers the calls that dispatch/ScopeUserClient.cpp has already
// checked.
#include "ScopeDriver.h"
#include "ScopeDriverCore.h"
#include "ScopeUserClient.h"
#include "log.h"
#include "reader.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IODispatchQueue.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOTimerDispatchSource.h>
#include <DriverKit/OSAction.h>
#include <USBDriverKit/AppleUSBDefinitions.h>
#include <USBDriverKit/IOUSBHostInterface.h>
#include <USBDriverKit/IOUSBHostPipe.h>
#include <os/log.h>
#include <string.h>
#include <time.h>

namespace {

constexpr uint64_t kSelfTestNanoseconds = 200'000'000;
constexpr uint32_t kControlTimeoutMs = 100;

// Vendor requests of the device. One without them stalls, and works with its defaults.
constexpr uint8_t kToDevice = 0x40;
constexpr uint8_t kFromDevice = 0xC0;
constexpr uint8_t kRequestRate = 1;        // value: Hz, low half; index: high half
constexpr uint8_t kRequestTrigger = 2;     // value: mode; data: level, f32
constexpr uint8_t kRequestGain = 3;        // value: gain
constexpr uint8_t kRequestCalibration = 4; // answers a ScopeCalibration

} // namespace

struct ScopeDriver_IVars {
    ScopeDriverCore core;
    IOUSBHostInterface * interface;
    IOBufferMemoryDescriptor * control; // data stage of vendor requests
    uint8_t * controlBytes;
    IOTimerDispatchSource * timer;
    OSAction * elapsed;
    IOService * stopProvider; // retained while Stop waits for the last transfer
    ScopeCaptureBuffer * capture;
    scope::Reader reader;
    bool open;
    bool stopping;
    uint32_t sampleRate;
    uint32_t gain;
    uint64_t selfTest; // the call that waits, or 0
    scope::Log log;
};

namespace {

void NoteFailure(ScopeDriver_IVars * ivars, const char * what, kern_return_t status) {
    os_log(OS_LOG_DEFAULT, "Scope: %{public}s failed: 0x%x", what, static_cast<uint32_t>(status));
    scope::NoteCode(&ivars->log, what, static_cast<uint32_t>(status));
}

/// A vendor request with `length` bytes in the control buffer. A device that has no such request
/// stalls it.
kern_return_t Ask(ScopeDriver_IVars * ivars, uint8_t type, uint8_t request, uint32_t value,
                  uint16_t length) {
    if (!ivars->open) {
        return kIOReturnNotReady;
    }
    uint16_t moved = 0;
    const kern_return_t status = ivars->interface->DeviceRequest(
        type, request, static_cast<uint16_t>(value), static_cast<uint16_t>(value >> 16), length,
        length > 0 ? ivars->control : nullptr, &moved, kControlTimeoutMs);
    return status == kIOReturnSuccess && moved != length ? kIOReturnUnderrun : status;
}

/// For settings: a device without the request keeps its own, which is not the caller's failure.
kern_return_t Tell(ScopeDriver_IVars * ivars, uint8_t request, uint32_t value, uint16_t length) {
    const kern_return_t status = Ask(ivars, kToDevice, request, value, length);
    if (status == kUSBHostReturnPipeStalled) {
        return kIOReturnSuccess;
    }
    if (status != kIOReturnSuccess) {
        NoteFailure(ivars, "vendor request", status);
    }
    return status;
}

uint32_t Distance(uint32_t a, uint32_t b) {
    return a > b ? a - b : b - a;
}

/// The hardware divides its clock by 1, 2 and 5 per decade, from 1 Hz to 2 MHz.
uint32_t NearestRate(uint32_t hz) {
    constexpr uint32_t kSteps[] = {1, 2, 5};
    uint32_t best = 1;
    for (uint32_t decade = 1; decade <= kScopeSetSampleRateHzMax; decade *= 10) {
        for (const uint32_t step : kSteps) {
            const uint32_t rate = decade * step;
            if (rate <= kScopeSetSampleRateHzMax && Distance(rate, hz) < Distance(best, hz)) {
                best = rate;
            }
        }
    }
    return best;
}

/// Starts the capture anew. Readers look at the count first, so it becomes 0 before anything else
/// changes.
void BeginCapture(ScopeDriver_IVars * ivars, const ScopePacket & first) {
    ScopeCaptureHeader * header = &ivars->capture->header;
    __atomic_store_n(&header->count, 0, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    header->sequence = first.sequence;
    header->sampleRate = ivars->sampleRate;
    header->gain = ivars->gain;
    header->timestamp = first.timestamp;
}

void Capture(ScopeDriver_IVars * ivars, const ScopePacket * packets, uint32_t count) {
    constexpr uint32_t kSamples = sizeof packets->samples / sizeof packets->samples[0];
    constexpr uint32_t kRoom = sizeof ScopeCaptureBuffer::samples / sizeof(float);
    ScopeCaptureBuffer * capture = ivars->capture;
    uint32_t filled = capture->header.count; // ours: the app maps the buffer read-only
    for (uint32_t i = 0; i < count; i++) {
        if (filled == 0 || filled + kSamples > kRoom) {
            BeginCapture(ivars, packets[i]);
            filled = 0;
        }
        memcpy(capture->samples + filled, packets[i].samples, sizeof packets[i].samples);
        filled += kSamples;
    }
    __atomic_store_n(&capture->header.count, filled, __ATOMIC_RELEASE);
}

void Deliver(ScopeDriver * driver, ScopeDriver_IVars * ivars, const ScopePacket * packets,
             uint32_t count) {
    if (count > 0) {
        Capture(ivars, packets, count);
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
    scope::Note(&ivars->log, "sampling", ivars->sampleRate, " Hz");
    driver->EmitState(true, 0);
    const kern_return_t status = scope::StartReader(&ivars->reader);
    if (status != kIOReturnSuccess) {
        NoteFailure(ivars, "starting to read", status);
        StopReading(driver, ivars, status);
    }
}

kern_return_t OpenDevice(ScopeDriver * driver, ScopeDriver_IVars * ivars) {
    kern_return_t status = ivars->interface->Open(driver, 0, nullptr);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->open = true;
    status = scope::MakeBuffer(ivars->interface, sizeof(ScopeCalibration), &ivars->control,
                               &ivars->controlBytes);
    return status == kIOReturnSuccess ? scope::OpenReader(&ivars->reader, driver, ivars->interface)
                                      : status;
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
    OSSafeReleaseNULL(ivars->control);
    ivars->controlBytes = nullptr;
    if (ivars->open) {
        ivars->open = false;
        ivars->interface->Close(driver, 0);
    }
    OSSafeReleaseNULL(ivars->interface);
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
    ivars->interface = OSDynamicCast(IOUSBHostInterface, provider);
    if (ivars->interface == nullptr) {
        return kIOReturnBadArgument;
    }
    ivars->interface->retain();
    ivars->sampleRate = NearestRate(50'000);
    ivars->gain = 1;
    status = OpenDevice(this, ivars);
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
    const uint32_t rate = NearestRate(hz);
    const kern_return_t status = Tell(ivars, kRequestRate, rate, 0);
    if (status != kIOReturnSuccess) {
        return status;
    }
    ivars->sampleRate = rate;
    *actual = rate;
    scope::Note(&ivars->log, "sample rate", rate, " Hz");
    return kIOReturnSuccess;
}

kern_return_t ScopeDriver::SetTrigger(ScopeUserClient *, ScopeTrigger mode, float level) {
    if (ivars->controlBytes == nullptr) {
        return kIOReturnNotReady;
    }
    memcpy(ivars->controlBytes, &level, sizeof level);
    scope::Note(&ivars->log, "trigger", mode, "");
    return Tell(ivars, kRequestTrigger, mode, sizeof level);
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
    if (gain == ivars->gain) {
        return kIOReturnSuccess;
    }
    kern_return_t status = Tell(ivars, kRequestGain, gain, 0);
    if (status == kIOReturnSuccess) {
        status = PublishGain(gain);
    }
    if (status == kIOReturnSuccess) {
        ivars->gain = gain;
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
    const kern_return_t status =
        Ask(ivars, kFromDevice, kRequestCalibration, 0, sizeof(ScopeCalibration));
    if (status == kIOReturnSuccess) {
        memcpy(calibration, ivars->controlBytes, sizeof *calibration);
        return kIOReturnSuccess;
    }
    if (status != kUSBHostReturnPipeStalled) {
        NoteFailure(ivars, "reading the calibration", status);
        return status;
    }
    // A device without calibration memory has the values of its data sheet: revision 0, ±5 V over
    // 16 bits.
    constexpr uint16_t kChannels =
        sizeof ScopeCalibration::channels / sizeof ScopeCalibration::channels[0];
    calibration->channelCount = kChannels;
    for (ScopeChannelCalibration & channel : calibration->channels) {
        channel.gain = 10.0 / 65536.0;
    }
    return kIOReturnSuccess;
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
