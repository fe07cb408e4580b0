// What a driver sees of a call and what the client gets back (contract §1.2–§1.7).
#include "support.h"

#include "ipc/os.h"

#include <vector>

using namespace dextsim;

CallOutcome call(SampleClient * client, const CallShape & shape) {
    static std::vector<uint8_t> bytes(1 << 16, 0x5a);
    IncomingCall incoming;
    incoming.selector = 3;
    incoming.flags = shape.flags;
    incoming.structInputSize = shape.input;
    if ((shape.flags & kCallInputDescriptor) != 0) {
        incoming.inputMemory = createSharedMemory(roundToPages(shape.input));
    } else {
        incoming.structInput = std::span(bytes).first(shape.input);
    }
    incoming.structOutputSize = shape.output;
    if ((shape.flags & kCallOutputDescriptor) != 0) {
        incoming.outputMemory = createSharedMemory(roundToPages(shape.output));
    }
    incoming.scalarOutputCount = shape.scalars;
    incoming.session = 8;
    incoming.port = 9;
    incoming.reference = {1, 2, 3, 4, 5, 6, 7, 8};
    return callExternalMethod(client, incoming);
}

namespace {

void testInputs(SampleClient * client) {
    call(client, {.input = 0});
    CHECK(!gRecord.seen.hasInput); // NULL for 0 bytes
    call(client, {.input = 1});
    CHECK(gRecord.seen.inputLength == 1);
    call(client, {.input = 4096});
    CHECK(gRecord.seen.inputLength == 4096 && gRecord.seen.descriptorLength == 0);
    call(client, {.input = 4097, .flags = kCallInputDescriptor});
    CHECK(!gRecord.seen.hasInput && gRecord.seen.descriptorLength == 4097);
    call(client, {.output = 0xffffffff, .flags = kCallVariableOutput});
    CHECK(gRecord.seen.outputMaximum == 0xffffffff);
    CHECK(!gRecord.seen.hasCompletion);
}

void testOutputs(SampleClient * client) {
    CallOutcome outcome = call(client, {.output = 64, .scalars = 3});
    CHECK(outcome.status == kIOReturnSuccess && outcome.scalarOutputCount == 3);
    CHECK(outcome.scalarOutput[2] == 102 && !outcome.hasStruct);
    gRecord.outputScalars = 1;
    CHECK(call(client, {.scalars = 3}).scalarOutputCount == 1); // fewer pass
    gRecord.outputScalars = 9;
    CHECK(call(client, {.scalars = 3}).scalarOutputCount == 3); // more are clamped
    gRecord.outputScalars = -1;

    gRecord.outputLength = 64;
    outcome = call(client, {.output = 64});
    CHECK(outcome.hasStruct && outcome.structOutput.size() == 64 && outcome.structOutput[0] == 'o');
    CHECK(call(client, {.output = 63}).status == kIOReturnBadArgument); // too long
    CHECK(call(client, {.output = 8192, .flags = kCallOutputDescriptor}).status ==
          kIOReturnBadArgument); // structure and descriptor
    gRecord.outputLength = 5000;
    outcome = call(client, {.output = 0xffffffff, .flags = kCallVariableOutput});
    CHECK(outcome.structOutput.size() == 5000);
    gRecord.outputLength = 16;
    gRecord.result = kIOReturnBusy;
    outcome = call(client, {.output = 64, .scalars = 2});
    CHECK(outcome.status == kIOReturnBusy && !outcome.hasStruct && outcome.scalarOutputCount == 0);
    gRecord.outputLength = -1;
    gRecord.result = kIOReturnSuccess;
}

void testRows(SampleClient * client) {
    gRecord.useRow = true;
    CHECK(call(client, {}).status == kIOReturnUnsupported); // no row
    constexpr uint32_t kAny = kIOUserClientVariableStructureSize;
    const auto with = [&](IOUserClientMethodDispatch row, const CallShape & shape) {
        gRecord.row = &row;
        return call(client, shape).status;
    };
    CHECK(with({nullptr, 0, 0, 0, 0, 0}, {}) == kIOReturnNoCompletion);
    CHECK(with({nullptr, kAny, kAny, kAny, kAny, kAny}, {.input = 5}) == kIOReturnNoCompletion);
    CHECK(with({nullptr, 1, 0, 0, 0, 0}, {}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 0, 0, 0, 0}, {.flags = kCallAsync}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 1, 0, 0, 0}, {}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 0, 4, 0, 0}, {.input = 5}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 0, 4097, 0, 0}, {.input = 4097, .flags = kCallInputDescriptor}) ==
          kIOReturnNoCompletion);
    CHECK(with({nullptr, 0, 0, 0, 1, 0}, {.scalars = 2}) == kIOReturnBadArgument);
    CHECK(with({nullptr, 0, 0, 0, 0, 8}, {.output = 9}) == kIOReturnBadArgument);
    const auto function = [](OSObject *, void * reference, IOUserClientMethodArguments *) {
        return reference == &gRecord ? kIOReturnNoSpace : kIOReturnError;
    };
    CHECK(with({function, 0, 0, 0, 0, 0}, {}) == kIOReturnNoSpace);
    gRecord.useRow = false;
}

} // namespace

void testCalls(SampleClient * client) {
    testInputs(client);
    testOutputs(client);
    testRows(client);
}
