#include <DriverKit/DriverKit.iig> // as a .iig, which some projects write
#include <DriverKit/IOLib.h>

#include <com.example.Watcher/Watcher.h> // as Xcode lets projects name what it generates
#include "Watcher-Bridging-Header.h"
#include "WatcherClient.h"
#include "WatcherLog.hpp"

struct WatcherClient_IVars {
    Watcher * watcher;
    IODispatchQueue * other;
    IOLock * lock;
    IOCallOnceFlag once;
    uint64_t count;
};

bool WatcherClient::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(WatcherClient_IVars, 1);
    ivars->lock = IOLockAlloc();
    return IODispatchQueue::Create("other", 0, 0, &ivars->other) == kIOReturnSuccess;
}

void WatcherClient::free() {
    if (ivars != nullptr) {
        IOLockFreeZero(ivars->lock);
        OSSafeReleaseNULL(ivars->other);
    }
    IOSafeDeleteNULL(ivars, WatcherClient_IVars, 1);
    super::free();
}

kern_return_t IMPL(WatcherClient, Start) {
    ivars->watcher = OSDynamicCast(Watcher, provider);
    return Start(provider, SUPERDISPATCH);
}

uint64_t WatcherClient::CountOnce() {
    for (int i = 0; i < 3; i++) {
        IOCallOnce(&ivars->once, ^{
          ivars->count += 1;
        });
    }
    return ivars->count;
}

// Another queue wakes this thread, or the time does.
int WatcherClient::Sleep(uint64_t milliseconds) {
    IOLockLock(ivars->lock);
    if (milliseconds == 0) {
        ivars->other->DispatchAsync(^{
          IOLockLock(ivars->lock);
          IOLockWakeup(ivars->lock, this, true);
          IOLockUnlock(ivars->lock);
        });
    }
    const int result =
        milliseconds == 0
            ? IOLockSleep(ivars->lock, this, THREAD_UNINT)
            : IOLockSleepWithDeadline(ivars->lock, this,
                                      mach_absolute_time() + milliseconds * kMillisecondScale,
                                      THREAD_UNINT);
    IOLockUnlock(ivars->lock);
    return result;
}

kern_return_t WatcherClient::ExternalMethod(uint64_t selector,
                                            IOUserClientMethodArguments * arguments,
                                            const IOUserClientMethodDispatch * dispatch __unused,
                                            OSObject * target __unused, void * reference __unused) {
    const uint64_t in = arguments->scalarInputCount > 0 ? arguments->scalarInput[0] : 0;
    switch (selector) {
    case kWatcherCount:
        arguments->scalarOutput[0] = CountOnce();
        return kIOReturnSuccess;
    case kWatcherSleep:
        arguments->scalarOutput[0] = static_cast<uint64_t>(Sleep(in));
        return kIOReturnSuccess;
    case kWatcherMood:
        return ivars->watcher->SetMood(in); // runs on the driver's queue
    case kWatcherFree: {
        auto bytes = new uint64_t[4]; // not of IOMalloc
        IOFree(bytes, sizeof(uint64_t[4]));
        return kIOReturnSuccess;
    }
    case kWatcherLoad:
        return Load(arguments);
    case kWatcherReport:
        return ivars->watcher->Report(in != 0);
    default:
        return kIOReturnUnsupported;
    }
}

// A file of the bundle, by the name in the structure: its size and its first byte.
kern_return_t WatcherClient::Load(IOUserClientMethodArguments * arguments) {
    auto bundle = OSBundle::mainBundle();
    OSMappedFile * file = nullptr;
    const char * name = static_cast<const char *>(arguments->structureInput->getBytesNoCopy());
    const kern_return_t ret = bundle->loadResource(name, 0, 4096, &file);
    if (ret == kIOReturnSuccess) {
        arguments->scalarOutput[0] = file->size();
        arguments->scalarOutput[1] = *static_cast<const uint8_t *>(file->data());
    }
    OSSafeReleaseNULL(file);
    OSSafeReleaseNULL(bundle);
    return ret;
}
