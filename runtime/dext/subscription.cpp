// The window of a subscription bounds what the kernel queues for an app that does not listen
// (contract §1.9).
#include "subscription.h"

#include <DriverKit/IOLib.h>
#include <string.h>

namespace dextgen {

namespace {

constexpr uint32_t kHeaderWords = 2;

uint32_t PayloadWords(const Event & event) {
    return event.words - kHeaderWords;
}

uint32_t QueueCapacity(const Event & event) {
    return event.inFlight < kMaxQueuedCompletions ? event.inFlight
                                                  : static_cast<uint32_t>(kMaxQueuedCompletions);
}

void CountLost(Connection * connection, Subscription * subscription, uint64_t lost) {
    subscription->lost += lost;
    connection->statistics.lost += lost;
}

/// `payload` is already words, without padding.
void Send(Connection * connection, const Event & event, Subscription * subscription,
          const uint64_t * payload) {
    uint64_t words[kDextgenMaxCompletionWords] = {};
    words[0] = event.id | (subscription->lost > 0 ? kDextgenWordLossy : 0);
    words[1] = subscription->lost;
    memcpy(words + kHeaderWords, payload, PayloadWords(event) * sizeof(uint64_t));
    subscription->lost = 0;
    subscription->outstanding++;
    SendCompletion(connection, subscription->action, kIOReturnSuccess, words, event.words);
}

uint64_t * QueueSlot(const Event & event, const Subscription & subscription, uint32_t index) {
    const uint32_t slot = (subscription.queueHead + index) % QueueCapacity(event);
    return subscription.queue + static_cast<size_t>(slot) * PayloadWords(event);
}

void DropOldest(const Event & event, Subscription * subscription) {
    subscription->queueHead = (subscription->queueHead + 1) % QueueCapacity(event);
    subscription->queueCount--;
}

void Enqueue(Connection * connection, const Event & event, Subscription * subscription,
             const uint64_t * payload) {
    if (subscription->queue == nullptr) {
        CountLost(connection, subscription, 1);
        return;
    }
    if (subscription->queueCount == QueueCapacity(event)) {
        DropOldest(event, subscription);
        CountLost(connection, subscription, 1);
    }
    memcpy(QueueSlot(event, *subscription, subscription->queueCount), payload,
           PayloadWords(event) * sizeof(uint64_t));
    subscription->queueCount++;
}

size_t QueueBytes(const Event & event) {
    return static_cast<size_t>(QueueCapacity(event)) * PayloadWords(event) * sizeof(uint64_t);
}

kern_return_t MakeQueue(const Event & event, Subscription * subscription) {
    if (event.policy != kDextgenPolicyDropOldest || subscription->doorbell) {
        return kIOReturnSuccess;
    }
    subscription->queue = static_cast<uint64_t *>(IOMallocZero(QueueBytes(event)));
    return subscription->queue != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

} // namespace

void SendCompletion(Connection * connection, OSAction * action, kern_return_t status,
                    const uint64_t * words, uint32_t count) {
    // The parameter is an array of 16 words, whatever the count.
    IOUserClientAsyncArgumentsArray all = {};
    memcpy(all, words, count * sizeof(uint64_t));
    connection->statistics.completions++;
    connection->client->AsyncCompletion(action, status, all, count);
}

kern_return_t SubscriptionBegin(Connection * connection, uint32_t index, OSAction * action,
                                uint64_t * id) {
    const Event & event = connection->interface->events[index];
    EventState * state = &connection->events[index];
    Subscription next = {};
    next.action = action;
    next.doorbell = state->ringOpen;
    // An id holds a generation, so that a late acknowledgement cannot hit a newer subscription.
    next.id = static_cast<uint64_t>(++connection->subscriptionGeneration) << 32 | event.id;
    const kern_return_t status = MakeQueue(event, &next);
    if (status != kIOReturnSuccess) {
        return status;
    }
    SubscriptionEnd(connection, index, kIOReturnAborted);
    action->retain();
    state->subscription = next;
    *id = next.id;
    return kIOReturnSuccess;
}

void SubscriptionEnd(Connection * connection, uint32_t index, kern_return_t reason) {
    const Event & event = connection->interface->events[index];
    Subscription ended = connection->events[index].subscription;
    if (ended.action == nullptr) {
        return;
    }
    connection->events[index].subscription = {};
    CountLost(connection, &ended, ended.queueCount);
    uint64_t words[kDextgenMaxCompletionWords] = {};
    words[0] = event.id | kDextgenWordEnded | (ended.lost > 0 ? kDextgenWordLossy : 0) |
               (ended.doorbell ? kDextgenWordDoorbell : 0);
    words[1] = ended.lost;
    const uint32_t count =
        ended.doorbell ? static_cast<uint32_t>(kDextgenMinCompletionWords) : event.words;
    SendCompletion(connection, ended.action, reason, words, count);
    ended.action->release();
    if (ended.queue != nullptr) {
        IOFree(ended.queue, QueueBytes(event));
    }
}

void SubscriptionDeliver(Connection * connection, uint32_t index, const void * payload) {
    const Event & event = connection->interface->events[index];
    Subscription * subscription = &connection->events[index].subscription;
    uint64_t words[kDextgenMaxCompletionWords] = {};
    memcpy(words, payload, event.payloadSize);
    if (event.layout != nullptr) {
        ClearPadding(*event.layout, words);
    }
    if (subscription->outstanding < event.inFlight && subscription->queueCount == 0) {
        Send(connection, event, subscription, words);
    } else {
        Enqueue(connection, event, subscription, words);
    }
}

void SubscriptionRing(Connection * connection, uint32_t index, uint32_t arming, uint64_t lost) {
    const Event & event = connection->interface->events[index];
    const uint64_t words[kDextgenMinCompletionWords] = {
        event.id | kDextgenWordDoorbell | (lost > 0 ? kDextgenWordLossy : 0), lost, arming};
    SendCompletion(connection, connection->events[index].subscription.action, kIOReturnSuccess,
                   words, kDextgenMinCompletionWords);
}

bool SubscriptionAcknowledge(Connection * connection, uint32_t index, uint64_t count) {
    const Event & event = connection->interface->events[index];
    Subscription * subscription = &connection->events[index].subscription;
    if (subscription->doorbell) {
        return true; // an arming is its acknowledgement
    }
    if (count > subscription->outstanding) {
        return false;
    }
    subscription->outstanding -= static_cast<uint32_t>(count);
    while (subscription->queueCount > 0 && subscription->outstanding < event.inFlight) {
        uint64_t payload[kDextgenMaxCompletionWords] = {};
        memcpy(payload, QueueSlot(event, *subscription, 0), PayloadWords(event) * sizeof(uint64_t));
        DropOldest(event, subscription);
        Send(connection, event, subscription, payload);
    }
    return true;
}

} // namespace dextgen
