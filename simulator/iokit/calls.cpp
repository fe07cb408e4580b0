// The IOConnectCallMethod family: what MIG and is_io_connect_method do between an app and the dext
// (contract §1.5–§1.7). The message goes straight to the dext.
#include "connect.h"
#include "notification_port.h"
#include "shared_pages.h"
#include "watchdog.h"

#include "ipc/os.h"

#include <IOKit/IOKitLib.h>

#include <algorithm>
#include <cstring>
#include <shared_mutex>

namespace {

using namespace dextsim;
using namespace dextsim::client;

constexpr size_t kVariableSize = static_cast<size_t>(kIOConnectMethodVarOutputSize);
constexpr uint64_t kVariableMarker = 0xffffffff;

// A call as the app made it.
struct Call {
    mach_port_t connection;
    uint32_t selector;
    const uint64_t * scalars;
    uint32_t scalarCount;
    const void * input;
    size_t inputSize;
    uint64_t * output;
    uint32_t * outputCount;
    void * outputStruct;
    size_t * outputSize;
    bool async = false;
    mach_port_t wakePort = 0;
    uint64_t reference[kAsyncReferenceWords] = {};
    uint32_t referenceCount = 0;

    // Var-output exists only for the synchronous call (contract §1.6).
    bool variable() const {
        return !async && outputSize != nullptr && *outputSize == kVariableSize;
    }
    size_t outputCapacity() const { return outputSize == nullptr || variable() ? 0 : *outputSize; }
    bool inputIsLarge() const { return inputSize > kMaxInline; }
    bool outputIsLarge() const { return outputCapacity() > kMaxInline; }
    bool wakes() const { return async && wakePort != 0; }
};

// What the app's side refuses before anything is sent, to whatever it is.
bool fitsMessage(const Call & call) {
    return call.scalarCount <= kMaxScalars && call.referenceCount <= kAsyncReferenceWords;
}

// What the kernel refuses before it takes the connection's lock.
kern_return_t checkLimits(const Call & call, const Connect & connect) {
    if (kern_return_t gone = connect.check()) {
        return gone;
    }
    if (call.wakes() && NotificationPort::find(call.wakePort) == nullptr) {
        return MACH_SEND_INVALID_RIGHT;
    }
    if (call.async && call.referenceCount < 1) {
        return kIOReturnBadArgument;
    }
    if (call.outputCapacity() > UINT32_MAX) {
        return kIOReturnIPCError;
    }
    bool missing = (call.scalarCount != 0 && call.scalars == nullptr) ||
                   (call.inputSize != 0 && call.input == nullptr);
    return missing ? kIOReturnBadArgument : kIOReturnSuccess;
}

uint8_t flagsOf(const Call & call) {
    return static_cast<uint8_t>((call.wakes() ? kCallAsync : 0) |
                                (call.variable() ? kCallVariableOutput : 0) |
                                (call.inputIsLarge() ? kCallInputDescriptor : 0) |
                                (call.outputIsLarge() ? kCallOutputDescriptor : 0));
}

void encode(const Call & call, const Connect & connect, Writer & body) {
    uint32_t capacity = call.outputCount == nullptr ? 0 : std::min(*call.outputCount, kMaxScalars);
    body.u32(call.selector).u8(flagsOf(call)).u32(capacity);
    body.u64(call.variable() ? kVariableMarker : call.outputCapacity());
    body.u32(call.scalarCount).words(call.scalars, call.scalarCount).u64(call.inputSize);
    if (!call.inputIsLarge()) {
        body.raw(call.input, call.inputSize);
    }
    if (call.wakes()) {
        body.u64(connect.session()->id()).u32(call.wakePort).u32(call.referenceCount);
        body.words(call.reference, kAsyncReferenceWords);
    }
}

// Structs above 4096 bytes travel as descriptors. The input is a copy: the dext sees a snapshot.
struct LargeBuffers {
    Fd input;
    Fd output;
    void * outputBytes = nullptr;
    size_t outputSize = 0;

