// The driver of the ticker: it has no device, so its events are those that an app asks it for.
#include "TickerDriver.h"
#include "TickerDriverCore.h"
#include "TickerUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOMemoryDescriptor.h>
#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

namespace {

constexpr uint32_t kHeld = 8;

/// A call that waits to be released.
struct Held {
    uint64_t call;
    uint32_t value;
};

/// Calls `body` with the bytes of a descriptor.
template <typename Body>
kern_return_t WithBytes(IOMemoryDescriptor * memory, uint64_t length, const Body & body) {
    IOMemoryMap * map = nullptr;
    const kern_return_t status = memory->CreateMapping(0, 0, 0, length, 0, &map);
    if (status != kIOReturnSuccess) {
        return status;
    }
    body(reinterpret_cast<uint8_t *>(static_cast<uintptr_t>(map->GetAddress())));
    map->release();
    return kIOReturnSuccess;
}

kern_return_t Sum(IOMemoryDescriptor * memory, uint64_t length, uint32_t * sum) {
    return WithBytes(memory, length, [&](const uint8_t * bytes) {
        for (uint64_t i = 0; i < length; i++) {
            *sum += bytes[i];
        }
    });
}

} // namespace

struct TickerDriver_IVars {
    TickerDriverCore core;
    uint32_t packets;
    uint32_t callbackFollowers;
    uint32_t jobFollowers;
    uint32_t frameFollowers;
    uint64_t nextTask;
    uint64_t lastTask;
    uint32_t lines;
    Held held[kHeld];
    uint32_t heldCount;
    IOMemoryDescriptor * target; // retained until something is pushed
    uint64_t pulling;
};

bool TickerDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(TickerDriver_IVars, 1);
    return ivars != nullptr;
}

void TickerDriver::free() {
    if (ivars != nullptr) {
        StopCore();
        OSSafeReleaseNULL(ivars->target);
    }
    IOSafeDeleteNULL(ivars, TickerDriver_IVars, 1);
    super::free();
}

kern_return_t TickerDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t TickerDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

TickerDriverCore * TickerDriver::Core() {
    return &ivars->core;
}

