// Sizes, outputs, rows and completions (contract §1.2–§1.9).
#include "contract.h"

// ── what arrives ──

static uint64_t lengthOf(IOMemoryDescriptor * memory) {
    uint64_t length = 0;
    if (memory != nullptr) {
        memory->GetLength(&length);
    }
    return length;
}

// in: 1 for a structure of one byte; out: what the arguments are, in the order that
// row-01-calls.test.ts knows
kern_return_t contractDescribe(const ContractCall & call) {
    const IOUserClientMethodArguments & a = *call.arguments;
    bool zeroed = true;
    for (uint32_t i = 0; i < a.scalarOutputCount; i++) {
        zeroed = zeroed && a.scalarOutput[i] == 0;
    }
    call.out(0, a.version);
    call.out(1, a.scalarInputCount);
    call.out(2, a.structureInput != nullptr ? a.structureInput->getLength() : 0);
    call.out(3, a.structureInput != nullptr);
    call.out(4, lengthOf(a.structureInputDescriptor));
    call.out(5, a.structureInputDescriptor != nullptr);
    call.out(6, a.scalarOutputCount);
    call.out(7, zeroed);
    call.out(8, a.structureOutput != nullptr);
    call.out(9, lengthOf(a.structureOutputDescriptor));
    call.out(10, a.structureOutputDescriptor != nullptr);
    call.out(11, a.structureOutputMaximumSize);
    call.out(12, a.completion != nullptr);
    if (call.in(0) == 1) {
        call.arguments->structureOutput = OSData::withBytes("x", 1);
    }
    return kIOReturnSuccess;
}

// ── bytes both ways ──

static kern_return_t mapWhole(IOMemoryDescriptor * memory, IOMemoryMap ** map) {
    return memory->CreateMapping(0, 0, 0, 0, 0, map);
}

static kern_return_t copyInput(const IOUserClientMethodArguments & a, OSData ** copy) {
    if (a.structureInputDescriptor == nullptr) {
        *copy = a.structureInput != nullptr ? OSData::withData(a.structureInput)
                                            : OSData::withCapacity(1);
        return kIOReturnSuccess;
    }
    IOMemoryMap * map = nullptr;
    const kern_return_t status = mapWhole(a.structureInputDescriptor, &map);
    if (status == kIOReturnSuccess) {
        *copy = OSData::withBytes(reinterpret_cast<const void *>(map->GetAddress()),
                                  static_cast<size_t>(map->GetLength()));
        map->release();
    }
    return status;
}

static kern_return_t writeOutput(IOUserClientMethodArguments & a, OSData * bytes) {
    if (a.structureOutputDescriptor == nullptr) {
        if (a.structureOutputMaximumSize != 0) {
            a.structureOutput = bytes;
            bytes->retain();
        }
        return kIOReturnSuccess;
    }
    IOMemoryMap * map = nullptr;
    const kern_return_t status = mapWhole(a.structureOutputDescriptor, &map);
    if (status == kIOReturnSuccess) {
        const uint64_t length = bytes->getLength();
        memcpy(reinterpret_cast<void *>(map->GetAddress()), bytes->getBytesNoCopy(),
               static_cast<size_t>(length < map->GetLength() ? length : map->GetLength()));
        map->release();
    }
    return status;
}

// The scalars and the structure, back as they came.
kern_return_t contractEcho(const ContractCall & call) {
    IOUserClientMethodArguments & a = *call.arguments;
    for (uint32_t i = 0; i < a.scalarOutputCount; i++) {
        a.scalarOutput[i] = call.in(i);
    }
    OSData * bytes = nullptr;
    kern_return_t status = copyInput(a, &bytes);
    if (status == kIOReturnSuccess) {
        status = writeOutput(a, bytes);
        bytes->release();
    }
    return status;
}

// in: how many bytes; a structure of as many, whatever was asked for
kern_return_t contractGive(const ContractCall & call) {
    const size_t length = static_cast<size_t>(call.in(0));
    OSData * const bytes = OSData::withCapacity(static_cast<uint32_t>(length) + 1);
    uint8_t piece[256];
    memset(piece, 0xab, sizeof(piece));
    for (size_t left = length; left > 0;) {
        const size_t size = left < sizeof(piece) ? left : sizeof(piece);
        bytes->appendBytes(piece, size);
        left -= size;
    }
    call.arguments->structureOutput = bytes;
    return kIOReturnSuccess;
}

// Stores into the large structure that came in, which the system forbids (contract §1.2).
kern_return_t contractScribble(const ContractCall & call) {
    IOMemoryMap * map = nullptr;
    const kern_return_t status = mapWhole(call.arguments->structureInputDescriptor, &map);
    if (status == kIOReturnSuccess) {
        *reinterpret_cast<volatile uint8_t *>(map->GetAddress()) = 1;
        map->release();
    }
    return status;
}

