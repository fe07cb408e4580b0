// Interrupts of providers: which ones there are, who in a dext waits for them, and what fired while
// nobody was to hear of it.
#ifndef DEXTSIM_KERNEL_INTERRUPTS_H
#define DEXTSIM_KERNEL_INTERRUPTS_H

#include <cstdint>
#include <map>

namespace dextsim {

struct Kernel;

struct InterruptSource {
    uint64_t provider = 0;
    uint32_t index = 0;
    uint32_t process = 0;
    bool enabled = false;
    uint64_t pending = 0; // fired while it was disabled
};

struct Interrupts {
    std::map<uint64_t, InterruptSource> sources;
    uint64_t nextSource = 1;
};

void dropProcessInterrupts(Kernel & kernel, uint32_t process);
void dropProviderInterrupts(Kernel & kernel, uint64_t provider);

} // namespace dextsim

#endif
