// Calls whose structs vary in size: texts, records and variants in both directions, with the memory
// that is made for them. The test double aborts when a block is freed with another length.
#include "call.h"
#include "check.h"
#include "connection.h"
#include "core.h"
#include "text.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSData.h>
#include <initializer_list>
#include <string.h>

using namespace dextgen;

namespace {

constexpr uint32_t kAny = kIOUserClientVariableStructureSize;

struct Seen {
    uint8_t bytes[256];
    uint64_t length;
    uint64_t calls;
    kern_return_t status;
    const char * text;
    uint64_t textLength;
};
Seen gSeen;

Call * CallOf(void * reference) {
    return static_cast<Call *>(reference);
}

kern_return_t TakeText(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    gSeen.calls++;
    gSeen.length = LengthOfText(call->input, call->inputSize);
    // There is a NUL behind it, whatever was sent.
    CHECK(strlen(reinterpret_cast<char *>(call->input)) == gSeen.length);
    uint64_t length = CallTextRoom(call);
    if (gSeen.textLength <= length) {
        memcpy(call->output, gSeen.text, gSeen.textLength);
        memset(call->output + gSeen.textLength, 0xEE, length - gSeen.textLength);
    }
    length = gSeen.textLength;
    return CallFinishText(call, gSeen.status, length);
}

struct Pair {
    uint8_t a;
    uint32_t b;
};

kern_return_t TakeVariant(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    gSeen.calls++;
    gSeen.length = call->inputSize;
    memcpy(gSeen.bytes, call->input, 12); // all of its room is there
    memset(call->output, 0xEE, 12);
    call->output[0] = static_cast<uint8_t>(gSeen.textLength);
    return CallFinishVariant(call, gSeen.status);
}

extern const RecordRule kList;

kern_return_t TakeList(OSObject *, void * reference, IOUserClientMethodArguments *) {
    Call * call = CallOf(reference);
    gSeen.calls++;
    PartPlace places[3];
    gSeen.length = MapRecord(kList, call->input, call->inputSize, places);
    RecordWriter writer(kList, call->output, call->outputCapacity);
    const uint8_t head[] = {7, 99};
    writer.Put(0, head, sizeof head);
    for (uint64_t i = 0; i < gSeen.textLength; i++) {
        const Pair pair = {.a = static_cast<uint8_t>(i), .b = 5};
        writer.Add(1, &pair, 1);
    }
    return CallFinishRecord(call, gSeen.status, &writer);
}

const PartRule kTextPart = {.kind = PartKind::Text, .text = kTextTerminated, .min = 1, .max = 16};
const RecordRule kText = {.max = 16, .parts = &kTextPart, .partCount = 1};

const PaddingRule kPairPadding[] = {{.offset = 1, .size = 3, .count = 1, .stride = 0}};
const StructRule kPair = {
    .size = 8, .fields = nullptr, .fieldCount = 0, .padding = kPairPadding, .paddingCount = 1};

const CaseRule kCases[] = {{.first = 1, .last = 1, .size = 1, .shape = 0, .single = true},
                           {.first = 2, .last = 9, .size = 12, .shape = 1, .check = &kPair}};
const VariantRule kPick = {
    .scalar = Scalar::U8, .offset = 0, .body = 4, .cases = kCases, .caseCount = 2, .size = 12};
const RecordRule kPickRecord = {.max = 12, .variant = &kPick};

const CountRule kCount = {.part = 0, .offset = 1, .scalar = Scalar::U8};
const PartRule kParts[] = {
    {.kind = PartKind::Fixed, .size = 2},
    {.kind = PartKind::Array, .align = 4, .size = 8, .check = &kPair, .count = &kCount, .max = 5}};
const RecordRule kList = {.max = 30, .parts = kParts, .partCount = 2};

const Method kMethods[] = {
    {.selector = 1,
     .dispatch = {TakeText, 0, 0, kAny, 0, kAny},
     .input = Carrier::Bytes,
     .inputMin = 1,
     .inputMax = 16,
     .inputRecord = &kText,
     .inputExtra = 1,
     .output = Carrier::Bytes,
     .outputMax = 16,
     .outputRecord = &kText},
    {.selector = 2,
     .dispatch = {TakeVariant, 0, 0, kAny, 0, kAny},
     .input = Carrier::Bytes,
     .inputMin = 1,
     .inputMax = 12,
     .inputRecord = &kPickRecord,
     .inputRoom = 12,
     .output = Carrier::Bytes,
     .outputMax = 12,
     .outputRecord = &kPickRecord,
     .outputRoom = 12},
    {.selector = 3,
     .dispatch = {TakeList, 0, 0, kAny, 0, kAny},
     .input = Carrier::Bytes,
     .inputMin = 2,
     .inputMax = 30,
     .inputRecord = &kList,
     .inputCapped = true,
     .output = Carrier::Bytes,
     .outputMax = 44,
     .outputRecord = &kList},
    {.selector = 4,
     .dispatch = {TakeText, 0, 0, kAny, 0, kAny},
     .input = Carrier::Bytes,
     .inputMin = 1,
     .inputMax = 16,
     .inputRecord = &kText,
     .inputExtra = 1,
     .output = Carrier::Bytes,
     .outputMax = 16,
     .outputRecord = &kText,
     .outputDescriptor = true,
     .lengthUntold = true},
};
const Interface kInterface = {.hasContract = true,
                              .contractBase = 0xDE000000,
                              .methods = kMethods,
                              .methodCount = 4,
                              .maxClients = 4};

struct Answer {
    kern_return_t status;
    uint64_t rule;
    uint64_t size; // SIZE_MAX: nothing
    uint8_t bytes[64];
};

/// One call on a connection of its own.
Answer Send(uint64_t selector, const void * bytes, size_t size, uint64_t room,
            IOMemoryDescriptor * memory = nullptr) {
    Core core = {};
    Connection connection = {};
    IOUserClient * client = new IOUserClient;
    CHECK(ConnectionStart(&connection, kInterface,
                          {.core = &core, .driver = nullptr, .client = client}) ==
          kIOReturnSuccess);
    IOUserClientMethodArguments sent = {};
    OSData * data = OSData::withBytes(bytes, size);
    sent.structureInput = data;
    sent.structureOutputMaximumSize = room;
    sent.structureOutputDescriptor = memory;
    Call call = {};
    kern_return_t status = CallBegin(&call, &connection, selector, &sent);
    if (status == kIOReturnSuccess) {
        status = call.method->dispatch.function(client, &call, &sent);
    }
    Answer answer = {.status = CallEnd(&call, status), .rule = 0, .size = SIZE_MAX, .bytes = {}};
    answer.rule = connection.rejection.rule;
    if (sent.structureOutput != nullptr) {
        answer.size = sent.structureOutput->length;
        memcpy(answer.bytes, sent.structureOutput->bytes, answer.size);
    }
    OSSafeReleaseNULL(sent.structureOutput);
    OSSafeReleaseNULL(data);
    ConnectionStop(&connection);
    ConnectionFree(&connection);
    CoreStop(&core, kIOReturnAborted);
    client->release();
    return answer;
}

void Answers(const char * text, uint64_t length) {
    gSeen = {};
    gSeen.text = text;
    gSeen.textLength = length;
}

void TestTexts() {
    Answers("abc", 3);
    Answer answer = Send(1, "hello", 6, 16);
    CHECK(answer.status == kIOReturnSuccess && gSeen.length == 5);
    // A NUL is added, and nothing of what the hook left behind it leaves.
    CHECK(answer.size == 4 && memcmp(answer.bytes, "abc", 4) == 0);
    CHECK(Send(1, "hello", 5, 16).rule == kDextgenRuleStringTerminator);
    CHECK(Send(1, "he\0lo", 6, 16).rule == kDextgenRuleStringTerminator);
    CHECK(Send(1, "\xC0\x80", 3, 16).rule == kDextgenRuleUtf8);
    CHECK(Send(1, "0123456789012345", 17, 16).rule == kDextgenRuleStructSize);
    Answers("0123456789abcde", 15);
    CHECK(Send(1, "x", 2, 16).size == 16);
    CHECK(Send(1, "x", 2, 15).status == kIOReturnInternalError); // no room for the NUL
    Answers("\xC3", 1);
    CHECK(Send(1, "x", 2, 16).status == kIOReturnInternalError); // half a character
    Answers("abc", 99);
    CHECK(Send(1, "x", 2, 16).status == kIOReturnInternalError);
    Answers("", 0);
    CHECK(Send(1, "x", 2, 0).status == kIOReturnInternalError); // a NUL would have to fit
}

void TestVariants() {
    Answers("", 1);
    const uint8_t one[] = {1};
    Answer answer = Send(2, one, sizeof one, 12);
    CHECK(answer.status == kIOReturnSuccess && gSeen.length == 1 && answer.size == 1);
    // The room behind the case is zero, so that a hook may look at any of them.
    for (uint32_t i = 1; i < 12; i++) {
        CHECK(gSeen.bytes[i] == 0);
    }
    const uint8_t two[] = {9, 0, 0, 0, 5, 0xAA, 0xAA, 0xAA, 1, 0, 0, 0};
    Answers("", 2);
    answer = Send(2, two, sizeof two, 12);
    CHECK(answer.status == kIOReturnSuccess && answer.size == 12);
    // Neither between the number and the case nor in the padding of the case.
    CHECK(answer.bytes[1] == 0 && answer.bytes[3] == 0 && answer.bytes[4] == 0xEE);
    CHECK(answer.bytes[5] == 0 && answer.bytes[7] == 0 && answer.bytes[8] == 0xEE);
    CHECK(Send(2, two, sizeof two, 11).status == kIOReturnNoSpace);
    Answers("", 200);
    CHECK(Send(2, one, sizeof one, 12).status == kIOReturnInternalError);
    const uint8_t unknown[] = {77};
    CHECK(Send(2, unknown, sizeof unknown, 12).rule == kDextgenRuleTag);
    CHECK(Send(2, two, 11, 12).rule == kDextgenRuleStructSize);
}

void TestRecords() {
    const uint8_t list[] = {1, 1, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0};
    Answers("", 2);
    Answer answer = Send(3, list, sizeof list, 44);
    CHECK(answer.status == kIOReturnSuccess && gSeen.length == sizeof list);
    // The count is the writer's, whatever the hook wrote there.
    CHECK(answer.size == 20 && answer.bytes[0] == 7 && answer.bytes[1] == 2);
    CHECK(answer.bytes[12] == 1 && answer.bytes[16] == 5);
    CHECK(Send(3, list, sizeof list, 19).status == kIOReturnNoSpace);
    CHECK(Send(3, list, sizeof list, 0).status == kIOReturnNoSpace);
    Answers("", 6); // more than the schema allows, or than the whole may have
    CHECK(Send(3, list, sizeof list, 44).status == kIOReturnInternalError);
    uint8_t large[31] = {1, 3};
    CHECK(Send(3, large, sizeof large, 44).rule == kDextgenRuleTotal);
    large[1] = 6;
    CHECK(Send(3, large, 30, 44).rule == kDextgenRuleCount);
    gSeen.status = kIOReturnBusy;
    CHECK(Send(3, list, sizeof list, 44).status == kIOReturnBusy);
}

void TestDescriptors() {
    Answers("abc", 3);
    CHECK(Send(4, "x", 2, 16).rule == kDextgenRuleStructSize);
    IOMemoryDescriptor * memory = new IOMemoryDescriptor(5000);
    Answer answer = Send(4, "x", 2, 5000, memory);
    CHECK(answer.status == kIOReturnSuccess && answer.size == SIZE_MAX);
    CHECK(memcmp(memory->bytes, "abc", 4) == 0);
    memory->release();
}

/// A record is told from noise, and nothing behind it is read: the sanitizer watches.
void TestNoise() {
    uint32_t state = 1;
    for (uint32_t round = 0; round < 20000; round++) {
        uint8_t bytes[40];
        for (uint8_t & byte : bytes) {
            state = state * 1664525 + 1013904223;
            byte = static_cast<uint8_t>(state >> 24) % 7;
        }
        const size_t size = 1 + state % 31;
        uint8_t * exact = new uint8_t[size];
        memcpy(exact, bytes, size);
        Fault fault = {};
        for (const RecordRule * rule : {&kText, &kPickRecord, &kList}) {
            PartPlace places[3];
            const bool sound = CheckRecord(*rule, exact, size, &fault);
            const uint64_t mapped = MapRecord(*rule, exact, size, places);
            CHECK(!sound || mapped == size);
            CHECK(sound || (fault.rule != 0 && fault.argument >= kDextgenArgumentStruct));
        }
        delete[] exact;
    }
}

} // namespace

int main() {
    TestTexts();
    TestVariants();
    TestRecords();
    TestDescriptors();
    TestNoise();
    CHECK(gLiveObjects == 0);
    CHECK(gLiveBlocks == 0);
    return Finish();
}
