// The dext's end of a connection's socket: takes external methods off it, one at a time, and
// answers each on the same thread. What a call means is the handler's business; this file knows
// only the message (ipc/messages.h).
#ifndef DEXTSIM_DRIVERKIT_DATA_CHANNEL_H
#define DEXTSIM_DRIVERKIT_DATA_CHANNEL_H

#include "../../ipc/channel.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <vector>

namespace dextsim {

struct IncomingCall {
    uint32_t selector = 0;
    uint8_t flags = 0; // CallFlags
    uint32_t scalarInputCount = 0;
    std::array<uint64_t, kMaxScalars> scalarInput{};
    uint32_t scalarOutputCount = 0; // capacity that the client asked for
    uint64_t structInputSize = 0;
    std::span<const uint8_t> structInput; // inline input; empty with kCallInputDescriptor
    Fd inputMemory;                       // with kCallInputDescriptor
    uint64_t structOutputSize = 0;        // capacity; 0xffffffff with kCallVariableOutput
    Fd outputMemory;                      // with kCallOutputDescriptor
    uint64_t session = 0;                 // with kCallAsync, as the three below
    uint32_t port = 0;
    uint32_t referenceCount = 0;
    std::array<uint64_t, kAsyncReferenceWords> reference{};
};

struct CallOutcome {
    int32_t status = 0;
    uint32_t scalarOutputCount = 0;
    std::array<uint64_t, kMaxScalars> scalarOutput{};
    bool hasStruct = false;
    std::vector<uint8_t> structOutput;
};

using CallHandler = std::function<CallOutcome(IncomingCall & call)>;

// The sockets of one connection, so that all can be closed from this side.
class ChannelGroup {
  public:
    // Waiting for calls ends, now and for sockets that come later; a call that runs is answered.
    void close();
    // Runs `then` when no call is under way, at once or on the thread of the last.
    void whenIdle(std::function<void()> then);

  private:
    friend class ChannelMember;
    friend class RunningCall;
    std::mutex lock_;
    std::set<int> sockets_;
    bool closed_ = false;
    unsigned running_ = 0; // calls
    std::vector<std::function<void()>> waiting_;
};

// A call has ended and its client is still to be told. Said on the call's queue, before anything
// else can run there: what ends the process next must not overtake the answer (contract §4.6).
void answerIsReady();
// Waits until no client is to be told of an end, but not for one that does not read.
void awaitAnswers();

// Starts a thread that serves the socket until the client or the group closes it.
void serveDataChannel(Fd socket, CallHandler handler, std::shared_ptr<ChannelGroup> group);

} // namespace dextsim

#endif
