// What a dext asks of the kernel, except USB and memory: objects, properties, completions, log.
#include "busy.h"
#include "lifecycle.h"
#include "processes.h"
#include "services.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

void create(DextRequest & request) {
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

void destroy(DextRequest & request) {
    uint64_t object = request.reader.u64();
    if (request.own(object) != nullptr) {
        dropObject(request.kernel, object);
    }
}

void setProperties(DextRequest & request) {
    Entry * entry = request.own(request.reader.u64());
    Value properties = request.reader.value();
    if (entry == nullptr || !properties.isDictionary()) {
        request.answer(entry == nullptr ? kIOReturnUnsupported : kIOReturnBadArgument);
        return;
    }
    if (entry->userProperties.isNone()) {
        entry->userProperties = Value::dictionary();
    }
    // Whole replacement of each key's value (contract §6.2).
    for (const auto & [key, value] : properties.entries()) {
        entry->userProperties.put(key, value);
    }
    request.answer(kIOReturnSuccess);
}

// An object that the dext still holds has its properties, also when it has left the registry.
void copyProperties(DextRequest & request) {
    const Entry * entry = request.kernel.registry.findOrRemoved(request.reader.u64());
    if (entry == nullptr) {
        request.answer(kIOReturnNotAttached);
        return;
    }
    request.answer(kIOReturnSuccess, Writer().value(request.kernel.registry.properties(*entry)));
}

void removeProperty(DextRequest & request) {
    Entry * entry = request.own(request.reader.u64());
    std::string key = request.reader.string();
    if (entry == nullptr) {
        request.answer(kIOReturnUnsupported);
        return;
    }
    // Only where nothing was ever set is there nothing to be found (contract §6.2).
    request.answer(entry->userProperties.isNone() ? kIOReturnNotFound : kIOReturnSuccess);
    entry->userProperties.entries().erase(key);
}

void searchProperty(DextRequest & request) {
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

void copyProviderProperties(DextRequest & request) {
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

void setName(DextRequest & request) {
    Entry * entry = request.own(request.reader.u64());
    std::string name = request.reader.string();
    if (entry != nullptr) {
        entry->name = std::move(name);
    }
    request.answer(entry == nullptr ? kIOReturnUnsupported : kIOReturnSuccess);
}

void copyName(DextRequest & request) {
    const Entry * entry = request.kernel.registry.find(request.reader.u64());
    request.answer(entry == nullptr ? kIOReturnNotAttached : kIOReturnSuccess,
                   Writer().string(entry == nullptr ? "" : entry->name));
}

void adjustBusy(DextRequest & request) {
    const uint64_t id = request.reader.u64();
    const int32_t delta = request.reader.i32();
    Entry * entry = request.kernel.registry.find(id);
    if (entry == nullptr || (delta != 0 && request.own(id) == nullptr)) {
        request.answer(entry == nullptr ? kIOReturnNotAttached : kIOReturnUnsupported);
        return;
    }
    changeBusy(request.kernel.registry, id, delta);
    request.answer(kIOReturnSuccess, Writer().u32(entry->busy));
}

void terminateOwn(DextRequest & request) {
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
void asyncCompletion(DextRequest & request) {
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
    if (!request.reader.ok() || port == 0) {
        return;
    }
    if (session == nullptr) { // its process has ended: sent, but to nobody
        request.kernel.recorder.completed("", status, {words, count});
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
    request.kernel.recorder.completed(session->name, status, {words, count});
    Writer body;
    body.u32(port).u8(static_cast<uint8_t>(PortMessageKind::Completion));
    body.words(reference, kAsyncReferenceWords).i32(status).u32(count).words(words, count);
    session->link->send(MessageType::PortMessage, body);
}

void writeLog(DextRequest & request) {
    request.reader.u8();
    request.kernel.log.write(request.process.serverName, request.reader.string());
}

DextHandler handlerOf(MessageType type) {
    switch (type) {
    case MessageType::CheckIn:
        return [](DextRequest & r) { r.answer(checkIn(r.kernel, r.process, r.reader)); };
    case MessageType::Create:
        return create;
    case MessageType::DestroyObject:
        return destroy;
    case MessageType::RegisterService:
        return [](DextRequest & r) { r.answer(registerService(r.kernel, r.reader.u64())); };
    case MessageType::DidStop:
        return [](DextRequest & r) { didStop(r.kernel, r.reader.u64()); };
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
    case MessageType::AdjustBusy:
        return adjustBusy;
    case MessageType::Terminate:
        return terminateOwn;
    case MessageType::AsyncCompletion:
        return asyncCompletion;
    case MessageType::ActionHeld:
        return [](DextRequest & r) {
            uint64_t client = r.reader.u64();
            actionHeld(r.kernel, client, r.reader.u64());
        };
    case MessageType::ActionReleased:
        return [](DextRequest & r) {
            uint64_t client = r.reader.u64();
            actionReleased(r.kernel, client, r.reader.u64());
        };
    case MessageType::FaultReached:
        return [](DextRequest & r) {
            uint32_t slot = r.reader.u32();
            faultReached(r.kernel, slot, r.reader.u64());
            r.answer(kIOReturnSuccess);
        };
    case MessageType::CallBegan:
        return [](DextRequest & r) {
            uint64_t client = r.reader.u64();
            uint64_t call = r.reader.u64();
            r.kernel.recorder.callBegan(r.process.id, client, call, r.reader);
        };
    case MessageType::CallEnded:
        return [](DextRequest & r) {
            uint64_t call = r.reader.u64();
            r.kernel.recorder.callEnded(r.process.id, call, r.reader);
        };
    case MessageType::FamilyRequest:
        return handleDextFamily;
    case MessageType::Log:
        return writeLog;
    default:
        return nullptr;
    }
}

} // namespace

void handleDext(Kernel & kernel, DextProcess & process, Message & message) {
    if (handleDextUsb(kernel, process, message) || handleDextMemory(kernel, process, message) ||
        handleDextPower(kernel, process, message)) {
        return;
    }
    DextRequest request{kernel, process, message.id, message.reader()};
    if (DextHandler handler = handlerOf(message.type)) {
        handler(request);
    } else {
        request.answer(kIOReturnBadMessageID);
    }
}

} // namespace dextsim
