// See time_control.h.
#include "time_control.h"

#include "ipc/machine.h"

#include <algorithm>

namespace dextsim {

namespace {

// A dext that is stopped or stuck must not stop everybody's time.
constexpr auto kPatience = std::chrono::seconds(5);

// One round of telling every dext that the clock changed.
struct Round {
    Kernel & kernel;
    std::function<void(uint64_t earliest)> done;
    size_t waiting = 0;
    uint64_t earliest = 0; // of all deadlines that are left; 0: none
    EventLoop::TimerId timer = 0;

    void add(uint64_t deadline) {
        earliest = deadline == 0 || (earliest != 0 && earliest < deadline) ? earliest : deadline;
    }
    void finish() {
        kernel.loop.cancel(timer);
        auto then = std::move(done);
        done = {};
        if (then) {
            then(earliest);
        }
    }
};
using RoundRef = std::shared_ptr<Round>;

void answered(const RoundRef & round, const Answer & answer) {
    if (answer.delivered && answer.status == 0) {
        round->add(answer.reader().u64());
    }
    if (--round->waiting == 0) {
        round->finish();
    }
}

void tellDevices(Kernel & kernel) {
    const MachineTime time = machineTime();
    for (auto & [id, session] : kernel.sessions) {
        if (session->greeted && session->role == Role::Device) {
            session->link->send(MessageType::DeviceClock, Writer().u8(time.held).u64(time.now));
        }
    }
}

void tellEverybody(Kernel & kernel, std::function<void(uint64_t earliest)> done) {
    tellDevices(kernel);
    auto round = std::make_shared<Round>(Round{kernel, std::move(done)});
    for (auto & [id, process] : kernel.processes) {
        if (process->state == DextProcess::State::Running && process->link) {
            ++round->waiting;
            process->link->request(MessageType::ClockChanged, {},
                                   [round](Answer & answer) { answered(round, answer); });
        }
    }
    if (round->waiting == 0) {
        kernel.loop.later([round] { round->finish(); });
        return;
    }
    round->timer = kernel.loop.after(kPatience, [round] {
        round->timer = 0;
        round->kernel.say("a dext did not notice within 5 s that the clock changed");
        round->finish();
    });
}

struct Step {
    Kernel & kernel;
    uint64_t to;
    TimeReached done;
};
using StepRef = std::shared_ptr<Step>;

// Everybody's timers up to now have run; `earliest` is the next deadline of the dexts.
void goOn(const StepRef & step, uint64_t earliest) {
    Clock & clock = step->kernel.clock;
    const uint64_t now = machineNanoseconds();
    if (now >= step->to || !clock.isHeld()) {
        step->done(now);
        return;
    }
    const uint64_t own = clock.nextDeadline();
    uint64_t next = step->to;
    for (uint64_t deadline : {own, earliest}) {
        next = deadline == 0 ? next : std::min(next, std::max(deadline, now));
    }
    clock.moveTo(next);
    tellEverybody(step->kernel, [step](uint64_t left) { goOn(step, left); });
}

} // namespace

void holdClock(Kernel & kernel, bool held, TimeReached done) {
    if (held) {
        kernel.clock.hold();
    } else {
        kernel.clock.resume();
    }
    tellEverybody(kernel, [done = std::move(done)](uint64_t) { done(machineNanoseconds()); });
}

void stepClock(Kernel & kernel, uint64_t to, TimeReached done) {
    auto step = std::make_shared<Step>(Step{kernel, to, std::move(done)});
    tellEverybody(kernel, [step](uint64_t earliest) { goOn(step, earliest); });
}

} // namespace dextsim
