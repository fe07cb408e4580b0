// See lifecycle.h.
#include "lifecycle.h"

#include "power.h"
#include "processes.h"
#include "services.h"
#include "usb.h"
#include "user_clients.h"

#include <IOKit/IOMessage.h>
#include <IOKit/IOReturn.h>

#include <algorithm>

namespace dextsim {

namespace {

using std::chrono::milliseconds;

// The kernel does not wait for a Stop that nobody has to answer; its object is not kept for ever
// either (contract §4.6 4).
constexpr milliseconds kStopGrace = std::chrono::seconds(10);

void closeOpens(Kernel & kernel, DextObject & object) {
    if (!object.service) {
        return;
    }
    auto opens = std::move(object.service->opens);
    object.service->opens.clear();
    for (uint64_t provider : opens) {
        closeUsb(kernel, provider, object.id);
        closeFamily(kernel, provider, object.id);
    }
}

void removeEntry(Kernel & kernel, uint64_t id) {
    Entry * entry = kernel.registry.find(id);
    if (entry == nullptr) {
        return;
    }
    kernel.notifications.message(id, kIOMessageServiceIsTerminated, 0);
    watchedServiceGone(kernel, *entry);
    // A client of it that is still stopping (closed by its app) goes with it.
    for (uint64_t client : std::vector<uint64_t>(entry->clients)) {
        if (DextObject * object = kernel.object(client)) {
            object->removed = true;
        }
        removeEntry(kernel, client);
    }
    kernel.registry.remove(id);
    familyEntryGone(kernel, id);
    kernel.relaunches.erase(id);
}

// Frees the kernel's half once the dext's Stop ran to its end and no action is left.
void freeIfDone(Kernel & kernel, uint64_t id) {
    DextObject * object = kernel.object(id);
    if (object == nullptr || !object->removed || !object->stopAnswered || !object->didStop) {
        return;
    }
    if (object->client && !object->client->actions.empty()) {
        return;
    }
    uint32_t process = object->process;
    if (DextProcess * host = kernel.process(process); host != nullptr && host->link) {
        host->link->send(MessageType::Finalized, Writer().u64(id));
    }
    forgetPower(kernel, id);
    kernel.clock.cancel(object->stopTimer);
    kernel.objects.erase(id);
    retireIfUnused(kernel, process);
}

void stopped(Kernel & kernel, uint64_t id) {
    DextObject * object = kernel.object(id);
    if (object == nullptr) {
        return;
    }
    if (!object->removed && object->stopAnswered && object->didStop) {
        closeOpens(kernel, *object);
        object->removed = true;
        removeEntry(kernel, id);
    }
    freeIfDone(kernel, id);
}

void watchStop(Kernel & kernel, uint64_t id, uint32_t process) {
    kernel.object(id)->stopTimer = kernel.clock.after(kStopGrace, [&kernel, id, process] {
        DextObject * object = kernel.object(id);
        if (object == nullptr || object->didStop || object->process != process) {
            return;
        }
        kernel.say(hex(id) + ": Stop(provider, SUPERDISPATCH) was not reached within 10 s");
        if (object->removed) { // nobody waits for it: what else its process serves lives on
            object->didStop = true;
            freeIfDone(kernel, id);
        }
    });
}

void sendStop(Kernel & kernel, DextObject & object, bool oneWay) {
    uint64_t id = object.id;
    const Entry & entry = *kernel.registry.find(id);
    object.stopSent = true;
    DextProcess * process = kernel.process(object.process);
    // Nobody stops what was not started: its provider went while it was made.
    const bool waitsForStart = object.service && !object.service->startSent;
    if (process == nullptr || !process->link || waitsForStart) {
        object.stopAnswered = object.didStop = true;
        return;
    }
    watchStop(kernel, id, object.process);
    Writer body;
    body.u64(id).u64(entry.provider).u8(oneWay);
    if (oneWay) {
        object.stopAnswered = true;
        process->link->send(MessageType::Stop, body);
        return;
    }
    process->link->request(MessageType::Stop, body, [&kernel, id](Answer & answer) {
        DextObject * answered = kernel.object(id);
        if (answered == nullptr) {
            return;
        }
        answered->stopAnswered = true;
        if (answer.delivered && answer.status != kIOReturnSuccess) {
            // It counts as stopped, whether it has reached super or not (contract §4.5 3).
            kernel.say(hex(id) + ": Stop returned " + hexStatus(answer.status));
            answered->didStop = true;
            kernel.clock.cancel(answered->stopTimer);
        }
        stopped(kernel, id);
    });
}

bool providerIsInactive(Kernel & kernel, const Entry & entry) {
    const Entry * provider = kernel.registry.find(entry.provider);
    return provider == nullptr || provider->inactive;
}

// Phase 2 for one entry; its clients went through it before.
void stopEntry(Kernel & kernel, uint64_t id) {
    Entry * entry = kernel.registry.find(id);
    if (entry == nullptr) {
        return;
    }
    DextObject * object = kernel.object(id);
    if (object == nullptr) {
        removeEntry(kernel, id); // a nub of the kernel's own
        return;
    }
    // While the system sleeps nobody waits either (contract §4.6).
    bool oneWay = kernel.asleep || providerIsInactive(kernel, *entry);
    if (!object->stopSent) {
        sendStop(kernel, *object, oneWay);
    }
    if (oneWay) {
        // Considered stopped at once; what it had open is closed under it (contract §4.6).
        object->stopAnswered = true;
        closeOpens(kernel, *object);
        object->removed = true;
        removeEntry(kernel, id);
    }
    stopped(kernel, id);
}

// The successor of a replaced bundle has personalities of its own: all are tried.
MatchScope scopeOf(Kernel & kernel, const Personality * personality) {
    for (const Bundle & bundle : kernel.bundles) {
        for (const Personality & each : bundle.personalities) {
            if (&each == personality && !bundle.superseded) {
                return {personality, false};
            }
        }
    }
    return {};
}

void scheduleRematch(Kernel & kernel, uint64_t provider, const Personality * personality,
                     milliseconds lived) {
    unsigned count = ++kernel.relaunches[provider];
    if (count > kernel.options.maxRelaunches) {
        kernel.say("the dext of " + hex(provider) + " was relaunched " +
                   std::to_string(kernel.options.maxRelaunches) + " times: giving up");
        kernel.relaunches.erase(provider);
        kernel.loop.later([&kernel, provider, personality] {
            matchProvider(kernel, provider, {personality, true});
        });
        return;
    }
    // A dext that dies at once must not take the machine with it.
    auto delay = lived > std::chrono::seconds(1) || count < 4
                     ? milliseconds(0)
                     : milliseconds(std::min(kernel.options.maxRelaunchDelayMs, count * 2));
    kernel.loop.after(delay, [&kernel, provider, personality] {
        matchProvider(kernel, provider, scopeOf(kernel, personality));
    });
}

} // namespace

void terminate(Kernel & kernel, uint64_t root) {
    std::vector<uint64_t> tree = kernel.registry.subtree(root);
    std::vector<uint64_t> fresh;
    for (uint64_t id : tree) {
        Entry & entry = *kernel.registry.find(id);
        if (!entry.inactive) {
            entry.inactive = true;
            fresh.push_back(id);
            cutConnection(kernel, id);
        }
    }
    for (const char * type : {kTerminated, kWillTerminate}) {
        for (uint64_t id : fresh) {
            const Entry & entry = *kernel.registry.find(id);
            if (entry.registered) {
                kernel.notifications.post(type, entry);
            }
        }
    }
    for (auto id = tree.rbegin(); id != tree.rend(); ++id) {
        stopEntry(kernel, *id);
    }
}

void didStop(Kernel & kernel, uint64_t id) {
    if (DextObject * object = kernel.object(id)) {
        object->didStop = true;
        kernel.clock.cancel(object->stopTimer);
        stopped(kernel, id);
    }
}

void actionHeld(Kernel & kernel, uint64_t userClient, uint64_t action) {
    DextObject * object = kernel.object(userClient);
    if (object != nullptr && object->client) {
        object->client->actions.insert(action);
    }
}

void actionReleased(Kernel & kernel, uint64_t userClient, uint64_t action) {
    DextObject * object = kernel.object(userClient);
    if (object != nullptr && object->client) {
        object->client->actions.erase(action);
        freeIfDone(kernel, userClient);
    }
}

void dropObject(Kernel & kernel, uint64_t id) {
    DextObject * object = kernel.object(id);
    if (object == nullptr) {
        return;
    }
    closeOpens(kernel, *object);
    if (Entry * entry = kernel.registry.find(id)) {
        entry->inactive = true;
        cutConnection(kernel, id);
        removeEntry(kernel, id);
    }
    object = kernel.object(id);
    object->removed = object->stopAnswered = object->didStop = true;
    freeIfDone(kernel, id);
}

void dropProcess(Kernel & kernel, DextProcess & process, bool rematch) {
    auto lived =
        std::chrono::duration_cast<milliseconds>(EventLoop::Clock::now() - process.started);
    std::vector<uint64_t> dead;
    std::vector<std::pair<uint64_t, const Personality *>> providers;
    for (auto & [id, object] : kernel.objects) {
        if (object.process != process.id) {
            continue;
        }
        dead.push_back(id);
        object.stopSent = object.stopAnswered = object.didStop = true;
        if (object.client) {
            object.client->actions.clear();
        }
        const Entry * entry = kernel.registry.find(id);
        if (entry != nullptr && object.service && object.service->started && !entry->inactive) {
            providers.emplace_back(entry->provider, object.service->personality);
        }
    }
    dropProcessTransfers(kernel, process.id);
    dropProcessFamilies(kernel, process.id);
    for (uint64_t id : dead) {
        terminate(kernel, id);
        freeIfDone(kernel, id);
    }
    kernel.memory.releaseOwner(process.id);
    for (const auto & [provider, personality] : providers) {
        const Entry * entry = kernel.registry.find(provider);
        if (rematch && entry != nullptr && !entry->inactive) {
            scheduleRematch(kernel, provider, personality, lived);
        }
    }
}

} // namespace dextsim
