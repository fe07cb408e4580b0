// See busy.h.
#include "busy.h"

#include "ipc/machine.h"

namespace dextsim {

void changeBusy(Registry & registry, uint64_t id, int32_t delta) {
    for (Entry * entry = registry.find(id); entry != nullptr && delta != 0;
         entry = registry.find(entry->provider)) {
        const uint32_t before = entry->busy;
        const int64_t wanted = int64_t{before} + delta;
        entry->busy = wanted < 0 ? 0 : static_cast<uint32_t>(wanted);
        delta = (entry->busy != 0 ? 1 : 0) - (before != 0 ? 1 : 0);
        if (delta > 0) {
            entry->busySince = machineNanoseconds();
        } else if (delta < 0) {
            entry->busyBefore += machineNanoseconds() - entry->busySince;
        }
    }
}

} // namespace dextsim
