// What an IOUserClient carries: its client's entitlements, and the sockets its calls come in on.
#ifndef DEXTSIM_DRIVERKIT_USER_CLIENT_H
#define DEXTSIM_DRIVERKIT_USER_CLIENT_H

#include "data_channel.h"

#include <DriverKit/IOUserClient.h>
#include <DriverKit/OSDictionary.h>

#include <memory>

struct IOUserClient_IVars {
    OSDictionary * entitlements = nullptr; // retained; set before Start
    bool started = false;
    std::shared_ptr<dextsim::ChannelGroup> channels = std::make_shared<dextsim::ChannelGroup>();
};

namespace dextsim {

// Starts a user client with its client's entitlements, which it takes over. The kernel will not
// hear of one that did not start.
kern_return_t startUserClient(IOService & service, IOUserClient & client,
                              OSDictionary * entitlements);
// Serves a client's socket until the client closes it; retains the user client for that time.
void openChannel(IOUserClient * client, Fd socket);
// No call is taken any more; one that runs still answers.
void closeChannels(IOUserClient * client);

// Runs `then` when no call is under way.
void whenIdle(IOUserClient * client, std::function<void()> then);

// What the kernel and the closed part of the runtime do around ExternalMethod (contract §1.2–§1.7).
CallOutcome callExternalMethod(IOUserClient * client, IncomingCall & call);

} // namespace dextsim

#endif
