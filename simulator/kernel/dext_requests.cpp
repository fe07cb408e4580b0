// What a dext asks of the kernel, except USB: objects, properties, memory, completions, log.
#include "lifecycle.h"
#include "processes.h"
#include "services.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

struct Request {
    Kernel & kernel;
    DextProcess & process;
    uint64_t id;
    Reader reader;

    void answer(int32_t status, const Writer & body = {}, std::vector<Fd> fds = {}) {
        process.link->reply(id, status, body, std::move(fds));
    }
    // The entry, if it is an object of this dext.
    Entry * own(uint64_t entry) {
        DextObject * object = kernel.object(entry);
        return object != nullptr && object->process == process.id ? kernel.registry.find(entry)
                                                                  : nullptr;
    }
};

void create(Request & request) {
    uint64_t service = request.reader.u64();
    std::string key = request.reader.string();
    Entry * made = nullptr;
    int32_t status = createObject(request.kernel, request.process, service, key, made);
    Writer body;
    if (status == kIOReturnSuccess) {
        const Value * userClass = made->properties.find("IOUserClass");
        body.u64(made->id).string(userClass->asString()).value(made->properties);
    }
    request.answer(status, body);
}

void destroy(Request & request) {
    uint64_t object = request.reader.u64();
    if (request.own(object) != nullptr) {
        dropObject(request.kernel, object);
    }
}

void setProperties(Request & request) {
    Entry * entry = request.own(request.reader.u64());
    Value properties = request.reader.value();
    if (entry == nullptr || !properties.isDictionary()) {
        request.answer(entry == nullptr ? kIOReturnUnsupported : kIOReturnBadArgument);
        return;
    }
    // Whole replacement of each key's value (contract §6.2).
    for (const auto & [key, value] : properties.entries()) {
        entry->userProperties.put(key, value);
    }
    request.answer(kIOReturnSuccess);
}

void copyProperties(Request & request) {
    const Entry * entry = request.kernel.registry.find(request.reader.u64());
    if (entry == nullptr) {
        request.answer(kIOReturnNotAttached);
        return;
    }
    request.answer(kIOReturnSuccess, Writer().value(request.kernel.registry.properties(*entry)));
}

void removeProperty(Request & request) {
    Entry * entry = request.own(request.reader.u64());
    std::string key = request.reader.string();
    if (entry == nullptr) {
        request.answer(kIOReturnUnsupported);
        return;
    }
    request.answer(entry->userProperties.entries().erase(key) != 0 ? kIOReturnSuccess
                                                                   : kIOReturnNotFound);
}

void searchProperty(Request & request) {
    const Entry * entry = request.kernel.registry.find(request.reader.u64());
    std::string key = request.reader.string();
    request.reader.string(); // there is one plane
    constexpr uint64_t kSearchParents = 1;
    bool upwards = (request.reader.u64() & kSearchParents) != 0;
    const Registry & registry = request.kernel.registry;
    const Value * found = entry == nullptr ? nullptr
                          : upwards        ? registry.searchUp(*entry, key)
                                           : registry.property(*entry, key);
    if (found == nullptr) {
        request.answer(kIOReturnNotFound);
    } else {
        request.answer(kIOReturnSuccess, Writer().value(*found));
    }
}

void copyProviderProperties(Request & request) {
    const Registry & registry = request.kernel.registry;
    const Entry * entry = registry.find(request.reader.u64());
    Value keys = request.reader.value();
    Value::Array chain;
    for (entry = entry == nullptr ? nullptr : registry.find(entry->provider); entry != nullptr;
         entry = registry.find(entry->provider)) {
        Value all = registry.properties(*entry);
        Value wanted = keys.isNone() ? all : Value::dictionary();
        for (const Value & key : keys.items()) {
            if (const Value * value = all.find(key.asString())) {
                wanted.put(key.asString(), *value);
            }
        }
        chain.push_back(std::move(wanted));
    }
    request.answer(kIOReturnSuccess, Writer().value(Value::array(std::move(chain))));
}

void setName(Request & request) {
    Entry * entry = request.own(request.reader.u64());
    std::string name = request.reader.string();
    if (entry != nullptr) {
        entry->name = std::move(name);
    }
    request.answer(entry == nullptr ? kIOReturnUnsupported : kIOReturnSuccess);
}

void copyName(Request & request) {
    const Entry * entry = request.kernel.registry.find(request.reader.u64());
    request.answer(entry == nullptr ? kIOReturnNotAttached : kIOReturnSuccess,
                   Writer().string(entry == nullptr ? "" : entry->name));
}

