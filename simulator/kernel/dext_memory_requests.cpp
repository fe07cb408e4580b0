// Memory descriptors that a dext makes (contract §2.5).
#include "processes.h"

#include <IOKit/IOReturn.h>

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
    fds.emplace_back(dup(made->backing->fd.get()));
    if (!fds[0].valid()) {
        request.kernel.memory.release(made->id);
        request.kernel.say("no file descriptor is left for memory of " +
                           request.process.serverName);
        request.answer(kIOReturnNoMemory);
        return;
    }
    Writer body;
    body.u64(made->id).u64(made->length).u64(made->backing->size);
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
        DextRequest request{kernel, process, message.id, message.reader()};
        handler(request);
    }
    return handler != nullptr;
}

} // namespace dextsim
