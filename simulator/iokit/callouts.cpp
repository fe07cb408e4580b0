// Who is called back for a message of a port, and with which prototype (contract §7.6).
#include "notification_port.h"

#include <map>

namespace dextsim::client {

namespace {

using Callbacks = std::map<std::pair<mach_port_t, uint64_t>, Callback>;

// Never destroyed: callbacks may run while the process exits.
Callbacks & callbacks() {
    static auto * shared = new Callbacks();
    return *shared;
}

std::mutex & tableLock() {
    static auto * lock = new std::mutex();
    return *lock;
}

Callback callbackOf(mach_port_t port, uint64_t notification) {
    std::lock_guard registration(registrationLock());
    std::lock_guard guard(tableLock());
    auto found = callbacks().find({port, notification});
    return found == callbacks().end() ? Callback() : found->second;
}

template <typename Function> Function functionOf(uint64_t word) {
    return reinterpret_cast<Function>(static_cast<uintptr_t>(word));
}

void * pointerOf(uint64_t word) {
    return reinterpret_cast<void *>(static_cast<uintptr_t>(word));
}

// The number of words chooses the prototype of the callback (contract §7.6).
void callCompletion(PortMessageBody & message) {
    uint64_t function = message.reference[kIOAsyncCalloutFuncIndex];
    void * refcon = pointerOf(message.reference[kIOAsyncCalloutRefconIndex]);
    uint64_t * words = message.words;
    if (function == 0) {
        return;
    }
    switch (message.count) {
    case 0:
        return functionOf<IOAsyncCallback0>(function)(refcon, message.status);
    case 1:
        return functionOf<IOAsyncCallback1>(function)(refcon, message.status, pointerOf(words[0]));
    case 2:
        return functionOf<IOAsyncCallback2>(function)(refcon, message.status, pointerOf(words[0]),
                                                      pointerOf(words[1]));
    default:
        return functionOf<IOAsyncCallback>(function)(
            refcon, message.status, reinterpret_cast<void **>(words), message.count);
    }
}

} // namespace

void callOut(mach_port_t port, PortMessageBody & message) {
    if (message.kind == PortMessageKind::Completion) {
        callCompletion(message);
        return;
    }
    Callback callback = callbackOf(port, message.notification);
    if (callback.function == nullptr) {
        return;
    }
    if (message.kind == PortMessageKind::Matching) {
        reinterpret_cast<IOServiceMatchingCallback>(callback.function)(callback.refcon,
                                                                       callback.object);
    } else {
        reinterpret_cast<IOServiceInterestCallback>(callback.function)(
            callback.refcon, callback.object, message.messageType, pointerOf(message.argument));
    }
}

std::mutex & registrationLock() {
    static auto * lock = new std::mutex();
    return *lock;
}

void registerCallback(mach_port_t port, uint64_t notification, const Callback & callback) {
    std::lock_guard guard(tableLock());
    callbacks()[{port, notification}] = callback;
}

void forgetCallback(mach_port_t port, uint64_t notification) {
    std::lock_guard guard(tableLock());
    callbacks().erase({port, notification});
}

void forgetCallbacks(mach_port_t port) {
    std::lock_guard guard(tableLock());
    std::erase_if(callbacks(), [port](const auto & entry) { return entry.first.first == port; });
}

} // namespace dextsim::client
