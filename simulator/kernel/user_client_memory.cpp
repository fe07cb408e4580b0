// Mapping and unmapping the memory of a user client (contract §2.1, §2.2).
#include "client_memory.h"
#include "user_clients.h"
#include "watchdog.h"

#include <IOKit/IOReturn.h>

#include <algorithm>

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
    const auto came = watchAnswer(kernel, *process, entry->name + "::CopyClientMemoryForType",
                                  "mapping in pid " + std::to_string(session.peer.process) +
                                      " hangs with it (contract §2.1)");
    process->link->request(
        MessageType::CopyClientMemory, Writer().u64(connect).u64(type),
        [&kernel, id, reply, connect, came, then = std::move(then)](Answer & answer) {
            came();
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

namespace {

struct MapRequest {
    uint64_t session;
    uint64_t reply;
    uint64_t connect;
    uint64_t options; // of the dext
    uint64_t memory;
};

// A Mac's kernel passes an uninitialised variable here (contract §2.4, §14.3): the app may find the
// memory read-only, and so it does, unless it was asked to be lenient.
uint64_t takeUnsetOptions(Kernel & kernel, uint64_t connect) {
    const Entry * entry = kernel.registry.find(connect);
    const bool zero = kernel.options.assumes(Assumption::UnsetOptions);
    kernel.say(
        (entry == nullptr ? "" : entry->name + ": ") +
        "CopyClientMemoryForType left *options unset, which is " +
        (zero ? "taken for 0"
              : "taken for kIOUserClientMemoryReadOnly (--assume unset-options=zero: for 0)"));
    return zero ? 0 : 1;
}

// An application sees them side by side, so they begin and end with pages where two meet.
bool fitTogether(const std::vector<MemoryPiece> & pieces) {
    for (size_t i = 1; i < pieces.size(); ++i) {
        const MemoryPiece & before = pieces[i - 1];
        if ((before.offset + before.length) % pageSize() != 0 ||
            pieces[i].offset % pageSize() != 0) {
            return false;
        }
    }
    return !pieces.empty();
}

// The pieces from `first` on that go into one message. False: no descriptor is left for one of
// them.
bool writePieces(Writer & body, std::vector<Fd> & fds, const std::vector<MemoryPiece> & pieces,
                 uint32_t first, bool readOnly) {
    const size_t end = std::min<size_t>(pieces.size(), size_t{first} + kMaxMessageFds);
    body.u32(static_cast<uint32_t>(pieces.size())).u32(static_cast<uint32_t>(end - first));
    for (size_t i = first; i < end; ++i) {
        const Fd & pages = pieces[i].backing->fd;
        fds.push_back(readOnly ? reopenReadOnly(pages) : Fd(dup(pages.get())));
        if (!fds.back().valid()) {
            return false;
        }
        body.u64(pieces[i].offset).u64(pieces[i].length);
    }
    return true;
}

// Any failure at all is BadArgument (contract §2.1 step 7).
void answerMap(Kernel & kernel, const MapRequest & map, int32_t status) {
    Session * asker = kernel.session(map.session);
    DextObject * client = asker == nullptr ? nullptr : connectionOf(kernel, *asker, map.connect);
    const MemoryDescriptor * memory = kernel.memory.find(map.memory);
    if (asker == nullptr) {
        return;
    }
    const auto pieces = memory == nullptr ? std::vector<MemoryPiece>() : memory->pieces();
    const bool readOnly = (map.options & 1) != 0;
    Writer body;
    std::vector<Fd> fds;
    if (status != kIOReturnSuccess || client == nullptr || !fitTogether(pieces)) {
        asker->link->reply(map.reply, kIOReturnBadArgument);
        return;
    }
    body.u64(map.options).u64(memory->length).u64(memory->id);
    if (!writePieces(body, fds, pieces, 0, readOnly)) {
        asker->link->reply(map.reply, kIOReturnBadArgument);
        return;
    }
    kernel.memory.retain(memory->id);
    ++client->client->maps[{memory->id, readOnly}];
    ++client->client->mapped;
    asker->link->reply(map.reply, kIOReturnSuccess, body, std::move(fds));
}

} // namespace

void mapMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect,
               uint32_t type) {
    auto finish = [reply, connect](Kernel & k, Session & asker, DextObject &,
                                   const Answer & answer) {
        Reader reader = answer.reader();
        MapRequest map{asker.id, reply, connect, reader.u64(), reader.u64()};
        if (map.options == kUnsetOptions && answer.status == kIOReturnSuccess) {
            map.options = takeUnsetOptions(k, connect);
        }
        if (!answer.delivered || answer.status != kIOReturnSuccess) {
            answerMap(k, map, kIOReturnBadArgument);
            return;
        }
        referenceMemory(k, map.memory, [&k, map](int32_t status) { answerMap(k, map, status); });
    };
    askForMemory(kernel, session, reply, connect, type, finish);
}

void mapMoreMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect,
                   uint32_t first, Reader & which) {
    const uint64_t memory = which.u64();
    const bool readOnly = which.u8() != 0;
    DextObject * client = connectionOf(kernel, session, connect);
    const MemoryDescriptor * of = kernel.memory.find(memory);
    Writer body;
    std::vector<Fd> fds;
    if (client == nullptr || of == nullptr || !client->client->maps.contains({memory, readOnly})) {
        session.link->reply(reply, kIOReturnBadArgument);
        return;
    }
    const auto pieces = of->pieces();
    if (first >= pieces.size() || !writePieces(body, fds, pieces, first, readOnly)) {
        session.link->reply(reply, kIOReturnBadArgument);
        return;
    }
    session.link->reply(reply, kIOReturnSuccess, body, std::move(fds));
}

void mapDropped(Kernel & kernel, Session & session, Reader & reader) {
    DextObject * client = connectionOf(kernel, session, reader.u64());
    const uint64_t memory = reader.u64();
    const bool readOnly = reader.u8() != 0;
    const auto why = static_cast<MapDrop>(reader.u8());
    if (client == nullptr) {
        return;
    }
    auto found = client->client->maps.find({memory, readOnly});
    if (found == client->client->maps.end()) {
        return;
    }
    client->client->mapped -= why == MapDrop::Failed ? 1 : 0;
    kernel.memory.release(memory);
    if (--found->second == 0) {
        client->client->maps.erase(found);
    }
}

// Whether that instance is mapped, the app knows (contract §2.2).
void unmapMemory(Kernel & kernel, Session & session, uint64_t reply, uint64_t connect,
                 uint32_t type) {
    auto finish = [reply, connect](Kernel & k, Session & asker, DextObject &,
                                   const Answer & answer) {
        const int32_t status = answer.delivered ? answer.status : MIG_SERVER_DIED;
        Reader reader = answer.reader();
        uint64_t options = reader.u64();
        if (options == kUnsetOptions && status == kIOReturnSuccess) {
            options = takeUnsetOptions(k, connect);
        }
        const uint64_t id = status == kIOReturnSuccess ? reader.u64() : 0;
        const MemoryDescriptor * memory = k.memory.find(id);
        Writer body;
        body.u8((options & 1) != 0).u64(memory == nullptr ? 0 : memory->length).u64(id);
        asker.link->reply(reply, status, body);
    };
    askForMemory(kernel, session, reply, connect, type, finish);
}

} // namespace dextsim
