// Life of a service and its queues. Properties and names: IOService_properties.cpp.
#include "../runtime/service.h"

#include "../runtime/classes.h"
#include "../runtime/kernel.h"
#include "../runtime/log.h"
#include "../runtime/objects.h"
#include "../runtime/queues.h"
#include "../runtime/user_client.h"

#include "ipc/assumptions.h"

#include <DriverKit/IOUserClient.h>

using namespace dextsim;

bool IOService::init() {
    if (!OSObject::init()) {
        return false;
    }
    ivars = new IOService_IVars{};
    if (IsRemote()) {
        return true; // its queues are the kernel's
    }
    IODispatchQueue * queue = nullptr;
    if (CreateDefaultDispatchQueue(&queue) != kIOReturnSuccess || queue == nullptr) {
        return false;
    }
    SetDispatchQueue(kIOServiceDefaultQueueName, queue);
    queue->release();
    return true;
}

void IOService::free() {
    if (ivars != nullptr) {
        for (auto & [name, queue] : ivars->queues) {
            queue->release();
        }
        OSSafeReleaseNULL(ivars->provider);
        delete ivars;
        ivars = nullptr;
    }
    OSObject::free();
}

void dextsim::markStopped(IOService * service) {
    IOService_IVars & ivars = *service->IOService::ivars;
    std::lock_guard lock(ivars.lock);
    ivars.stopped = true;
}

// ── start and stop ──

kern_return_t IOService::Start_Impl(IOService_Start_Args) {
    if (provider != nullptr) {
        provider->retain();
    }
    IOService * old;
    {
        std::lock_guard lock(ivars->lock);
        old = ivars->provider;
        ivars->provider = provider;
    }
    if (old != nullptr) {
        old->release();
    }
    return kIOReturnSuccess;
}

// Whoever called Stop still holds the provider for the time of the call.
kern_return_t IOService::Stop_Impl(IOService_Stop_Args) {
    static_cast<void>(provider);
    IOService * started;
    bool again;
    {
        std::lock_guard lock(ivars->lock);
        again = ivars->didStop;
        ivars->didStop = true;
        started = ivars->provider;
        ivars->provider = nullptr;
    }
    if (again) {
        reportFault(std::string(GetClassName()) + ": Stop reached IOService twice");
        return kIOReturnSuccess;
    }
    notifyKernel(MessageType::DidStop, Writer().u64(kernelId(this)));
    if (started != nullptr) {
        started->release();
    }
    return kIOReturnSuccess;
}

void IOService::Stop_async_Impl(IOService_Stop_async_Args) {
    Stop(provider);
}

IOService * IOService::GetProvider() const {
    std::lock_guard lock(ivars->lock);
    return ivars->provider;
}

kern_return_t IOService::ClientCrashed_Impl(IOService_ClientCrashed_Args) {
    static_cast<void>(client);
    static_cast<void>(options);
    return kIOReturnUnsupported;
}

kern_return_t IOService::RegisterService_Impl() {
    return tellKernel(MessageType::RegisterService, Writer().u64(kernelId(this)));
}

kern_return_t IOService::Terminate_Impl(IOService_Terminate_Args) {
    return tellKernel(MessageType::Terminate, Writer().u64(kernelId(this)).u64(options));
}

// ── queues ──

kern_return_t
IOService::CreateDefaultDispatchQueue_Impl(IOService_CreateDefaultDispatchQueue_Args) {
    return IODispatchQueue::Create(GetClassName(), 0, 0, queue);
}

kern_return_t IOService::SetDispatchQueue_Impl(OSObject_SetDispatchQueue_Args) {
    const std::string_view key(name);
    if (key != kIOServiceDefaultQueueName && !hasQueueName(meta, key)) {
        return kIOReturnBadArgument;
    }
    IODispatchQueue * old = nullptr;
    {
        std::lock_guard lock(ivars->lock);
        auto found = ivars->queues.find(key);
        if (found != ivars->queues.end()) {
            old = found->second;
            ivars->queues.erase(found);
        }
        if (queue != nullptr) {
            queue->retain();
            ivars->queues.emplace(key, queue);
        }
    }
    if (old != nullptr) {
        old->release();
    }
    return kIOReturnSuccess;
}

