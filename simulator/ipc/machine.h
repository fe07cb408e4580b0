// The page that the kernel shares with every process of its machine: the simulated clock, and the
// faults that a dext must meet at the very event. Who writes what stands at each part.
#ifndef DEXTSIM_IPC_MACHINE_H
#define DEXTSIM_IPC_MACHINE_H

#include "assumptions.h"
#include "fd.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dextsim {

enum class FaultEvent : uint32_t { Call = 1, Completion = 2, Packet = 3 };
enum class FaultAction : uint32_t { Unplug = 1, KillDext = 2, KillClient = 3 };

// Armed by the kernel; whoever comes to the event takes 1 off `remaining`, and the fault strikes
// the one who takes the last. All members are read and written atomically.
struct FaultSlot {
    static constexpr uint32_t kFree = 0;
    static constexpr uint32_t kArmed = 1;
    static constexpr uint32_t kStruck = 2;

    uint32_t state;
    FaultEvent event;
    FaultAction action;
    uint32_t anySelector; // of calls; 0: only `selector` counts
    uint32_t selector;
    uint32_t reserved;
    uint64_t dext; // nameHash of the IOUserServerName; 0: every dext
    int64_t remaining;
};

constexpr size_t kFaultSlots = 32;

struct MachinePage {
    // The clock: written by the kernel alone, odd `clockSequence` = being written.
    uint32_t clockSequence;
    uint32_t clockHeld;
    int64_t clockValue;   // ns: held, the time; running, the distance to CLOCK_MONOTONIC
    uint32_t faultsArmed; // how many slots wait; a dext looks at this alone when it is 0
    uint32_t recording;   // a dext reports its calls while this is not 0
    uint32_t assumptions; // bitOf each Assumption; set before any other process sees the page
    FaultSlot faults[kFaultSlots];
};

// FNV-1a, never 0.
uint64_t nameHash(std::string_view name);

// The page of this process; null before useMachine. It is never unmapped.
MachinePage * machine();
// Maps the page for this process, a client's read-only. False: no memory.
bool useMachine(const Fd & page, bool writable);
// The kernel's: makes the page. Invalid: no descriptor or memory.
Fd createMachine();

struct MachineTime {
    uint64_t now; // ns
    bool held;
};
// Time of the simulated machine; CLOCK_MONOTONIC while there is no page.
MachineTime machineTime();
inline uint64_t machineNanoseconds() {
    return machineTime().now;
}
// What to add to a clock of the system to have it as the machine's.
int64_t machineOffset();
// The kernel's: `value` as in MachinePage::clockValue.
void setMachineClock(bool held, int64_t value);

} // namespace dextsim

#endif
