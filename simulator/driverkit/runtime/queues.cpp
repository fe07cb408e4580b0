// Looks queues up in services; everything else has none.
#include "queues.h"

#include "classes.h"
#include "service.h"
#include "workers.h"

namespace dextsim {

namespace {

// Methods of an object on a queue without synchronisation run on any thread.
std::shared_ptr<SerialQueue> synchronising(IODispatchQueue * queue) {
    const IODispatchQueue_IVars & ivars = *queue->ivars;
    return (ivars.options & kIODispatchQueueMethodsNotSynchronized) != 0 ? nullptr : ivars.queue;
}

} // namespace

std::shared_ptr<SerialQueue> queueNamed(OSMetaClassBase * object, std::string_view name) {
    auto * const service =
        static_cast<IOService *>(OSMetaClassBase::safeMetaCast(object, OSTypeID(IOService)));
    if (service == nullptr || service->IOService::ivars == nullptr) {
        return nullptr;
    }
    IOService_IVars & ivars = *service->IOService::ivars;
    std::lock_guard lock(ivars.lock);
    auto found = ivars.queues.find(name);
    if (found == ivars.queues.end()) {
        found = ivars.queues.find(std::string_view(kIOServiceDefaultQueueName));
    }
    return found != ivars.queues.end() ? synchronising(found->second) : nullptr;
}

std::shared_ptr<SerialQueue> queueForMessage(OSMetaClassBase * object, uint64_t messageId) {
    const std::optional<MethodPlace> place = findMethod(object->meta, messageId);
    return place && !place->isKernel ? queueNamed(object, place->queueName) : nullptr;
}

void runForObject(OSMetaClassBase * object, std::string_view queueName, SerialQueue::Work work) {
    if (const std::shared_ptr<SerialQueue> queue = queueNamed(object, queueName)) {
        queue->async(std::move(work));
    } else {
        runOnWorker(std::move(work));
    }
}

} // namespace dextsim
