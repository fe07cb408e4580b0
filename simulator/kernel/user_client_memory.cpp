// Mapping and unmapping the memory of a user client (contract §2.1, §2.2).
#include "user_clients.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

using WithMemory = std::function<void(Kernel &, Session &, DextObject &, const Answer &)>;

// Asks the dext for its descriptor of `type`: every time, nothing is cached (contract §2.1).
void askForMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect,
                  uint32_t type, WithMemory then) {
    DextObject * object = connectionOf(kernel, session, connect);
    const Entry * entry = kernel.registry.find(connect);
    DextProcess * process = kernel.processOf(connect);
    if (object == nullptr || entry == nullptr || entry->inactive || process == nullptr) {
        session.link->reply(reply, kIOReturnBadArgument);
        return;
    }
    uint64_t id = session.id;
    process->link->request(MessageType::CopyClientMemory, Writer().u64(connect).u64(type),
                           [&kernel, id, reply, connect, then = std::move(then)](Answer & answer) {
                               Session * asker = kernel.session(id);
                               if (asker == nullptr) {
                                   return;
                               }
                               DextObject * client = connectionOf(kernel, *asker, connect);
                               if (client == nullptr) {
                                   asker->link->reply(reply, kIOReturnBadArgument);
                                   return;
                               }
                               then(kernel, *asker, *client, answer);
                           });
}

} // namespace

void mapMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect,
               uint32_t type) {
    auto finish = [reply](Kernel & k, Session & asker, DextObject & client, const Answer & answer) {
        Reader reader = answer.reader();
        uint64_t options = reader.u64();
        MemoryDescriptor * memory = k.memory.find(reader.u64());
        // Any failure at all is BadArgument (contract §2.1 step 7).
        if (!answer.delivered || answer.status != kIOReturnSuccess || memory == nullptr) {
            asker.link->reply(reply, kIOReturnBadArgument);
            return;
        }
        bool readOnly = (options & 1) != 0;
        std::vector<Fd> fds;
        fds.push_back(readOnly ? reopenReadOnly(memory->backing->fd)
                               : Fd(dup(memory->backing->fd.get())));
        if (!fds[0].valid()) {
            asker.link->reply(reply, kIOReturnBadArgument);
            return;
        }
        if (client.client->maps.insert(memory->id).second) {
            k.memory.retain(memory->id);
        }
        client.client->everMapped = true;
        Writer body;
        body.u64(options).u64(memory->length).u64(memory->offset).u64(memory->id);
        asker.link->reply(reply, kIOReturnSuccess, body, std::move(fds));
    };
    askForMemory(kernel, session, reply, connect, type, finish);
}

void unmapMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect,
                 uint32_t type) {
    auto finish = [reply](Kernel & k, Session & asker, DextObject & client, const Answer & answer) {
        int32_t status = answer.delivered ? answer.status : MIG_SERVER_DIED;
        Reader reader = answer.reader();
        reader.u64();
        uint64_t memory = status == kIOReturnSuccess ? reader.u64() : 0;
        if (memory != 0 && client.client->maps.erase(memory) == 0) {
            status = kIOReturnBadArgument; // another instance than the mapped one (§2.2)
        } else if (memory != 0) {
            k.memory.release(memory);
        }
        asker.link->reply(reply, status, Writer().u64(memory));
    };
    askForMemory(kernel, session, reply, connect, type, finish);
}

} // namespace dextsim
