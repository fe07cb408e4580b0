// What an OSAction carries, and how a message reaches its target.
#ifndef DEXTSIM_DRIVERKIT_ACTION_H
#define DEXTSIM_DRIVERKIT_ACTION_H

#include "../../ipc/messages.h"

#include <DriverKit/OSAction.h>

#include <array>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

struct OSActionWaitToken {
    std::condition_variable arrived;
    uint32_t invocations = 0;
    bool ended = false; // cancelled
};

namespace dextsim {

// The kernel's half of the completion of an asynchronous call: where it goes (contract §1.7).
struct CompletionRoute {
    uint64_t userClient = 0; // number in the kernel
    uint64_t session = 0;
    uint32_t port = 0;
    std::array<uint64_t, kAsyncReferenceWords> reference{};
};

} // namespace dextsim

struct OSAction_IVars {
    std::mutex lock;
    OSObject * target = nullptr; // retained until cancelled or freed; null for a completion
    uint64_t targetMessageId = 0;
    uint64_t messageId = 0;
    void * reference = nullptr;
    bool cancelled = false;
    OSActionWaitToken * waiter = nullptr;
    std::function<void()> abortedHandler;
    // Completions only.
    bool isCompletion = false;
    uint64_t number = 0;
    bool held = false; // the kernel knows that it outlives its call
    dextsim::CompletionRoute route;
    // Actions whose other end is the kernel half of a family: takes the message apart.
    void (*toKernel)(OSAction * action, const IORPC & rpc) = nullptr;
    std::shared_ptr<void> context; // for `toKernel`
};

namespace dextsim {

// Copies the message and brings it to the action's target; a completion goes to the kernel.
kern_return_t invokeAction(OSAction * action, const IORPC & rpc);

// The action that a driver finds in IOUserClientMethodArguments. With a reference for the caller.
OSAction * makeCompletion(const CompletionRoute & route);
// The action that a driver gets from the kernel half of a family. With a reference for the caller.
OSAction * makeKernelAction(uint64_t messageId, void (*toKernel)(OSAction *, const IORPC &),
                            std::shared_ptr<void> context);
// At the end of the call: tells the kernel when the driver has kept it, then drops the reference.
void endCompletion(OSAction * completion);

} // namespace dextsim

#endif
