// Memory descriptors that a dext makes (contract §1.10, §2.5).
#include "client_memory.h"
#include "processes.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace dextsim {

namespace {

void createMemory(DextRequest & request) {
    uint64_t options = request.reader.u64();
    uint64_t capacity = request.reader.u64();
    MemoryDescriptor * made = nullptr;
    int32_t status = request.kernel.memory.create(request.process.id, options, capacity, made);
    if (status != kIOReturnSuccess) {
        request.answer(status);
        return;
    }
    std::vector<Fd> fds;
    const MemoryBacking & backing = *made->parts[0].source->pieces[0].backing;
    fds.emplace_back(dup(backing.fd.get()));
    if (!fds[0].valid()) {
        request.kernel.memory.release(made->id);
        request.kernel.say("no file descriptor is left for memory of " +
                           request.process.serverName);
        request.answer(kIOReturnNoMemory);
        return;
    }
    Writer body;
    body.u64(made->id).u64(made->length).u64(backing.size);
    request.answer(kIOReturnSuccess, body, std::move(fds));
}

void createSubMemory(DextRequest & request) {
    uint64_t options = request.reader.u64();
    uint64_t offset = request.reader.u64();
    uint64_t length = request.reader.u64();
    uint64_t of = request.reader.u64();
    MemoryDescriptor * made = nullptr;
    int32_t status =
        request.kernel.memory.createSub(request.process.id, options, offset, length, of, made);
    request.answer(status, Writer().u64(made == nullptr ? 0 : made->id));
}

void createMultiMemory(DextRequest & request) {
    uint64_t options = request.reader.u64();
    std::vector<uint64_t> of;
    for (uint32_t count = request.reader.u32(); count > 0 && request.reader.ok(); --count) {
        of.push_back(request.reader.u64());
    }
    MemoryDescriptor * made = nullptr;
    int32_t status = request.kernel.memory.createMulti(request.process.id, options, of, made);
    request.answer(status, Writer().u64(made == nullptr ? 0 : made->id));
}

void createFromClient(DextRequest & request) {
    uint64_t userClient = request.reader.u64();
    uint64_t options = request.reader.u64();
    std::vector<ClientRange> ranges;
    for (uint32_t count = request.reader.u32(); count > 0 && request.reader.ok(); --count) {
        uint64_t address = request.reader.u64();
        ranges.push_back({address, request.reader.u64()});
    }
    MemoryDescriptor * made = nullptr;
    int32_t status = createClientMemory(request.kernel, request.process, userClient, options,
                                        std::move(ranges), made);
    request.answer(status, Writer().u64(made == nullptr ? 0 : made->id));
}

// Each backing once, however many pieces lie in it.
void answerWithPieces(DextProcess & process, uint64_t reply, const MemoryDescriptor & memory) {
    std::vector<const MemoryBacking *> backings;
    std::vector<Fd> fds;
    Writer sizes;
    Writer list;
    const auto pieces = memory.pieces();
    for (const MemoryPiece & piece : pieces) {
        auto known = std::find(backings.begin(), backings.end(), piece.backing.get());
        list.u32(static_cast<uint32_t>(known - backings.begin()));
        list.u64(piece.offset).u64(piece.length);
        if (known == backings.end()) {
            backings.push_back(piece.backing.get());
            fds.emplace_back(dup(piece.backing->fd.get()));
            sizes.u64(piece.backing->size);
        }
    }
    if (fds.size() > kMaxMessageFds ||
        std::any_of(fds.begin(), fds.end(), [](const Fd & fd) { return !fd.valid(); })) {
        process.link->reply(reply, kIOReturnNoMemory);
        return;
    }
    Writer body;
    body.u32(static_cast<uint32_t>(backings.size()));
    body.raw(sizes.body().data(), sizes.body().size());
    body.u32(static_cast<uint32_t>(pieces.size()));
    body.raw(list.body().data(), list.body().size());
    process.link->reply(reply, kIOReturnSuccess, body, std::move(fds));
}

void reference(DextRequest & request) {
    uint64_t id = request.reader.u64();
    if (request.kernel.memory.find(id) == nullptr) {
        request.answer(kIOReturnBadArgument);
        return;
    }
    referenceMemory(request.kernel, id,
                    [&kernel = request.kernel, asker = request.process.id, reply = request.id,
                     id](int32_t status) {
                        DextProcess * process = kernel.process(asker);
                        const MemoryDescriptor * memory = kernel.memory.find(id);
                        if (process == nullptr || !process->link) {
                            return;
                        }
                        if (status != kIOReturnSuccess || memory == nullptr) {
                            process->link->reply(reply, status);
                        } else {
                            answerWithPieces(*process, reply, *memory);
                        }
                    });
}

void adopt(DextRequest & request) {
    uint64_t length = request.reader.u64();
    bool writable = request.reader.u8() != 0;
    struct stat status;
    bool reaches = request.fd.valid() && length != 0 && fstat(request.fd.get(), &status) == 0 &&
                   static_cast<uint64_t>(status.st_size) >= length;
    auto backing = reaches
                       ? MemoryBacking::map(std::move(request.fd), roundToPages(length), writable)
                       : nullptr;
    if (backing == nullptr) {
        request.answer(kIOReturnNoMemory);
        return;
    }
    auto source = std::make_shared<MemorySource>();
    source->pieces.push_back({std::move(backing), 0, length});
    // A client's input is read by the device, its output written (contract §1.2).
    uint64_t direction = writable ? 1 : 2;
    MemoryDescriptor & made =
        request.kernel.memory.add(request.process.id, direction, length, std::move(source));
    request.answer(kIOReturnSuccess, Writer().u64(made.id));
}

void setMemoryLength(DextRequest & request) {
    MemoryDescriptor * memory = request.kernel.memory.find(request.reader.u64());
    uint64_t length = request.reader.u64();
    if (memory == nullptr) {
        request.answer(kIOReturnBadArgument);
        return;
    }
    // The kernel reports success and leaves the length as it was (contract §2.5).
    if (length > memory->capacity) {
        request.kernel.say(request.process.serverName + ": SetLength(" + std::to_string(length) +
                           ") exceeds the capacity " + std::to_string(memory->capacity));
    } else {
        memory->length = length;
    }
    request.answer(kIOReturnSuccess);
}

DextHandler handlerOf(MessageType type) {
    switch (type) {
    case MessageType::CreateMemory:
        return createMemory;
    case MessageType::CreateSubMemory:
        return createSubMemory;
    case MessageType::CreateMultiMemory:
        return createMultiMemory;
    case MessageType::CreateClientMemory:
        return createFromClient;
    case MessageType::ReferenceMemory:
        return reference;
    case MessageType::AdoptMemory:
        return adopt;
    case MessageType::SetMemoryLength:
        return setMemoryLength;
    case MessageType::ReleaseMemory:
        return [](DextRequest & r) { r.kernel.memory.release(r.reader.u64()); };
    default:
        return nullptr;
    }
}

} // namespace

bool handleDextMemory(Kernel & kernel, DextProcess & process, Message & message) {
    DextHandler handler = handlerOf(message.type);
    if (handler != nullptr) {
        DextRequest request{kernel, process, message.id, message.reader(), message.takeFd()};
        handler(request);
    }
    return handler != nullptr;
}

} // namespace dextsim
