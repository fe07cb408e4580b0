// A malformed message ends the channel: the client library wrote it, so it is a fault, not a
// request.
#include "data_channel.h"

#include <chrono>
#include <condition_variable>
#include <sys/socket.h>
#include <thread>

namespace dextsim {

namespace {

constexpr int32_t kIPCError = static_cast<int32_t>(0xe00002bf);

// False: nonsense.
bool readCall(Message & message, IncomingCall & call) {
    Reader body = message.reader();
    call.selector = body.u32();
    call.flags = body.u8();
    call.scalarOutputCount = body.u32();
    call.structOutputSize = body.u64();
    call.scalarInputCount = body.u32();
    if (call.scalarInputCount > kMaxScalars || call.scalarOutputCount > kMaxScalars) {
        return false;
    }
    body.words(call.scalarInput.data(), call.scalarInputCount);
    call.structInputSize = body.u64();
    size_t descriptor = 0;
    if ((call.flags & kCallInputDescriptor) != 0) {
        call.inputMemory = message.takeFd(descriptor++);
    } else if (call.structInputSize <= kMaxInline && call.structInputSize <= body.remaining()) {
        const size_t at = message.body.size() - body.remaining();
        call.structInput = std::span(message.body).subspan(at, call.structInputSize);
        std::array<uint8_t, kMaxInline> skipped;
        body.raw(skipped.data(), call.structInputSize);
    } else {
        return false;
    }
    if ((call.flags & kCallOutputDescriptor) != 0) {
        call.outputMemory = message.takeFd(descriptor);
    }
    if ((call.flags & kCallAsync) != 0) {
        call.session = body.u64();
        call.port = body.u32();
        call.referenceCount = body.u32();
        body.words(call.reference.data(), call.reference.size());
    }
    return body.ok();
}

Writer writeOutcome(const CallOutcome & outcome) {
    Writer body;
    body.i32(outcome.status);
    if (outcome.status != 0) {
        return body; // an error carries nothing else (contract §1.5)
    }
    body.u32(outcome.scalarOutputCount);
    body.words(outcome.scalarOutput.data(), outcome.scalarOutputCount);
    body.u8(outcome.hasStruct ? 1 : 0);
    body.bytes(outcome.structOutput);
    return body;
}

} // namespace

// A call of the group, until it has been answered.
class RunningCall {
  public:
    explicit RunningCall(ChannelGroup & group) : group_(group) {
        std::lock_guard lock(group_.lock_);
        group_.running_++;
    }
    ~RunningCall() {
        std::vector<std::function<void()>> waiting;
        {
            std::lock_guard lock(group_.lock_);
            if (--group_.running_ == 0) {
                waiting.swap(group_.waiting_);
            }
        }
        for (const auto & then : waiting) {
            then();
        }
    }
    RunningCall(const RunningCall &) = delete;
    RunningCall & operator=(const RunningCall &) = delete;

  private:
    ChannelGroup & group_;
};

namespace {

struct Answers {
    std::mutex lock;
    std::condition_variable sent;
    unsigned ready = 0;
};

// Never destroyed: threads may use it while the process ends.
Answers & answers() {
    static auto & shared = *new Answers();
    return shared;
}

void answerIsSent() {
    std::lock_guard guard(answers().lock);
    if (--answers().ready == 0) {
        answers().sent.notify_all();
    }
}

void serve(Channel & channel, const CallHandler & handler, ChannelGroup & group) {
    Message message;
    while (channel.receive(message)) {
        if (message.type != MessageType::Call) {
            return;
        }
        const RunningCall running(group);
        IncomingCall call;
        CallOutcome outcome;
        if (readCall(message, call)) {
            outcome = handler(call);
        } else {
            outcome.status = kIPCError;
            answerIsReady();
        }
        const bool sent = channel.send(MessageType::Reply, message.id, writeOutcome(outcome));
        answerIsSent();
        if (!sent) {
            return;
        }
    }
}

} // namespace

void answerIsReady() {
    std::lock_guard guard(answers().lock);
    ++answers().ready;
}

void awaitAnswers() {
    constexpr std::chrono::seconds kPatience(1);
    std::unique_lock guard(answers().lock);
    answers().sent.wait_for(guard, kPatience, [] { return answers().ready == 0; });
}

// Membership of one socket for the time it is served.
class ChannelMember {
  public:
    ChannelMember(ChannelGroup & group, int socket) : group_(group), socket_(socket) {
        std::lock_guard lock(group_.lock_);
        group_.sockets_.insert(socket);
        if (group_.closed_) {
            shutdown(socket, SHUT_RD);
        }
    }
    ~ChannelMember() {
        std::lock_guard lock(group_.lock_);
        group_.sockets_.erase(socket_);
    }
    ChannelMember(const ChannelMember &) = delete;
    ChannelMember & operator=(const ChannelMember &) = delete;

  private:
    ChannelGroup & group_;
    const int socket_;
};

void ChannelGroup::close() {
    std::lock_guard lock(lock_);
    closed_ = true;
    for (int socket : sockets_) {
        shutdown(socket, SHUT_RD);
    }
}

void ChannelGroup::whenIdle(std::function<void()> then) {
    {
        std::lock_guard lock(lock_);
        if (running_ > 0) {
            waiting_.push_back(std::move(then));
            return;
        }
    }
    then();
}

void serveDataChannel(Fd socket, CallHandler handler, std::shared_ptr<ChannelGroup> group) {
    std::thread([channel = Channel(std::move(socket)), handler = std::move(handler),
                 group = std::move(group)]() mutable {
        ChannelMember member(*group, channel.fd());
        serve(channel, handler, *group);
    }).detach();
}

} // namespace dextsim
