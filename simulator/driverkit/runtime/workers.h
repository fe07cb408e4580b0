// Threads for work that nobody waits for. As many as are busy at once, so that blocked work never
// starves other work.
#ifndef DEXTSIM_DRIVERKIT_WORKERS_H
#define DEXTSIM_DRIVERKIT_WORKERS_H

#include <functional>

namespace dextsim {

// Runs `work` on an idle worker, or on a new one.
void runOnWorker(std::function<void()> work);

} // namespace dextsim

#endif
