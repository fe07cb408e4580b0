// One thread that runs callbacks at absolute times of CLOCK_MONOTONIC: the machinery below
// IOTimerDispatchSource.
#ifndef DEXTSIM_DRIVERKIT_TIMERS_H
#define DEXTSIM_DRIVERKIT_TIMERS_H

#include <cstdint>
#include <functional>

namespace dextsim {

// Nanoseconds of the clock that timers, mach_absolute_time and USB timestamps share.
uint64_t monotonicNanoseconds();

// Calls `fire` once, on the timer thread, at or after `deadline`; it must not block. Returns an id,
// never 0.
uint64_t startTimer(uint64_t deadline, std::function<void()> fire);
// Forgets a timer. One whose callback already began still finishes.
void cancelTimer(uint64_t id);

} // namespace dextsim

#endif
