// See machine.h.
#include "machine.h"

#include "os.h"

#include <atomic>
#include <ctime>

namespace dextsim {

namespace {

std::atomic<MachinePage *> gPage{nullptr};

uint64_t realNanoseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(now.tv_nsec);
}

struct ClockState {
    bool held;
    int64_t value;
};

// The words as one: read again when the kernel wrote meanwhile.
ClockState readClock(MachinePage & page) {
    for (;;) {
        const uint32_t before = std::atomic_ref(page.clockSequence).load(std::memory_order_acquire);
        const ClockState state{std::atomic_ref(page.clockHeld).load(std::memory_order_relaxed) != 0,
                               std::atomic_ref(page.clockValue).load(std::memory_order_relaxed)};
        std::atomic_thread_fence(std::memory_order_acquire);
        const uint32_t after = std::atomic_ref(page.clockSequence).load(std::memory_order_relaxed);
        if (before == after && (before & 1) == 0) {
            return state;
        }
    }
}

} // namespace

uint64_t nameHash(std::string_view name) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const char each : name) {
        hash = (hash ^ static_cast<uint8_t>(each)) * 0x100000001b3;
    }
    return hash | 1;
}

MachinePage * machine() {
    return gPage.load(std::memory_order_acquire);
}

bool useMachine(const Fd & page, bool writable) {
    void * address = page.valid() ? mapShared(page, sizeof(MachinePage), writable) : nullptr;
    if (address != nullptr) {
        gPage.store(static_cast<MachinePage *>(address), std::memory_order_release);
    }
    return address != nullptr;
}

Fd createMachine() {
    Fd page = createSharedMemory(roundToPages(sizeof(MachinePage)));
    if (page.valid() && !useMachine(page, true)) {
        page.reset();
    }
    return page;
}

bool assumed(Assumption assumption) {
    const MachinePage * page = machine();
    return page != nullptr && (page->assumptions & bitOf(assumption)) != 0;
}

MachineTime machineTime() {
    MachinePage * page = machine();
    const ClockState state = page == nullptr ? ClockState{false, 0} : readClock(*page);
    const auto value = static_cast<uint64_t>(state.value);
    return {state.held ? value : realNanoseconds() + value, state.held};
}

int64_t machineOffset() {
    return static_cast<int64_t>(machineNanoseconds() - realNanoseconds());
}

void setMachineClock(bool held, int64_t value) {
    MachinePage & page = *machine();
    std::atomic_ref sequence(page.clockSequence);
    const uint32_t before = sequence.load(std::memory_order_relaxed);
    sequence.store(before + 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    std::atomic_ref(page.clockHeld).store(held ? 1u : 0u, std::memory_order_relaxed);
    std::atomic_ref(page.clockValue).store(value, std::memory_order_relaxed);
    sequence.store(before + 2, std::memory_order_release);
}

} // namespace dextsim