kern_return_t IOService::CopyDispatchQueue_Impl(OSObject_CopyDispatchQueue_Args) {
    IOService * provider;
    {
        std::lock_guard lock(ivars->lock);
        if (ivars->stopped || IsRemote()) {
            return kIOReturnError;
        }
        const std::string_view key(name);
        if (auto found = ivars->queues.find(key); found != ivars->queues.end()) {
            found->second->retain();
            *queue = found->second;
            return kIOReturnSuccess;
        }
        const bool own = key == kIOServiceDefaultQueueName || hasQueueName(meta, key);
        provider = own ? nullptr : ivars->provider;
        if (provider == nullptr) {
            return kIOReturnNotFound;
        }
        provider->retain();
    }
    // A name of nobody's own is the provider's (contract §9.6).
    const kern_return_t status = provider->CopyDispatchQueue_Impl(name, queue);
    provider->release();
    return status;
}

// ── user clients ──

kern_return_t IOService::NewUserClient_Impl(IOService_NewUserClient_Args) {
    static_cast<void>(type);
    static_cast<void>(userClient);
    // contract §4.1; what the closed part makes of it is not known
    return assumed(Assumption::NoNewUserClient) ? kIOReturnUnsupported : kIOReturnError;
}

kern_return_t IOService::_NewUserClient_Impl(IOService__NewUserClient_Args) {
    static_cast<void>(entitlements);
    return NewUserClient(type, userClient);
}

kern_return_t dextsim::startUserClient(IOService & service, IOUserClient & client,
                                       OSDictionary * entitlements) {
    OSSafeRelease(client.IOUserClient::ivars->entitlements);
    client.IOUserClient::ivars->entitlements = entitlements;
    client.IOUserClient::ivars->started = true;
    const kern_return_t status = client.Start(&service);
    if (status != kIOReturnSuccess) {
        notifyKernel(MessageType::DestroyObject, Writer().u64(kernelId(&client)));
    }
    return status;
}

namespace {

// A user client is started by whoever opens it, everything else now. Some versions of the system
// start it here, too (contract §4.3 step 5).
kern_return_t startMade(IOService & service, IOService * object) {
    auto * const client = OSDynamicCast(IOUserClient, object);
    if (client == nullptr) {
        const kern_return_t status = object->Start(&service);
        if (status != kIOReturnSuccess) {
            notifyKernel(MessageType::DestroyObject, Writer().u64(kernelId(object)));
        }
        return status;
    }
    if (!assumed(Assumption::UserClientStart)) {
        return kIOReturnSuccess;
    }
    OSDictionary * const entitlements = service.IOService::ivars->opening;
    if (entitlements != nullptr) {
        entitlements->retain();
    }
    return dextsim::startUserClient(service, *client, entitlements);
}

} // namespace

IOService * dextsim::instantiate(uint64_t id, const std::string & className,
                                 kern_return_t & status) {
    OSMetaClass * const meta = findClass(className);
    OSObject * object = nullptr;
    if (meta == nullptr || !isSubclass(meta, OSTypeID(IOService))) {
        reportFault("this driver has no class \"" + className + "\" (IOUserClass)");
        status = kIOReturnUnsupportedMode;
        return nullptr;
    }
    status = OSObjectAllocate(meta, &object);
    if (status != kIOReturnSuccess) {
        return nullptr;
    }
    setKernelId(object, id);
    if (!object->init()) {
        object->release();
        status = kIOReturnNoMemory;
        return nullptr;
    }
    holdForKernel(object);
    return static_cast<IOService *>(object);
}

kern_return_t IOService::Create_Impl(IOService_Create_Args) {
    if (provider != this) {
        return kIOReturnUnsupported; // contract §4.2
    }
    if (result == nullptr || propertiesKey == nullptr) {
        return kIOReturnBadArgument;
    }
    const Reply reply =
        askKernel(MessageType::Create, Writer().u64(kernelId(this)).string(propertiesKey));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    Reader answer = reply.reader();
    const uint64_t id = answer.u64();
    kern_return_t status;
    if (instantiate(id, answer.string(), status) == nullptr) {
        notifyKernel(MessageType::DestroyObject, Writer().u64(id));
        const bool noClass = status == kIOReturnUnsupportedMode;
        return noClass && assumed(Assumption::MissingClass) ? kIOReturnOffline : status;
    }
    // The first reference is the kernel's, which takes it back when the object is terminated: maybe
    // by now.
    auto * const object = static_cast<IOService *>(copyObject(id));
    if (object == nullptr) {
        return kIOReturnOffline;
    }
    status = startMade(*this, object);
    if (status != kIOReturnSuccess) {
        object->release();
        return status;
    }
    *result = object;
    return kIOReturnSuccess;
}
