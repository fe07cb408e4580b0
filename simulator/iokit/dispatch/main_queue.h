// The main queue: its work waits for the main thread, which runs it in its run loop or in
// dispatch_main.
#ifndef DEXTSIM_IOKIT_DISPATCH_MAIN_QUEUE_H
#define DEXTSIM_IOKIT_DISPATCH_MAIN_QUEUE_H

namespace dextsim::dispatch {

// On the main thread, outside of the main queue's own work: runs what is there. False: nothing was.
bool runMainQueue();
// The caller runs on the main queue: the main thread, in work of it.
bool isInMainQueue();
bool isMainThread();
// There is work: wakes the main thread.
void wakeMainThread();

} // namespace dextsim::dispatch

#endif