    ~LargeBuffers() { unmapShared(outputBytes, outputSize); }

    bool prepare(const Call & call) {
        if (call.inputIsLarge()) {
            input = createSharedMemory(call.inputSize);
            void * bytes = input.valid() ? mapShared(input, call.inputSize, true) : nullptr;
            if (bytes == nullptr) {
                return false;
            }
            memcpy(bytes, call.input, call.inputSize);
            unmapShared(bytes, call.inputSize);
        }
        if (call.outputIsLarge()) {
            outputSize = call.outputCapacity();
            output = createSharedMemory(outputSize);
            outputBytes = output.valid() ? mapShared(output, outputSize, true) : nullptr;
            if (outputBytes == nullptr) {
                return false;
            }
            // What the dext does not write stays as it was.
            memcpy(outputBytes, call.outputStruct, outputSize);
        }
        return true;
    }

    size_t collect(int (&fds)[2]) const {
        size_t count = 0;
        for (const Fd * fd : {&input, &output}) {
            if (fd->valid()) {
                fds[count++] = fd->get();
            }
        }
        return count;
    }
};

// Sends the request and waits: uninterruptible, without a timeout (contract §1.8).
kern_return_t exchange(const Call & call, const Connect & connect, const LargeBuffers & large,
                       DataChannel & channel) {
    channel.request.clear();
    encode(call, connect, channel.request);
    int fds[2];
    size_t count = large.collect(fds);
    uint64_t id = channel.nextId++;
    orderStores();
    if (!channel.channel.send(MessageType::Call, id, channel.request, std::span(fds, count))) {
        channel.broken = true;
        kern_return_t gone = connect.check();
        return gone != kIOReturnSuccess ? gone : kIOReturnNotReady;
    }
    Watchdog watchdog(*connect.session(), {connect.id(), LastingCall::Method, call.selector});
    Channel::Result received;
    while ((received = channel.channel.tryReceive(channel.reply)) == Channel::Result::Nothing) {
        watchdog.look();
    }
    if (received == Channel::Result::Gone) {
        channel.broken = true;
        return MIG_SERVER_DIED;
    }
    orderStores();
    if (channel.reply.type != MessageType::Reply || channel.reply.id != id) {
        channel.broken = true;
        return MIG_REPLY_MISMATCH;
    }
    return kIOReturnSuccess;
}

kern_return_t takeVariable(const Call & call, bool hasStruct, std::span<const uint8_t> bytes) {
    if (!hasStruct) {
        return kIOReturnUnderrun;
    }
    mach_vm_address_t address = 0;
    if (!bytes.empty()) {
        if (mach_vm_allocate(mach_task_self(), &address, bytes.size(), VM_FLAGS_ANYWHERE) != 0) {
            return kIOReturnNoMemory;
        }
        memcpy(reinterpret_cast<void *>(address), bytes.data(), bytes.size());
    }
    *static_cast<void **>(call.outputStruct) = reinterpret_cast<void *>(address);
    *call.outputSize = bytes.size();
    return kIOReturnSuccess;
}

// The struct output, in line or by descriptor (contract §1.6).
kern_return_t takeStruct(const Call & call, const LargeBuffers & large, bool hasStruct,
                         std::span<const uint8_t> bytes) {
    if (call.variable()) {
        return takeVariable(call, hasStruct, bytes);
    }
    size_t inlineCapacity = call.outputIsLarge() ? 0 : call.outputCapacity();
    if (hasStruct && bytes.size() > inlineCapacity) {
        return kIOReturnBadArgument;
    }
    if (call.outputIsLarge()) {
        memcpy(call.outputStruct, large.outputBytes, large.outputSize);
    } else if (hasStruct) {
        if (!bytes.empty()) {
            memcpy(call.outputStruct, bytes.data(), bytes.size());
        }
        if (call.outputSize != nullptr) {
            *call.outputSize = bytes.size();
        }
    } else if (inlineCapacity != 0) {
        memset(call.outputStruct, 0, inlineCapacity);
    }
    return kIOReturnSuccess;
}

// An error drops every output.
kern_return_t takeReply(const Call & call, const LargeBuffers & large, const Message & message) {
    Reader reader = message.reader();
    kern_return_t status = reader.i32();
    if (status != kIOReturnSuccess) {
        return status;
    }
    uint64_t scalars[kMaxScalars];
    uint32_t count = reader.u32();
    if (count > kMaxScalars) {
        return MIG_BAD_ARGUMENTS;
    }
    reader.words(scalars, count);
    bool hasStruct = reader.u8() != 0;
    auto bytes = reader.bytes();
    if (!reader.ok()) {
        return MIG_BAD_ARGUMENTS;
    }
    status = takeStruct(call, large, hasStruct, bytes);
    if (status == kIOReturnSuccess && call.outputCount != nullptr) {
        // The dext can only lower the count.
        *call.outputCount = std::min(count, *call.outputCount);
        std::copy_n(scalars, *call.outputCount, call.output);
    }
    return status;
}

kern_return_t perform(const Call & call) {
    if (!fitsMessage(call)) {
        return MIG_ARRAY_TOO_LARGE;
    }
    NameRef name = Names::shared().find(call.connection);
    if (name == nullptr) {
        return MACH_SEND_INVALID_DEST;
    }
    if (name->kind != NameKind::Connect) {
        return kIOReturnBadArgument;
    }
    Connect & connect = *name->connect;
    if (kern_return_t status = checkLimits(call, connect)) {
        return status;
    }
    std::shared_lock methods(connect.gate());
    if (kern_return_t status = connect.check()) {
        return status;
    }
    LargeBuffers large;
    if (!large.prepare(call)) {
        return kIOReturnNoMemory;
    }
    auto channel = connect.takeChannel();
    if (channel == nullptr) {
        kern_return_t gone = connect.check();
        return gone != kIOReturnSuccess ? gone : kIOReturnNotReady;
    }
    kern_return_t status = exchange(call, connect, large, *channel);
    if (status == kIOReturnSuccess) {
        status = takeReply(call, large, channel->reply);
    }
    connect.giveChannel(std::move(channel));
    return status;
}

} // namespace

