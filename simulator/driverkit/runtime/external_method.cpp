// Turns a call from a client's socket into ExternalMethod on the right queue, and its results back.
#include "action.h"
#include "faults.h"
#include "memory.h"
#include "objects.h"
#include "queues.h"
#include "user_client.h"

#include <DriverKit/OSData.h>

#include <algorithm>

namespace dextsim {

namespace {

constexpr std::string_view kExternalMethodQueue = "IOUserClientQueueExternalMethod";

// The objects that a call borrows to the driver.
struct Borrowed {
    OSData * input = nullptr;
    IOMemoryDescriptor * inputDescriptor = nullptr;
    IOMemoryDescriptor * outputDescriptor = nullptr;
    OSAction * completion = nullptr;

    Borrowed() = default;
    Borrowed(const Borrowed &) = delete;
    Borrowed & operator=(const Borrowed &) = delete;
    ~Borrowed() {
        OSSafeRelease(input);
        OSSafeRelease(inputDescriptor);
        OSSafeRelease(outputDescriptor);
        if (completion != nullptr) {
            endCompletion(completion);
        }
    }
};

// False: no memory for it.
bool borrow(IOUserClient * client, IncomingCall & call, Borrowed & objects) {
    if ((call.flags & kCallInputDescriptor) != 0) {
        objects.inputDescriptor = makeClientDescriptor(std::move(call.inputMemory),
                                                       call.structInputSize, kIOMemoryDirectionOut);
        if (objects.inputDescriptor == nullptr) {
            return false;
        }
    } else if (!call.structInput.empty()) {
        objects.input = OSData::withBytes(call.structInput.data(), call.structInput.size());
        if (objects.input == nullptr) {
            return false;
        }
    }
    if ((call.flags & kCallOutputDescriptor) != 0) {
        objects.outputDescriptor = makeClientDescriptor(
            std::move(call.outputMemory), call.structOutputSize, kIOMemoryDirectionIn);
        if (objects.outputDescriptor == nullptr) {
            return false;
        }
    }
    if ((call.flags & kCallAsync) != 0) {
        objects.completion =
            makeCompletion({kernelId(client), call.session, call.port, call.reference});
    }
    return true;
}

// What a driver may return as structure (contract §1.5, step 5).
void takeStructure(const IncomingCall & call, OSData * structure, CallOutcome & outcome) {
    if (structure == nullptr) {
        return;
    }
    const size_t length = structure->getLength();
    const bool variable = (call.flags & kCallVariableOutput) != 0;
    const bool byDescriptor = (call.flags & kCallOutputDescriptor) != 0;
    const uint64_t capacity = byDescriptor ? 0 : call.structOutputSize;
    if (!variable && length > capacity) {
        outcome.status = kIOReturnBadArgument;
        return;
    }
    if (byDescriptor) {
        return; // of length 0
    }
    outcome.hasStruct = true;
    const auto * bytes = static_cast<const uint8_t *>(structure->getBytesNoCopy());
    if (length > 0) {
        outcome.structOutput.assign(bytes, bytes + length);
    }
}

void run(IOUserClient * client, IncomingCall & call, const Borrowed & objects,
         CallOutcome & outcome) {
    IOUserClientMethodArguments arguments = {};
    arguments.version = kIOUserClientMethodArgumentsCurrentVersion;
    arguments.selector = call.selector;
    arguments.completion = objects.completion;
    arguments.scalarInput = call.scalarInputCount > 0 ? call.scalarInput.data() : nullptr;
    arguments.scalarInputCount = call.scalarInputCount;
    arguments.structureInput = objects.input;
    arguments.structureInputDescriptor = objects.inputDescriptor;
    arguments.scalarOutput = outcome.scalarOutput.data();
    arguments.scalarOutputCount = call.scalarOutputCount;
    arguments.structureOutputDescriptor = objects.outputDescriptor;
    arguments.structureOutputMaximumSize = (call.flags & kCallVariableOutput) != 0
                                               ? uint64_t{kIOUserClientVariableStructureSize}
                                               : call.structOutputSize;
    outcome.status = client->ExternalMethod(call.selector, &arguments, NULL, NULL, NULL);
    if (outcome.status == kIOReturnSuccess) {
        outcome.scalarOutputCount = std::min(arguments.scalarOutputCount, call.scalarOutputCount);
        takeStructure(call, arguments.structureOutput, outcome);
    }
    OSSafeRelease(arguments.structureOutput);
    answerIsReady();
}

CallOutcome perform(IOUserClient * client, IncomingCall & call) {
    CallOutcome outcome;
    Borrowed objects;
    if (!borrow(client, call, objects)) {
        outcome.status = kIOReturnNoMemory;
        answerIsReady();
        return outcome;
    }
    const Doing doing = Doing::externalMethod(client, call.selector);
    if (const auto queue = queueNamed(client, kExternalMethodQueue)) {
        queue->sync([&] { run(client, call, objects, outcome); });
    } else {
        run(client, call, objects, outcome);
    }
    return outcome;
}

} // namespace

CallOutcome callExternalMethod(IOUserClient * client, IncomingCall & call) {
    meetFaults(FaultEvent::Call, kernelId(client), call.selector);
    const uint64_t report = reportCall(kernelId(client), call);
    const Fd output(report != 0 ? dup(call.outputMemory.get()) : -1);
    CallOutcome outcome = perform(client, call);
    reportOutcome(report, outcome, output, call.structOutputSize);
    return outcome;
}

void openChannel(IOUserClient * client, Fd socket) {
    client->retain();
    // The last of the connection's threads drops the handler, and with it the reference.
    std::shared_ptr<IOUserClient> kept(client, [](IOUserClient * each) { each->release(); });
    serveDataChannel(
        std::move(socket),
        [kept](IncomingCall & call) { return callExternalMethod(kept.get(), call); },
        client->IOUserClient::ivars->channels);
}

void whenIdle(IOUserClient * client, std::function<void()> then) {
    client->IOUserClient::ivars->channels->whenIdle(std::move(then));
}

void closeChannels(IOUserClient * client) {
    client->IOUserClient::ivars->channels->close();
}

} // namespace dextsim
