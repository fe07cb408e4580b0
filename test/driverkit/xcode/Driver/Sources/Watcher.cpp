#include <DriverKit/IOUserServer.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/OSCollections.h>

#include "Watcher.h"
#include "WatcherLog.hpp"

#define kMood "com.example.watcher.mood"

struct Watcher_IVars {
    IODispatchQueue * queue = nullptr;
    IOServiceNotificationDispatchSource * services = nullptr;
    IOServiceStateNotificationDispatchSource * state = nullptr;
    OSAction * changed = nullptr;
    OSAction * moved = nullptr;
};

bool Watcher::init() {
    auto answer = super::init();
    if (!answer) {
        return false;
    }
    ivars = new Watcher_IVars(); // IOSafeDeleteNULL frees it all the same
    return ivars != nullptr;
}

void Watcher::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->services);
        OSSafeReleaseNULL(ivars->state);
        OSSafeReleaseNULL(ivars->changed);
        OSSafeReleaseNULL(ivars->moved);
        OSSafeReleaseNULL(ivars->queue);
    }
    IOSafeDeleteNULL(ivars, Watcher_IVars, 1);
    super::free();
}

kern_return_t IMPL(Watcher, Start) {
    kern_return_t ret = Start(provider, SUPERDISPATCH);
    if (ret == kIOReturnSuccess) {
        ret = Watch();
    }
    if (ret == kIOReturnSuccess) {
        ret = RegisterService();
    }
    Log("started: 0x%x", ret);
    return ret;
}

kern_return_t Watcher::Watch() {
    kern_return_t ret = CopyDispatchQueue(kIOServiceDefaultQueueName, &ivars->queue);
    auto matching = CreateKernelClassMatchingDictionary("IOUSBHostInterface", nullptr);
    if (ret == kIOReturnSuccess) {
        ret = IOServiceNotificationDispatchSource::Create(matching, 0, ivars->queue,
                                                          &ivars->services);
    }
    OSSafeReleaseNULL(matching);
    if (ret != kIOReturnSuccess) {
        return ret;
    }
    CreateActionServicesChanged(0, &ivars->changed);
    ivars->services->SetHandler(ivars->changed);

    auto item = OSStringCreate(kMood, sizeof kMood - 1);
    auto items = OSArrayCreate();
    OSArrayAppendValue(items, item);
    ret = StateNotificationItemCreate(item, nullptr);
    if (ret == kIOReturnSuccess) {
        ret = IOServiceStateNotificationDispatchSource::Create(this, items, ivars->queue,
                                                               &ivars->state);
    }
    OSSafeReleaseNULL(items);
    OSSafeReleaseNULL(item);
    if (ret == kIOReturnSuccess) {
        CreateActionMoodChanged(0, &ivars->moved);
        ivars->state->SetHandler(ivars->moved);
        ret = ivars->state->StateNotificationBegin();
    }
    return ret;
}

void IMPL(Watcher, ServicesChanged) {
    ivars->services->DeliverNotifications(^(uint64_t type, IOService * service, uint64_t options) {
      uint64_t id = 0;
      const bool arrived = type == kIOServiceNotificationTypeMatched;
      Log("%{public}s %d %llu", arrived ? "arrived" : "gone",
          arrived ? service->GetRegistryEntryID(&id) == kIOReturnSuccess && id != 0 : 1, options);
    });
}

void IMPL(Watcher, MoodChanged) {
    ivars->state->StateNotificationBegin();
    auto item = OSStringCreate(kMood, sizeof kMood - 1);
    OSDictionary * value = nullptr;
    if (StateNotificationItemCopy(item, &value) == kIOReturnSuccess) {
        Log("mood %llu", OSDictionaryGetUInt64Value(value, "mood"));
    }
    OSSafeReleaseNULL(value);
    OSSafeReleaseNULL(item);
}

kern_return_t IMPL(Watcher, SetMood) {
    auto item = OSStringCreate(kMood, sizeof kMood - 1);
    auto value = OSDictionaryCreate();
    OSDictionarySetUInt64Value(value, "mood", mood);
    const kern_return_t ret = StateNotificationItemSet(item, value);
    OSSafeReleaseNULL(value);
    OSSafeReleaseNULL(item);
    return ret;
}

kern_return_t IMPL(Watcher, ConfigureReport) {
    const kern_return_t ret = ConfigureReport(channels, action, outCount, SUPERDISPATCH);
    *outCount += 3;
    return ret;
}

// What a service that reports does: a legend, channels, values; the wake of the system is its
// doing.
kern_return_t Watcher::Report(bool isPublic) {
    uint32_t count = 1;
    auto channels = OSData::withBytes(&count, sizeof count);
    auto legend = OSArrayCreate();
    kern_return_t ret = ConfigureReport(channels, 1, &count);
    if (ret == kIOReturnSuccess && count != 4) {
        ret = kIOReturnInternalError;
    }
    if (ret == kIOReturnSuccess) {
        ret = UpdateReport(channels, 1, &count, 0, 0, nullptr);
    }
    if (ret == kIOReturnSuccess) {
        ret = _ClaimSystemWakeEvent(GetProvider(), _kIOPMWakeEventSource, "Mood", nullptr);
    }
    if (ret == kIOReturnSuccess) {
        ret = SetLegend(legend, isPublic);
    }
    OSSafeReleaseNULL(legend);
    OSSafeReleaseNULL(channels);
    return ret;
}

kern_return_t IMPL(Watcher, NewUserClient) {
    IOService * made = nullptr;
    const kern_return_t ret = Create(this, "UserClientProperties", &made);
    if (ret == kIOReturnSuccess) {
        *userClient = OSDynamicCast(IOUserClient, made);
    }
    return ret;
}

// The last of the handlers to end stops the driver.
kern_return_t IMPL(Watcher, Stop) {
    __block _Atomic uint32_t left = 4;
    this->retain();
    provider->retain();
    void (^finalize)(void) = ^{
      if (--left == 0) {
          Release(provider);
      }
    };
    ivars->services->Cancel(finalize);
    ivars->state->Cancel(finalize);
    ivars->changed->Cancel(finalize);
    ivars->moved->Cancel(finalize);
    return kIOReturnSuccess;
}

void Watcher::Release(IOService * provider) {
    const kern_return_t ret = Stop(provider, SUPERDISPATCH);
    Log("stopped: 0x%x", ret);
    provider->release();
    this->release();
}
