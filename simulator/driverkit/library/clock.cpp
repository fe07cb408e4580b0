// Clocks and sleeping.
#include "../../ipc/machine.h"
#include "../runtime/timers.h"

#include <DriverKit/IOLib.h>
#include <atomic>
#include <chrono>
#include <thread>
#include <time.h>

#if !defined(__APPLE__)

namespace {

uint64_t nanoseconds(clockid_t clock) {
    timespec now = {};
    clock_gettime(clock, &now);
    return static_cast<uint64_t>(now.tv_sec) * NSEC_PER_SEC + static_cast<uint64_t>(now.tv_nsec);
}

// Apple's uptime stands still during sleep, its monotonic clock goes on: Linux has them the other
// way round.
#if defined(CLOCK_BOOTTIME)
constexpr clockid_t continuous = CLOCK_BOOTTIME;
#else
constexpr clockid_t continuous = CLOCK_MONOTONIC;
#endif

// A clock of the system, held and stepped with the machine's.
uint64_t onMachine(clockid_t clock) {
    return nanoseconds(clock) + static_cast<uint64_t>(dextsim::machineOffset());
}

} // namespace

uint64_t clock_gettime_nsec_np(int clock_id) {
    switch (clock_id) {
    case CLOCK_UPTIME_RAW:
    case CLOCK_UPTIME_RAW_APPROX:
        return dextsim::machineNanoseconds();
    case CLOCK_MONOTONIC:
#if defined(CLOCK_MONOTONIC_RAW)
    case CLOCK_MONOTONIC_RAW:
#endif
        return onMachine(continuous);
    case CLOCK_REALTIME:
        return onMachine(CLOCK_REALTIME);
    case CLOCK_PROCESS_CPUTIME_ID:
        return nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    case CLOCK_THREAD_CPUTIME_ID:
        return nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    default:
        return 0;
    }
}

kern_return_t mach_timebase_info(mach_timebase_info_t info) {
    *info = {1, 1};
    return KERN_SUCCESS;
}

uint64_t mach_absolute_time(void) {
    return dextsim::machineNanoseconds();
}

uint64_t mach_continuous_time(void) {
    return onMachine(continuous);
}

#endif

void IOSleep(uint64_t ms) {
    dextsim::sleepUntil(dextsim::machineNanoseconds() + ms * 1'000'000);
}

// Spins for a time of the processor, whatever the machine's clock does meanwhile.
void IODelay(uint64_t us) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(us);
    while (std::chrono::steady_clock::now() < until) {
    }
}

void OSSynchronizeIO(void) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
}