// in: an error; returned with every output filled
kern_return_t contractFail(const ContractCall & call) {
    for (uint32_t i = 0; i < call.arguments->scalarOutputCount; i++) {
        call.out(i, 99);
    }
    OSData * const bytes = OSData::withBytes("abcd", 4);
    writeOutput(*call.arguments, bytes);
    bytes->release();
    return static_cast<kern_return_t>(call.in(0));
}

// in: the count of outputs that it pretends to have; no structure
kern_return_t contractLeave(const ContractCall & call) {
    for (uint32_t i = 0; i < call.arguments->scalarOutputCount; i++) {
        call.out(i, 7 + i);
    }
    call.arguments->scalarOutputCount = static_cast<uint32_t>(call.in(0));
    return kIOReturnSuccess;
}

// ── rows (contract §1.3) ──

// in: three words, of which it returns the last; out: whether it has target and reference, the
// selector
static kern_return_t rowFunction(OSObject * target, void * reference,
                                 IOUserClientMethodArguments * arguments) {
    if (arguments->scalarOutputCount > 0) {
        arguments->scalarOutput[0] = target != nullptr && reference == arguments;
    }
    if (arguments->scalarOutputCount > 1) {
        arguments->scalarOutput[1] = arguments->selector;
    }
    return arguments->scalarInputCount == 3 ? static_cast<kern_return_t>(arguments->scalarInput[2])
                                            : kIOReturnSuccess;
}

kern_return_t contractRow(const ContractCall & call, uint32_t row) {
    constexpr uint32_t kAny = kIOUserClientVariableStructureSize;
    static const IOUserClientMethodDispatch rows[] = {
        {rowFunction, 0, 2, 8, 1, 16},               // everything exact, no completion
        {rowFunction, kAny, kAny, kAny, kAny, kAny}, // anything
        {rowFunction, 1, kAny, kAny, kAny, kAny},    // only with a completion
        {nullptr, kAny, kAny, kAny, kAny, kAny},     // no function
        {rowFunction, kAny, kAny, 5000, kAny, 5000}, // structures by descriptor
    };
    return call.client->IOUserClient::ExternalMethod(row, call.arguments, &rows[row], call.client,
                                                     call.arguments);
}

// ── completions (contract §1.7, §1.9) ──

static void send(const ContractCall & call, OSAction * action) {
    IOUserClientAsyncArgumentsArray words = {};
    for (uint32_t i = 0; i < kIOUserClientAsyncArgumentsCountMax; i++) {
        words[i] = 100 + i;
    }
    for (uint64_t i = 0; i < call.in(0); i++) {
        words[0] = i;
        call.client->AsyncCompletion(action, static_cast<IOReturn>(call.in(2)), words,
                                     static_cast<uint32_t>(call.in(1)));
    }
}

// in: how often, how many words, status
kern_return_t contractComplete(const ContractCall & call) {
    if (call.arguments->completion == nullptr) {
        return kIOReturnNotReady;
    }
    send(call, call.arguments->completion);
    return kIOReturnSuccess;
}

// in: what it returns; out: 1 when the action's reference cannot be seen from here (contract §1.7)
kern_return_t contractKeep(const ContractCall & call) {
    OSAction * const completion = call.arguments->completion;
    if (completion == nullptr) {
        return kIOReturnNotReady;
    }
    completion->retain();
    OSSafeReleaseNULL(call.state.kept);
    call.state.kept = completion;
    call.out(0, completion->GetReference() == nullptr);
    return static_cast<kern_return_t>(call.in(0));
}

kern_return_t contractSendKept(const ContractCall & call) {
    if (call.state.kept == nullptr) {
        return kIOReturnNotReady;
    }
    send(call, call.state.kept);
    return kIOReturnSuccess;
}

kern_return_t contractDropKept(const ContractCall & call) {
    OSSafeReleaseNULL(call.state.kept);
    return kIOReturnSuccess;
}

// Kept by the driver, so that the end of the connection does not release it.
kern_return_t contractLend(const ContractCall & call) {
    if (call.arguments->completion == nullptr) {
        return kIOReturnNotReady;
    }
    call.arguments->completion->retain();
    OSSafeReleaseNULL(call.driver().lent);
    call.driver().lent = call.arguments->completion;
    return kIOReturnSuccess;
}

kern_return_t contractSendLent(const ContractCall & call) {
    if (call.driver().lent == nullptr) {
        return kIOReturnNotReady;
    }
    send(call, call.driver().lent);
    return kIOReturnSuccess;
}

kern_return_t contractDropLent(const ContractCall & call) {
    OSSafeReleaseNULL(call.driver().lent);
    return kIOReturnSuccess;
}
