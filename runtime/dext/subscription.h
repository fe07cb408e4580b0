// Completions that many events go through: sending, the window of unacknowledged ones, and the end.
#ifndef DEXTGEN_SUBSCRIPTION_H
#define DEXTGEN_SUBSCRIPTION_H

#include "connection.h"

namespace dextgen {

/// Sends one completion of exactly `count` words. The platform neither blocks nor tells (contract
/// §1.9).
void SendCompletion(Connection * connection, OSAction * action, kern_return_t status,
                    const uint64_t * words, uint32_t count);

/// Retains `action`; an older subscription of the event ends first. With the ring open it is the
/// doorbell.
kern_return_t SubscriptionBegin(Connection * connection, uint32_t event, OSAction * action,
                                uint64_t * id);

/// Sends the final completion and releases. Does nothing when there is no subscription.
void SubscriptionEnd(Connection * connection, uint32_t event, kern_return_t reason);

/// Delivers one payload, or keeps or drops it by the event's policy when the window is full.
void SubscriptionDeliver(Connection * connection, uint32_t event, const void * payload);

/// Rings the doorbell for `arming`.
void SubscriptionRing(Connection * connection, uint32_t event, uint32_t arming, uint64_t lost);

/// The app has handled `count` more completions. False when it never had so many.
bool SubscriptionAcknowledge(Connection * connection, uint32_t event, uint64_t count);

} // namespace dextgen

#endif
