// A malformed message ends the channel: the client library wrote it, so it is a fault, not a
// request.
#include "data_channel.h"

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

void serve(Channel & channel, const CallHandler & handler) {
    Message message;
    while (channel.receive(message)) {
        if (message.type == MessageType::AddChannel) {
            serveDataChannel(message.takeFd(), handler, [] {});
            continue;
        }
        if (message.type != MessageType::Call) {
            return;
        }
        IncomingCall call;
        CallOutcome outcome;
        if (readCall(message, call)) {
            outcome = handler(call);
        } else {
            outcome.status = kIPCError;
        }
        if (!channel.send(MessageType::Reply, message.id, writeOutcome(outcome))) {
            return;
        }
    }
}

} // namespace

void serveDataChannel(Fd socket, CallHandler handler, std::function<void()> ended) {
    std::thread([channel = Channel(std::move(socket)), handler = std::move(handler),
                 ended = std::move(ended)]() mutable {
        serve(channel, handler);
        channel = Channel();
        ended();
    }).detach();
}

} // namespace dextsim
