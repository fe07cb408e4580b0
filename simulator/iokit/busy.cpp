// How far the matching of services is, and waiting for its end.
#include <IOKit/IOKitLib.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

// The seconds and nanoseconds as the kernel adds them; −1 of the latter is for ever.
uint64_t nanosecondsOf(const mach_timespec_t * wait) {
    constexpr uint64_t kSecond = 1'000'000'000;
    return wait == nullptr ? UINT64_MAX
                           : wait->tv_sec * kSecond + static_cast<uint64_t>(int64_t{wait->tv_nsec});
}

template <typename Call> kern_return_t withRoot(mach_port_t mainPort, Call call) {
    io_registry_entry_t root = IORegistryGetRootEntry(mainPort);
    if (root == IO_OBJECT_NULL) {
        return MACH_SEND_INVALID_DEST;
    }
    kern_return_t status = call(root);
    IOObjectRelease(root);
    return status;
}

} // namespace

// Asks again and again: what is quiet for less than that is not noticed.
kern_return_t IOServiceWaitQuiet(io_service_t service, mach_timespec_t * waitTime) {
    constexpr uint64_t kLongest = INT64_MAX / 4;
    constexpr auto kStep = std::chrono::milliseconds(2);
    const uint64_t timeout = nanosecondsOf(waitTime);
    const auto deadline =
        steady_clock::now() + nanoseconds(static_cast<int64_t>(std::min(timeout, kLongest)));
    for (;;) {
        uint32_t busy = 0;
        kern_return_t status = IOServiceGetBusyState(service, &busy);
        if (status != kIOReturnSuccess || busy == 0) {
            return status;
        }
        if (steady_clock::now() >= deadline) {
            return kIOReturnTimeout;
        }
        std::this_thread::sleep_for(kStep);
    }
}

kern_return_t IOKitGetBusyState(mach_port_t mainPort, uint32_t * busyState) {
    return withRoot(mainPort, [&](auto root) { return IOServiceGetBusyState(root, busyState); });
}

kern_return_t IOKitWaitQuiet(mach_port_t mainPort, mach_timespec_t * waitTime) {
    return withRoot(mainPort, [&](auto root) { return IOServiceWaitQuiet(root, waitTime); });
}
