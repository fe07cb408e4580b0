// Threads for work that nobody waits for. As many as are busy at once, so that blocked work never
// starves other work.
#ifndef DEXTSIM_DRIVERKIT_WORKERS_H
#define DEXTSIM_DRIVERKIT_WORKERS_H

#include <chrono>
#include <functional>

namespace dextsim {

// Runs `work` on an idle worker, or on a new one.
void runOnWorker(std::function<void()> work);
// Returns when none has anything to do, or after the limit, real time.
void awaitWorkers(std::chrono::milliseconds limit);

} // namespace dextsim

#endif
