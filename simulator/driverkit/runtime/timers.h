// One thread that runs callbacks at absolute times of CLOCK_MONOTONIC: the machinery below
// IOTimerDispatchSource.
#ifndef DEXTSIM_DRIVERKIT_TIMERS_H
#define DEXTSIM_DRIVERKIT_TIMERS_H

#include <cstdint>
#include <functional>

namespace dextsim {

// Nanoseconds of the clock that timers, mach_absolute_time and USB timestamps share.
uint64_t monotonicNanoseconds();

// A time of one of the kIOTimerClock… clocks (contract §9.6) as one of this clock; those that have
// passed become 0. Of the real clock, the distance counts that it has now.
uint64_t monotonicDeadline(uint64_t clock, uint64_t deadline);

// Calls `fire` once, on the timer thread, at or after `deadline`; it must not block. Returns an id,
// never 0.
uint64_t startTimer(uint64_t deadline, std::function<void()> fire);
// Forgets a timer. False: its callback has begun, or has ended.
bool cancelTimer(uint64_t id);

} // namespace dextsim

#endif
