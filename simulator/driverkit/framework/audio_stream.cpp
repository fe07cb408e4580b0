// Streams: memory that driver and audio system share, and the formats of what is in it.
#include "audio_objects.h"

#include <algorithm>

using Format = IOUserAudioStreamBasicDescription;

struct IOUserAudioStream_IVars {
    std::recursive_mutex lock;
    IOUserAudioStreamDirection direction;
    OSSharedPtr<IOMemoryDescriptor> memory;
    Format format;
    std::vector<Format> formats;
    bool active;
    IOUserAudioStreamTerminalType terminal;
    uint32_t startingChannel;
    uint32_t latency;
};

OSSharedPtr<IOUserAudioStream> IOUserAudioStream::Create(IOUserAudioDriver * driver,
                                                         IOUserAudioStreamDirection direction,
                                                         IOMemoryDescriptor * memory) {
    OSSharedPtr<IOUserAudioStream> made(OSTypeAlloc(IOUserAudioStream), OSNoRetain);
    if (made && !made->init(driver, direction, memory)) {
        made.reset();
    }
    return made;
}

bool IOUserAudioStream::init(IOUserAudioDriver * driver, IOUserAudioStreamDirection direction,
                             IOMemoryDescriptor * memory) {
    if (memory == nullptr || !IOUserAudioObject::init(driver)) {
        return false;
    }
    ivars = new IOUserAudioStream_IVars{};
    ivars->direction = direction;
    ivars->active = true;
    ivars->startingChannel = 1;
    return SetIOMemoryDescriptor(memory) == kIOReturnSuccess;
}

void IOUserAudioStream::free() {
    delete ivars;
    ivars = nullptr;
    IOUserAudioObject::free();
}

IOUserAudioClassID IOUserAudioStream::GetClassID() {
    return IOUserAudioClassID::Stream;
}

IOUserAudioClassID IOUserAudioStream::GetBaseClassID() {
    return IOUserAudioClassID::Object;
}

kern_return_t IOUserAudioStream::StartIO(IOUserAudioStartStopFlags) {
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioStream::StopIO(IOUserAudioStartStopFlags) {
    return kIOReturnSuccess;
}

kern_return_t IOUserAudioStream::HandleChangeCurrentStreamFormat(const Format * format) {
    return SetCurrentStreamFormat(format);
}

kern_return_t IOUserAudioStream::HandleChangeStreamIsActive(bool active) {
    return SetStreamIsActive(active);
}

kern_return_t IOUserAudioStream::SetCurrentStreamFormat(const Format * format) {
    if (format == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    ivars->format = *format;
    return kIOReturnSuccess;
}

Format IOUserAudioStream::GetCurrentStreamFormat() {
    std::lock_guard lock(ivars->lock);
    return ivars->format;
}

// The one that differs from the present format in the rate alone, else any of that rate.
kern_return_t IOUserAudioStream::DeviceSampleRateChanged(double rate) {
    std::lock_guard lock(ivars->lock);
    const Format now = ivars->format;
    const Format * best = nullptr;
    for (const Format & each : ivars->formats) {
        const bool close = each.mFormatID == now.mFormatID &&
                           each.mChannelsPerFrame == now.mChannelsPerFrame &&
                           each.mBitsPerChannel == now.mBitsPerChannel;
        if (each.mSampleRate == rate && (best == nullptr || close)) {
            best = &each;
        }
    }
    if (best == nullptr) {
        return kIOReturnUnsupported;
    }
    const Format chosen = *best;
    return HandleChangeCurrentStreamFormat(&chosen);
}

kern_return_t IOUserAudioStream::SetAvailableStreamFormats(const Format * formats, uint32_t count) {
    if (formats == nullptr || count == 0) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    ivars->formats.assign(formats, formats + count);
    return kIOReturnSuccess;
}

size_t IOUserAudioStream::GetNumberAvailableStreamFormats() {
    std::lock_guard lock(ivars->lock);
    return ivars->formats.size();
}

size_t IOUserAudioStream::GetAvailableStreamFormats(Format * formats, size_t count) {
    std::lock_guard lock(ivars->lock);
    count = std::min(count, ivars->formats.size());
    std::copy_n(ivars->formats.begin(), count, formats);
    return count;
}

IOUserAudioStreamDirection IOUserAudioStream::GetStreamDirection() {
    return ivars->direction;
}

kern_return_t IOUserAudioStream::SetStreamIsActive(bool value) {
    std::lock_guard lock(ivars->lock);
    ivars->active = value;
    return kIOReturnSuccess;
}

bool IOUserAudioStream::GetStreamIsActive() {
    std::lock_guard lock(ivars->lock);
    return ivars->active;
}

kern_return_t IOUserAudioStream::SetTerminalType(IOUserAudioStreamTerminalType value) {
    std::lock_guard lock(ivars->lock);
    ivars->terminal = value;
    return kIOReturnSuccess;
}

IOUserAudioStreamTerminalType IOUserAudioStream::GetTerminalType() {
    std::lock_guard lock(ivars->lock);
    return ivars->terminal;
}

kern_return_t IOUserAudioStream::SetStartingChannel(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->startingChannel = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioStream::GetStartingChannel() {
    std::lock_guard lock(ivars->lock);
    return ivars->startingChannel;
}

kern_return_t IOUserAudioStream::SetLatency(uint32_t value) {
    std::lock_guard lock(ivars->lock);
    ivars->latency = value;
    return kIOReturnSuccess;
}

uint32_t IOUserAudioStream::GetLatency() {
    std::lock_guard lock(ivars->lock);
    return ivars->latency;
}

kern_return_t IOUserAudioStream::SetIOMemoryDescriptor(IOMemoryDescriptor * memory) {
    if (memory == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    ivars->memory = OSSharedPtr(memory, OSRetain);
    return kIOReturnSuccess;
}

OSSharedPtr<IOMemoryDescriptor> IOUserAudioStream::GetIOMemoryDescriptor() {
    std::lock_guard lock(ivars->lock);
    return ivars->memory;
}
