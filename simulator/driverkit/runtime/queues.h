// Which queue work for an object runs on (contract §1.8, §9.6).
#ifndef DEXTSIM_DRIVERKIT_QUEUES_H
#define DEXTSIM_DRIVERKIT_QUEUES_H

#include "serial_queue.h"

#include <DriverKit/IODispatchQueue.h>

#include <string_view>

struct IODispatchQueue_IVars {
    std::shared_ptr<dextsim::SerialQueue> queue;
    uint64_t options;
};

namespace dextsim {

// Null for objects without queues: then work runs where it is asked for.
std::shared_ptr<SerialQueue> queueNamed(OSMetaClassBase * object, std::string_view name);
// The queue on which the object's implementation of a message runs.
std::shared_ptr<SerialQueue> queueForMessage(OSMetaClassBase * object, uint64_t messageId);

// Runs work for an object without waiting: on the queue, or on a worker when there is none.
void runForObject(OSMetaClassBase * object, std::string_view queueName, SerialQueue::Work work);

} // namespace dextsim

#endif
