// A completion is taken out of its slot before anything is sent through it for the last time, so
// that each is released once, whichever of replacing, leaving, failing and Stop comes first.
#include "feed.h"

#include "subscription.h"

#include <DriverKit/IOLib.h>
#include <string.h>

namespace dextgen {

namespace {

constexpr uint32_t kHeaderWords = 2;

uint32_t HeaderOf(const Feed & feed, const FeedEvent & event) {
    if (!feed.raw) {
        return kHeaderWords;
    }
    return event.tagged ? 1 : 0;
}

/// The completion of an event, all but its losses, which are known when it is sent.
FeedCompletion Compose(const Feed & feed, const FeedEvent & event, const void * payload) {
    FeedCompletion made = {.event = event.id, .count = event.minWords, .words = {}};
    if (event.tagged) {
        made.words[0] = event.word0;
    }
    uint64_t * words = made.words + HeaderOf(feed, event);
    if (event.payloadSize > 0) {
        memcpy(words, payload, event.payloadSize);
    }
    if (event.layout != nullptr) {
        ClearPadding(*event.layout, words);
    }
    return made;
}

void CountLost(Connection * connection, FeedState * state, uint64_t lost) {
    state->lost += lost;
    connection->statistics.lost += lost;
}

void Send(Connection * connection, const Feed & feed, FeedState * state, FeedCompletion * made) {
    if (!feed.raw) {
        made->words[0] = made->event | (state->lost > 0 ? kDextgenWordLossy : 0);
        made->words[1] = state->lost;
        state->lost = 0;
    }
    OSAction * action = state->action;
    if (feed.rearmed) {
        state->action = nullptr;
    }
    SendCompletion(connection, action, kIOReturnSuccess, made->words, made->count);
    if (feed.rearmed) {
        action->release();
    }
}

void DropOldest(const Feed & feed, FeedState * state) {
    state->queueHead = (state->queueHead + 1) % feed.queue;
    state->queueCount--;
}

/// Nothing is armed: the event waits for the next call.
void Enqueue(Connection * connection, const Feed & feed, FeedState * state,
             const FeedCompletion & made) {
    if (state->queueCount == feed.queue) {
        CountLost(connection, state, 1);
        if (feed.policy == kDextgenPolicyDropNewest) {
            return;
        }
        DropOldest(feed, state);
    }
    state->queue[(state->queueHead + state->queueCount) % feed.queue] = made;
    state->queueCount++;
}

void Deliver(Connection * connection, const FeedEvent & event, FeedCompletion made) {
    const Feed & feed = connection->interface->feeds[event.feed];
    FeedState * state = &connection->feeds[event.feed];
    if (!state->following) {
        return;
    }
    if (state->action != nullptr) {
        Send(connection, feed, state, &made);
    } else if (feed.rearmed) {
        Enqueue(connection, feed, state, made);
    }
}

void DeliverTo(const Recipients & to, const FeedEvent & event, const FeedCompletion & made) {
    for (uint32_t i = 0; i < to.core->capacity; i++) {
        Connection * connection = to.core->clients[i];
        if (connection != nullptr && connection->interface == to.interface &&
            (to.client == nullptr || connection->client == to.client)) {
            Deliver(connection, event, made);
        }
    }
}

/// The slot is empty before the final completion leaves.
void EndAction(Connection * connection, uint32_t index, kern_return_t reason) {
    const Feed & feed = connection->interface->feeds[index];
    FeedState * state = &connection->feeds[index];
    OSAction * action = state->action;
    if (action == nullptr) {
        return;
    }
    state->action = nullptr;
    uint64_t words[kDextgenMaxCompletionWords] = {};
    if (!feed.raw) {
        words[0] = feed.eventId | kDextgenWordEnded | (state->lost > 0 ? kDextgenWordLossy : 0);
        words[1] = state->lost;
        state->lost = 0;
    }
    SendCompletion(connection, action, reason, words, feed.endWords);
    action->release();
}

kern_return_t MakeQueue(const Feed & feed, FeedState * state) {
    if (feed.queue == 0 || state->queue != nullptr) {
        return kIOReturnSuccess;
    }
    state->queue = IONewZero(FeedCompletion, feed.queue);
    return state->queue != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

} // namespace

kern_return_t FeedBegin(Call * call, uint32_t index) {
    Connection * connection = call->connection;
    const Feed & feed = connection->interface->feeds[index];
    FeedState * state = &connection->feeds[index];
    const kern_return_t status = MakeQueue(feed, state);
    if (status != kIOReturnSuccess) {
        return status;
    }
    EndAction(connection, index, kIOReturnAborted);
    call->arguments->completion->retain();
    state->action = call->arguments->completion;
    state->following = true;
    call->feed = index + 1;
    if (state->queueCount > 0) {
        FeedCompletion first = state->queue[state->queueHead];
        DropOldest(feed, state);
        Send(connection, feed, state, &first);
    }
    FeedCount(connection, index);
    return kIOReturnSuccess;
}

kern_return_t FeedLeave(Call * call, uint32_t index) {
    FeedEnd(call->connection, index, kIOReturnAborted);
    FeedCount(call->connection, index);
    return kIOReturnSuccess;
}

void FeedRevoke(Connection * connection, uint32_t index) {
    FeedState * state = &connection->feeds[index];
    OSSafeReleaseNULL(state->action);
    FeedEnd(connection, index, kIOReturnAborted);
    FeedCount(connection, index);
}

void FeedEnd(Connection * connection, uint32_t index, kern_return_t reason) {
    FeedState * state = &connection->feeds[index];
    CountLost(connection, state, state->queueCount);
    EndAction(connection, index, reason);
    state->following = false;
    state->queueHead = 0;
    state->queueCount = 0;
    state->lost = 0;
}

void FeedCount(Connection * connection, uint32_t index) {
    FeedState * state = &connection->feeds[index];
    const bool counts = connection->attached && state->following;
    if (counts == state->counted) {
        return;
    }
    state->counted = counts;
    if (connection->core->stopped) {
        return;
    }
    uint32_t followers = 0;
    for (uint32_t i = 0; i < connection->core->capacity; i++) {
        const Connection * other = connection->core->clients[i];
        if (other != nullptr && other->interface == connection->interface &&
            other->feeds[index].counted) {
            followers++;
        }
    }
    connection->interface->feeds[index].notify(connection->driver, followers);
}

void FeedFree(Connection * connection, uint32_t index) {
    FeedState * state = &connection->feeds[index];
    IOSafeDeleteNULL(state->queue, FeedCompletion, connection->interface->feeds[index].queue);
}

void FeedEmit(const Recipients & to, uint32_t index, const void * payload) {
    const FeedEvent & event = to.interface->feedEvents[index];
    DeliverTo(to, event, Compose(to.interface->feeds[event.feed], event, payload));
}

bool FeedEmitWords(const Recipients & to, uint32_t index, const uint64_t * words, uint32_t count) {
    const FeedEvent & event = to.interface->feedEvents[index];
    const uint32_t first = event.tagged ? 1 : 0;
    if (count > kDextgenMaxCompletionWords || count + first < event.minWords ||
        count + first > event.maxWords) {
        return false;
    }
    FeedCompletion made = {.event = event.id, .count = count + first, .words = {event.word0}};
    if (count > 0) {
        memcpy(made.words + first, words, count * sizeof(uint64_t));
    }
    DeliverTo(to, event, made);
    return true;
}

} // namespace dextgen
