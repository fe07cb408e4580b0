// The process-wide table of listeners. Holds no JavaScript state, and outlives every thread.
#include "listeners.h"

#include <mutex>
#include <unordered_map>

namespace dextgen {
namespace {

struct Table {
    std::mutex mutex;
    std::unordered_map<ListenerId, Listener> listeners;
    ListenerId last = 0;
};

// Never destroyed: a dispatch thread may still look an id up while the process exits.
Table & TheTable() {
    static Table * table = new Table;
    return *table;
}

} // namespace

ListenerId AddListener(Listener listener) {
    Table & table = TheTable();
    std::lock_guard<std::mutex> lock(table.mutex);
    ListenerId id = ++table.last;
    table.listeners.emplace(id, std::move(listener));
    return id;
}

void RemoveListener(ListenerId id) {
    Table & table = TheTable();
    std::lock_guard<std::mutex> lock(table.mutex);
    table.listeners.erase(id);
}

std::shared_ptr<Mailbox> TakeListener(ListenerId id) {
    Table & table = TheTable();
    std::lock_guard<std::mutex> lock(table.mutex);
    auto found = table.listeners.find(id);
    if (found == table.listeners.end())
        return nullptr;
    std::shared_ptr<Mailbox> mailbox = found->second.mailbox;
    if (found->second.once)
        table.listeners.erase(found);
    return mailbox;
}

} // namespace dextgen
