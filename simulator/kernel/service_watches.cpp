// See service_watches.h.
#include "service_watches.h"

#include "families.h"
#include "kernel.h"
#include "matching.h"
#include "processes.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

// Of IOServiceNotificationDispatchSource.iig.
constexpr uint64_t kNewsTerminated = 0;
constexpr uint64_t kNewsMatched = 1;

void ping(Kernel & kernel, uint32_t id, uint64_t watch) {
    DextProcess * process = kernel.process(id);
    if (process != nullptr && process->link) {
        process->link->send(MessageType::FamilyCall, familyBody(FamilyOp::WatchReady, watch));
    }
}

// One ping when there is news again after there was none.
void tell(Kernel & kernel, uint64_t id, ServiceWatch & watch, uint64_t type, const Entry & entry) {
    watch.news.push_back({type, entry.id, entry.className});
    if (watch.news.size() == 1) {
        ping(kernel, watch.process, id);
    }
}

void watchServices(DextRequest & request) {
    Kernel & kernel = request.kernel;
    const uint64_t id = kernel.watches.next++;
    ServiceWatch & watch = kernel.watches.services[id];
    watch.process = request.process.id;
    watch.matching = request.reader.value();
    request.answer(kIOReturnSuccess, Writer().u64(id));
    kernel.registry.each([&](Entry & entry) {
        if (entry.matched && !entry.inactive &&
            serviceMatches(kernel.registry, watch.matching, entry)) {
            watch.known.insert(entry.id);
            tell(kernel, id, watch, kNewsMatched, entry);
        }
    });
}

void nextNews(DextRequest & request, uint64_t id) {
    auto found = request.kernel.watches.services.find(id);
    if (found == request.kernel.watches.services.end() || found->second.news.empty()) {
        request.answer(kIOReturnUnderrun);
        return;
    }
    const ServiceWatch::News news = found->second.news.front();
    found->second.news.pop_front();
    request.answer(kIOReturnSuccess,
                   Writer().u64(news.type).u64(news.entry).string(news.className));
}

void watchState(DextRequest & request, uint64_t service) {
    ServiceWatches & watches = request.kernel.watches;
    const uint64_t id = watches.next++;
    StateWatch & watch = watches.states[id];
    watch.process = request.process.id;
    watch.service = service;
    const Value items = request.reader.value();
    for (const Value & item : items.items()) {
        watch.items.insert(item.asString());
    }
    request.answer(kIOReturnSuccess, Writer().u64(id));
}

void armState(DextRequest & request, uint64_t id) {
    auto found = request.kernel.watches.states.find(id);
    if (found == request.kernel.watches.states.end()) {
        request.answer(kIOReturnNotFound);
        return;
    }
    request.answer(kIOReturnSuccess);
    StateWatch & watch = found->second;
    watch.armed = !watch.changed;
    if (watch.changed) {
        watch.changed = false;
        ping(request.kernel, watch.process, id);
    }
}

void setItem(DextRequest & request, uint64_t service, bool create) {
    Kernel & kernel = request.kernel;
    const std::string name = request.reader.string();
    auto & items = kernel.watches.items[service];
    if ((items.count(name) != 0) == create) {
        request.answer(create ? kIOReturnExclusiveAccess : kIOReturnNotFound);
        return;
    }
    items[name] = request.reader.value();
    request.answer(kIOReturnSuccess);
    for (auto & [id, watch] : kernel.watches.states) {
        if (watch.service == service && watch.items.count(name) != 0) {
            watch.changed = !watch.armed;
            if (watch.armed) {
                watch.armed = false;
                ping(kernel, watch.process, id);
            }
        }
    }
}

void copyItem(DextRequest & request, uint64_t service) {
    auto & items = request.kernel.watches.items[service];
    auto found = items.find(request.reader.string());
    if (found == items.end()) {
        request.answer(kIOReturnNotFound);
    } else {
        request.answer(kIOReturnSuccess, Writer().value(found->second));
    }
}

} // namespace

bool handleDextWatch(DextRequest & request, FamilyOp operation, uint64_t object) {
    ServiceWatches & watches = request.kernel.watches;
    switch (operation) {
    case FamilyOp::WatchServices:
        watchServices(request);
        return true;
    case FamilyOp::WatchNext:
        nextNews(request, object);
        return true;
    case FamilyOp::WatchState:
        watchState(request, object);
        return true;
    case FamilyOp::WatchArm:
        armState(request, object);
        return true;
    case FamilyOp::WatchForget:
        request.answer(watches.services.erase(object) + watches.states.erase(object) != 0
                           ? kIOReturnSuccess
                           : kIOReturnNotFound);
        return true;
    case FamilyOp::StateCreate:
    case FamilyOp::StateSet:
        setItem(request, object, operation == FamilyOp::StateCreate);
        return true;
    case FamilyOp::StateCopy:
        copyItem(request, object);
        return true;
    default:
        return false;
    }
}

void watchedServiceMatched(Kernel & kernel, const Entry & entry) {
    for (auto & [id, watch] : kernel.watches.services) {
        if (serviceMatches(kernel.registry, watch.matching, entry) &&
            watch.known.insert(entry.id).second) {
            tell(kernel, id, watch, kNewsMatched, entry);
        }
    }
}

void watchedServiceGone(Kernel & kernel, const Entry & entry) {
    for (auto & [id, watch] : kernel.watches.services) {
        if (watch.known.erase(entry.id) != 0) {
            tell(kernel, id, watch, kNewsTerminated, entry);
        }
    }
    kernel.watches.items.erase(entry.id);
    std::erase_if(kernel.watches.states,
                  [&entry](const auto & pair) { return pair.second.service == entry.id; });
}

void dropProcessWatches(Kernel & kernel, uint32_t process) {
    const auto isOf = [process](const auto & pair) { return pair.second.process == process; };
    std::erase_if(kernel.watches.services, isOf);
    std::erase_if(kernel.watches.states, isOf);
}

} // namespace dextsim
