// Reports of HID devices on a USB interface: those that the device sends, those that the system
// asks for or sends.
#include "usb_hid_device.h"

#include "../runtime/hid.h"

#include <mach/mach_time.h>

using namespace dextsim;

namespace {

constexpr uint32_t kRetries = 10;
constexpr uint64_t kRetryNanoseconds = 50'000'000;

// Lies in the action's reference until the report has been taken.
struct SentReport {
    OSAction * action;           // retained: the system's
    IOMemoryDescriptor * memory; // retained
};

OSAction * remember(OSAction * ours, OSAction * action, IOMemoryDescriptor * memory) {
    action->retain();
    memory->retain();
    *static_cast<SentReport *>(ours->GetReference()) = {action, memory};
    return ours;
}

SentReport forget(OSAction * ours) {
    auto * const place = static_cast<SentReport *>(ours->GetReference());
    const SentReport sent = *place;
    *place = {};
    return sent;
}

} // namespace

// ── from the device ──

kern_return_t IOUserUSBHostHIDDevice::initInputReport() {
    if (ivars->stopping || ivars->inputAction == nullptr || ivars->input == nullptr) {
        return kIOReturnOffline;
    }
    kern_return_t status =
        ivars->inPipe->AsyncIO(ivars->input, ivars->inputSize, ivars->inputAction, 0);
    if (status == kUSBHostReturnPipeStalled &&
        ivars->inPipe->ClearStall(false) == kIOReturnSuccess) {
        status = ivars->inPipe->AsyncIO(ivars->input, ivars->inputSize, ivars->inputAction, 0);
    }
    return status;
}

void IOUserUSBHostHIDDevice::CompleteInputReport_Impl(OSAction *, IOReturn status,
                                                      uint32_t actualByteCount,
                                                      uint64_t completionTimestamp) {
    if (ivars->stopping) {
        return;
    }
    if (status == kIOReturnSuccess) {
        cancelInputReportRetry();
        handleReport(completionTimestamp, ivars->input, actualByteCount, kIOHIDReportTypeInput, 0);
        status = initInputReport();
    } else if (status == kUSBHostReturnPipeStalled) {
        ivars->inPipe->ClearStall(true);
    }
    if (status != kIOReturnSuccess) {
        scheduleInputReportRetry(status);
    }
}

void IOUserUSBHostHIDDevice::scheduleInputReportRetry(kern_return_t reason) {
    if (ivars->stopping) {
        return;
    }
    if (reason != kIOReturnAborted && ivars->retries-- == 0) {
        ivars->retries = 0;
        reset();
        return;
    }
    mach_timebase_info_data_t base{};
    mach_timebase_info(&base);
    const uint64_t ticks = kRetryNanoseconds * base.denom / base.numer;
    ivars->timer->WakeAtTime(kIOTimerClockMachAbsoluteTime, mach_absolute_time() + ticks, 0);
}

void IOUserUSBHostHIDDevice::cancelInputReportRetry() {
    ivars->retries = kRetries;
}

void IOUserUSBHostHIDDevice::TimerOccurred_Impl(OSAction *, uint64_t) {
    const kern_return_t status = initInputReport();
    if (status != kIOReturnSuccess) {
        scheduleInputReportRetry(status);
    }
}

void IOUserUSBHostHIDDevice::reset() {
    ivars->device->Reset();
}

// ── from the system ──

kern_return_t IOUserUSBHostHIDDevice::getReport(IOMemoryDescriptor * report,
                                                IOHIDReportType reportType, IOOptionBits options,
                                                uint32_t completionTimeout,
                                                uint32_t * bytesTransferred) {
    uint64_t length = 0;
    report->GetLength(&length);
    uint16_t count = 0;
    const kern_return_t status = ivars->interface->DeviceRequest(
        kHidIn, static_cast<uint8_t>(HidRequest::GetReport), reportValue(reportType, options),
        ivars->descriptor->bInterfaceNumber, static_cast<uint16_t>(length), report, &count,
        completionTimeout == 0 ? kHidRequestTimeoutMs : completionTimeout);
    *bytesTransferred = count;
    return status;
}

