// See registry_tree.h.
#include "registry_tree.h"

#include "ipc/machine.h"
#include "kernel.h"

namespace dextsim {

namespace {

// Who keeps an entry: the registry, its provider, what is attached to it, its half in a dext, and
// an app's connection.
uint64_t retainCount(const Kernel & kernel, const Entry & entry) {
    uint64_t count = 1 + (entry.provider != 0 ? 1 : 0) + entry.clients.size();
    const auto found = kernel.objects.find(entry.id);
    if (found != kernel.objects.end()) {
        count += 1;
        count += found->second.client && found->second.client->session != 0 ? 1 : 0;
    }
    return count;
}

uint64_t busyTime(const Entry & entry) {
    return entry.busyBefore + (entry.busy != 0 ? machineNanoseconds() - entry.busySince : 0);
}

} // namespace

Value registryTree(const Kernel & kernel, uint64_t id) {
    const Entry * entry = kernel.registry.find(id);
    if (entry == nullptr) {
        return {};
    }
    const char * const state = entry->inactive  ? "inactive"
                               : entry->matched ? "matched"
                                                : "attached";
    Value::Array children;
    for (uint64_t client : entry->clients) {
        children.push_back(registryTree(kernel, client));
    }
    return Value::dictionary({{"entry", Value::number(id)},
                              {"name", Value::string(entry->name)},
                              {"class", Value::string(entry->className)},
                              {"state", Value::string(state)},
                              {"registered", Value::boolean(entry->registered)},
                              {"matched", Value::boolean(entry->matched)},
                              {"active", Value::boolean(!entry->inactive)},
                              {"busy", Value::number(entry->busy)},
                              {"busyTime", Value::number(busyTime(*entry))},
                              {"retain", Value::number(retainCount(kernel, *entry))},
                              {"properties", kernel.registry.properties(*entry)},
                              {"children", Value::array(std::move(children))}});
}

} // namespace dextsim
