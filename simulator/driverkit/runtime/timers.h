// One thread that runs callbacks at absolute times of the machine's clock: the machinery below
// IOTimerDispatchSource and everything else that waits for a time. When the clock is held nothing
// is due; when it is stepped, whoever stepped it hears when the callbacks have run.
#ifndef DEXTSIM_DRIVERKIT_TIMERS_H
#define DEXTSIM_DRIVERKIT_TIMERS_H

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

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

// Blocks this thread until the clock is there.
void sleepUntil(uint64_t deadline);
// Like condition_variable::wait_until on this clock. False: the time came first. Nothing touches
// `lock` or `arrived` once it has returned.
bool waitUntil(std::unique_lock<std::mutex> & lock, std::condition_variable & arrived,
               uint64_t deadline, const std::function<bool()> & ready);

// Handlers that a timer set off, wherever they run: a step waits for them. Whoever carries a
// handler to another thread keeps the turn until it has run.
using TimerTurn = std::shared_ptr<void>;
TimerTurn newTurn();
// The turn that this thread works for; null: none.
TimerTurn currentTurn();
class InTurn {
  public:
    explicit InTurn(TimerTurn turn);
    ~InTurn();
    InTurn(const InTurn &) = delete;
    InTurn & operator=(const InTurn &) = delete;

  private:
    TimerTurn before_;
};

// The clock was held, resumed or moved. `settled` is called on the timer thread when everything
// that is due has run; `next` is the first deadline that is left, 0 = none.
void clockChanged(std::function<void(uint64_t next)> settled);

} // namespace dextsim

#endif