kern_return_t IOUserUSBHostHIDDevice::getReport(IOMemoryDescriptor * report,
                                                IOHIDReportType reportType, IOOptionBits options,
                                                uint32_t completionTimeout, OSAction * action) {
    uint32_t count = 0;
    const kern_return_t status = getReport(report, reportType, options, completionTimeout, &count);
    CompleteReport(action, status, count);
    return kIOReturnSuccess;
}

kern_return_t IOUserUSBHostHIDDevice::setReport(IOMemoryDescriptor * report,
                                                IOHIDReportType reportType, IOOptionBits options,
                                                uint32_t completionTimeout, OSAction * action) {
    const bool byPipe = ivars->outPipe != nullptr && reportType == kIOHIDReportTypeOutput;
    uint64_t length = 0;
    report->GetLength(&length);
    OSAction * sent = nullptr;
    kern_return_t status = byPipe ? CreateActionCompleteOutputReport(sizeof(SentReport), &sent)
                                  : CreateActionCompleteOutputRequest(sizeof(SentReport), &sent);
    if (status != kIOReturnSuccess) {
        return status;
    }
    remember(sent, action, report);
    // Interrupt pipes know no timeout (contract §10.2).
    status = byPipe ? ivars->outPipe->AsyncIO(report, static_cast<uint32_t>(length), sent, 0)
                    : ivars->interface->AsyncDeviceRequest(
                          kHidOut, static_cast<uint8_t>(HidRequest::SetReport),
                          reportValue(reportType, options), ivars->descriptor->bInterfaceNumber,
                          static_cast<uint16_t>(length), report, sent,
                          completionTimeout == 0 ? kHidRequestTimeoutMs : completionTimeout);
    if (status != kIOReturnSuccess) {
        const SentReport back = forget(sent);
        back.memory->release();
        back.action->release();
    }
    sent->release();
    return status;
}

void IOUserUSBHostHIDDevice::CompleteOutputReport_Impl(OSAction * action, IOReturn status,
                                                       uint32_t actualByteCount, uint64_t) {
    const SentReport sent = forget(action);
    CompleteReport(sent.action, status, actualByteCount);
    sent.memory->release();
    sent.action->release();
}

void IOUserUSBHostHIDDevice::CompleteOutputRequest_Impl(
    IOUserUSBHostHIDDevice_CompleteOutputRequest_Args) {
    const SentReport sent = forget(action);
    CompleteReport(sent.action, status, bytesTransferred);
    sent.memory->release();
    sent.action->release();
}

// ── requests of the class ──

kern_return_t IOUserUSBHostHIDDevice::setProtocol(uint16_t protocol) {
    uint16_t count = 0;
    return ivars->interface->DeviceRequest(kHidOut, static_cast<uint8_t>(HidRequest::SetProtocol),
                                           protocol, ivars->descriptor->bInterfaceNumber, 0,
                                           nullptr, &count, kHidRequestTimeoutMs);
}

// In units of 4 ms (HID 1.11 § 7.2.4).
kern_return_t IOUserUSBHostHIDDevice::setIdle(uint16_t idleTimeMs) {
    uint16_t count = 0;
    return ivars->interface->DeviceRequest(kHidOut, static_cast<uint8_t>(HidRequest::SetIdle),
                                           static_cast<uint16_t>((idleTimeMs / 4) << 8),
                                           ivars->descriptor->bInterfaceNumber, 0, nullptr, &count,
                                           kHidRequestTimeoutMs);
}

kern_return_t IOUserUSBHostHIDDevice::setIdlePolicy(USBIdlePolicyType type, uint16_t idleTimeMs) {
    if (type == USBIdlePolicyTypeInterface) {
        return ivars->interface->SetIdlePolicy(idleTimeMs);
    }
    const kern_return_t status = ivars->inPipe->SetIdlePolicy(idleTimeMs);
    return ivars->outPipe == nullptr || status != kIOReturnSuccess
               ? status
               : ivars->outPipe->SetIdlePolicy(idleTimeMs);
}