void terminateOwn(Request & request) {
    uint64_t object = request.reader.u64();
    uint64_t options = request.reader.u64();
    if (options != 0) {
        request.answer(kIOReturnUnsupported);
    } else if (request.own(object) == nullptr) {
        request.answer(kIOReturnNotPermitted);
    } else {
        request.answer(kIOReturnSuccess);
        request.kernel.loop.later(
            [&kernel = request.kernel, object] { terminate(kernel, object); });
    }
}

// Forwarded as it is; the client's port has the last word (contract §1.9).
void asyncCompletion(Request & request) {
    uint64_t sessionId = request.reader.u64();
    uint32_t port = request.reader.u32();
    uint64_t reference[kAsyncReferenceWords];
    uint64_t words[kMaxCompletionWords];
    request.reader.words(reference, kAsyncReferenceWords);
    int32_t status = request.reader.i32();
    uint32_t count = request.reader.u32();
    if (count > kMaxCompletionWords) {
        return;
    }
    request.reader.words(words, count);
    Session * session = request.kernel.session(sessionId);
    if (!request.reader.ok() || session == nullptr || port == 0) {
        return;
    }
    if (session->link->queuedMessages() >= kMaxPortMessages) {
        if (!session->portOverflow) {
            session->portOverflow = true;
            request.kernel.say(session->name + " does not take its completions: they are lost "
                                               "(MACH_SEND_NO_BUFFER)");
        }
        return;
    }
    reference[0] = 0;
    Writer body;
    body.u32(port).u8(static_cast<uint8_t>(PortMessageKind::Completion));
    body.words(reference, kAsyncReferenceWords).i32(status).u32(count).words(words, count);
    session->link->send(MessageType::PortMessage, body);
}

void createMemory(Request & request) {
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

void createSubMemory(Request & request) {
    uint64_t options = request.reader.u64();
    uint64_t offset = request.reader.u64();
    uint64_t length = request.reader.u64();
    uint64_t of = request.reader.u64();
    MemoryDescriptor * made = nullptr;
    int32_t status =
        request.kernel.memory.createSub(request.process.id, options, offset, length, of, made);
    request.answer(status, Writer().u64(made == nullptr ? 0 : made->id));
}

void setMemoryLength(Request & request) {
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

void writeLog(Request & request) {
    request.reader.u8();
    request.kernel.log.write(request.process.serverName, request.reader.string());
}

using Handler = void (*)(Request &);

Handler handlerOf(MessageType type) {
    switch (type) {
    case MessageType::CheckIn:
        return [](Request & r) { r.answer(checkIn(r.kernel, r.process, r.reader)); };
    case MessageType::Create:
        return create;
    case MessageType::DestroyObject:
        return destroy;
    case MessageType::RegisterService:
        return [](Request & r) { r.answer(registerService(r.kernel, r.reader.u64())); };
    case MessageType::DidStop:
        return [](Request & r) { didStop(r.kernel, r.reader.u64()); };
    case MessageType::SetProperties:
        return setProperties;
    case MessageType::CopyProperties:
        return copyProperties;
    case MessageType::RemoveProperty:
        return removeProperty;
    case MessageType::SearchProperty:
        return searchProperty;
    case MessageType::SetName:
        return setName;
    case MessageType::CopyName:
        return copyName;
    case MessageType::CopyProviderProperties:
        return copyProviderProperties;
    case MessageType::Terminate:
        return terminateOwn;
    case MessageType::AsyncCompletion:
        return asyncCompletion;
    case MessageType::ActionHeld:
        return [](Request & r) {
            uint64_t client = r.reader.u64();
            actionHeld(r.kernel, client, r.reader.u64());
        };
    case MessageType::ActionReleased:
        return [](Request & r) {
            uint64_t client = r.reader.u64();
            actionReleased(r.kernel, client, r.reader.u64());
        };
    case MessageType::CreateMemory:
        return createMemory;
    case MessageType::CreateSubMemory:
        return createSubMemory;
    case MessageType::SetMemoryLength:
        return setMemoryLength;
    case MessageType::ReleaseMemory:
        return [](Request & r) { r.kernel.memory.release(r.reader.u64()); };
    case MessageType::Log:
        return writeLog;
    default:
        return nullptr;
    }
}

} // namespace

void handleDext(Kernel & kernel, DextProcess & process, Message & message) {
    if (handleDextUsb(kernel, process, message)) {
        return;
    }
    Request request{kernel, process, message.id, message.reader()};
    if (Handler handler = handlerOf(message.type)) {
        handler(request);
    } else {
        request.answer(kIOReturnBadMessageID);
    }
}

} // namespace dextsim