kern_return_t IOConnectCallMethod(mach_port_t connection, uint32_t selector, const uint64_t * input,
                                  uint32_t inputCnt, const void * inputStruct,
                                  size_t inputStructCnt, uint64_t * output, uint32_t * outputCnt,
                                  void * outputStruct, size_t * outputStructCnt) {
    Call call{connection,     selector, input,     inputCnt,     inputStruct,
              inputStructCnt, output,   outputCnt, outputStruct, outputStructCnt};
    kern_return_t status = perform(call);
    if (status != kIOReturnSuccess && call.variable()) {
        // The library stores its locals unconditionally (contract §1.6).
        *static_cast<void **>(outputStruct) = nullptr;
        *outputStructCnt = 0;
    }
    return status;
}

kern_return_t IOConnectCallAsyncMethod(mach_port_t connection, uint32_t selector,
                                       mach_port_t wakePort, uint64_t * reference,
                                       uint32_t referenceCnt, const uint64_t * input,
                                       uint32_t inputCnt, const void * inputStruct,
                                       size_t inputStructCnt, uint64_t * output,
                                       uint32_t * outputCnt, void * outputStruct,
                                       size_t * outputStructCnt) {
    Call call{connection,     selector, input,     inputCnt,     inputStruct,
              inputStructCnt, output,   outputCnt, outputStruct, outputStructCnt};
    call.async = true;
    call.wakePort = wakePort;
    // Nothing at all stands for one word of zero.
    call.referenceCount = reference == nullptr && referenceCnt == 0 ? 1 : referenceCnt;
    if (reference != nullptr && referenceCnt <= kAsyncReferenceWords) {
        std::copy_n(reference, referenceCnt, call.reference);
    }
    return perform(call);
}
