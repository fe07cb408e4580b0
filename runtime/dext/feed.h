// Feeds: completions with selectors of the interface's own that events go through. A standing one
// is sent to many times; a re-armed one once, and the next event waits until the app calls again.
#ifndef DEXTGEN_FEED_H
#define DEXTGEN_FEED_H

#include "call.h"
#include "core.h"

namespace dextgen {

/// Retains the completion of the call: from now on the connection follows the feed. One that is
/// there already is ended first, and released. What waits is sent at once.
kern_return_t FeedBegin(Call * call, uint32_t feed);

/// The app does not follow any more. It may say so as often as it likes.
kern_return_t FeedLeave(Call * call, uint32_t feed);

/// The call that began the feed fails after all: its completion is released unused (contract §1.7).
void FeedRevoke(Connection * connection, uint32_t feed);

/// Sends the final completion if one is there, and releases it.
void FeedEnd(Connection * connection, uint32_t feed, kern_return_t reason);

/// Tells the driver when the number of its followers has changed.
void FeedCount(Connection * connection, uint32_t feed);

/// Frees what FeedBegin allocated.
void FeedFree(Connection * connection, uint32_t feed);

/// Whom an event is for.
struct Recipients {
    Core * core;
    const Interface * interface;
    const IOUserClient * client; // null: everybody who follows
};

/// Sends one event of a fixed number of words.
void FeedEmit(const Recipients & to, uint32_t event, const void * payload);

/// The same for an event that is nothing but words; false when it cannot have so many.
bool FeedEmitWords(const Recipients & to, uint32_t event, const uint64_t * words, uint32_t count);

} // namespace dextgen

#endif