kern_return_t TickerDriver::Fire(TickerUserClient * client, uint32_t kind, uint32_t count,
                                 bool everybody) {
    TickerUserClient * to = everybody ? nullptr : client;
    uint64_t words[9] = {};
    for (uint32_t i = 0; i < count; i++) {
        TickerSample sample = {};
        sample.channel = static_cast<uint16_t>(i);
        sample.value = -static_cast<int32_t>(i);
        sample.levels[4] = static_cast<uint8_t>(i);
        switch (kind) {
        case 0:
            EmitTask(to, i);
            break;
        case 1:
            EmitTick(to, i, i + 1);
            break;
        case 2:
            EmitSample(to, &sample);
            break;
        case 3:
            EmitJob(to, i, 2 * i);
            break;
        case 4:
            EmitPulse(to);
            break;
        case 5:
            words[0] = i;
            if (!EmitFrame(to, words, 3 + i % 7)) {
                return kIOReturnInternalError;
            }
            break;
        case 7:
            EmitGuarded(to, i);
            break;
        default: // too few and too many words are refused
            return EmitFrame(to, words, 2) || EmitFrame(to, words, 10) ? kIOReturnInternalError
                                                                       : kIOReturnSuccess;
        }
    }
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::Request(TickerUserClient * client, const TickerPair * pair) {
    EmitReply(client, pair->foo + 1, pair->bar + 10);
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::Followers(TickerUserClient *, uint32_t * callback, uint32_t * job,
                                      uint32_t * frame) {
    *callback = ivars->callbackFollowers;
    *job = ivars->jobFollowers;
    *frame = ivars->frameFollowers;
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::FetchTask(TickerUserClient *, uint64_t * tag, uint8_t * kind) {
    if (ivars->nextTask < ivars->lastTask) {
        *tag = ++ivars->nextTask;
        *kind = static_cast<uint8_t>(*tag % 3);
    }
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::AddTasks(TickerUserClient *, uint32_t count) {
    ivars->lastTask += count;
    ivars->lines += count;
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::NextLine(TickerUserClient *, uint32_t * line) {
    if (ivars->lines == 0) {
        return kTickerErrorEmpty;
    }
    *line = ivars->lines--;
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::Ping(TickerUserClient *, uint64_t call, uint32_t value) {
    CompletePing(call, kIOReturnSuccess, 2 * value);
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::Hold(TickerUserClient *, uint64_t call, uint32_t value,
                                 uint32_t * ticket, TickerPair * pair) {
    if (ivars->heldCount == kHeld) {
        return kIOReturnNoResources;
    }
    ivars->held[ivars->heldCount] = {.call = call, .value = value};
    *ticket = ++ivars->heldCount;
    pair->foo = value;
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::LetGo(TickerUserClient *, bool fail, uint32_t * released) {
    TickerSample sample;
    memset(&sample, 0xFF, sizeof sample); // with padding that must not leave
    for (uint32_t i = 0; i < ivars->heldCount; i++) {
        const Held & held = ivars->held[i];
        sample.channel = static_cast<uint16_t>(held.value);
        if (fail) {
            CompleteHold(held.call, kIOReturnNoSpace, 0, nullptr);
        } else {
            CompleteHold(held.call, kIOReturnSuccess, 7, &sample);
        }
        CompleteHold(held.call, kIOReturnSuccess, 8, &sample); // stale, and ignored
    }
    *released = ivars->heldCount;
    ivars->heldCount = 0;
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::Scramble(TickerUserClient *, uint8_t step, IOMemoryDescriptor * buffer,
                                     uint64_t bufferLength, uint32_t * sum) {
    const kern_return_t status = Sum(buffer, bufferLength, sum);
    return status != kIOReturnSuccess ? status
                                      : WithBytes(buffer, bufferLength, [&](uint8_t * bytes) {
                                            for (uint64_t i = 0; i < bufferLength; i++) {
                                                bytes[i] = static_cast<uint8_t>(bytes[i] + step);
                                            }
                                        });
}

kern_return_t TickerDriver::Pull(TickerUserClient *, uint64_t call, IOMemoryDescriptor * target,
                                 uint64_t) {
    OSSafeReleaseNULL(ivars->target);
    target->retain();
    ivars->target = target;
    ivars->pulling = call;
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::Push(TickerUserClient *, uint8_t value) {
    if (ivars->target == nullptr) {
        return kIOReturnNotReady;
    }
    const kern_return_t status =
        WithBytes(ivars->target, 8192, [&](uint8_t * bytes) { memset(bytes, value, 8192); });
    OSSafeReleaseNULL(ivars->target);
    CompletePull(ivars->pulling, status, 8192);
    return status;
}

kern_return_t TickerDriver::Inspect(TickerUserClient *, IOMemoryDescriptor * source,
                                    uint64_t sourceLength, uint32_t * sum) {
    return Sum(source, sourceLength, sum);
}

kern_return_t TickerDriver::Weigh(TickerUserClient *, IOMemoryDescriptor * source,
                                  uint64_t sourceLength, uint8_t weight, uint32_t * sum) {
    const kern_return_t status = Sum(source, sourceLength, sum);
    *sum *= weight;
    return status;
}

kern_return_t TickerDriver::Checksum(TickerUserClient *, IOMemoryDescriptor * image,
                                     uint64_t imageLength, uint32_t * sum) {
    return Sum(image, imageLength, sum);
}

kern_return_t TickerDriver::Paint(TickerUserClient *, uint8_t value, IOMemoryDescriptor * image,
                                  uint64_t * imageLength) {
    *imageLength = 5000;
    return WithBytes(image, *imageLength, [&](uint8_t * bytes) { memset(bytes, value, 5000); });
}

kern_return_t TickerDriver::Measure(TickerUserClient *, uint64_t call, uint32_t value,
                                    uint64_t * square) {
    *square = static_cast<uint64_t>(value) * value;
    CompleteMeasure(call, kIOReturnSuccess, *square); // without a completion there is no call
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::SubscribeReply(TickerUserClient *, const TickerPair * pair,
                                           TickerPair * echo) {
    if (pair->foo == 0) {
        return kTickerErrorRefused;
    }
    *echo = *pair;
    return kIOReturnSuccess;
}

kern_return_t TickerDriver::SubscribeJob(TickerUserClient *, uint32_t) {
    return kIOReturnSuccess;
}

void TickerDriver::ReplySubscribers(uint32_t count) {
    ivars->callbackFollowers = count;
}

void TickerDriver::JobSubscribers(uint32_t count) {
    ivars->jobFollowers = count;
}

void TickerDriver::FrameSubscribers(uint32_t count) {
    ivars->frameFollowers = count;
}

void TickerDriver::TaskSubscribers(uint32_t) {}
void TickerDriver::SampleSubscribers(uint32_t) {}
void TickerDriver::PulseSubscribers(uint32_t) {}
void TickerDriver::GuardedSubscribers(uint32_t) {}
void TickerDriver::WatchedSubscribers(uint32_t) {}
void TickerDriver::ListenerLost(IOUserClient *) {}

kern_return_t TickerDriver::FetchPacket(TickerUserClient *, TickerPacket * packet) {
    // Every other time there is nothing.
    ivars->packets++;
    if (ivars->packets % 2 == 0) {
        packet->head.kind = kTickerPacketKindData;
        packet->length = ivars->packets % 4; // 0 alone does not mean that nothing is there
        packet->serial = ivars->packets;
    }
    return kIOReturnSuccess;
}
