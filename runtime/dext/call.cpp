// Admission in the order selector, completion, counts, sizes, values. Sizes come from the
// platform's objects, never from what the app says about them.
#include "call.h"

#include "async-call.h"
#include "contract.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/OSData.h>
#include <string.h>

namespace dextgen {

namespace {

uint8_t gNothing; // what a pointer to zero bytes points at

kern_return_t CodeOf(uint32_t rule) {
    switch (rule) {
    case kDextgenRuleUnknownSelector:
        return kIOReturnUnsupported;
    case kDextgenRuleQuota:
        return kIOReturnNoResources;
    case kDextgenRuleState:
        return kIOReturnNotReady;
    case kDextgenRuleHandle:
        return kIOReturnNotFound;
    default:
        return kIOReturnBadArgument;
    }
}

/// Sparse-safe: selectors may lie millions apart, and one that is not listed is not found.
const Method * FindMethod(const Interface & interface, uint64_t selector) {
    uint32_t low = 0;
    uint32_t high = interface.methodCount;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (interface.methods[middle].selector < selector) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const bool found = low < interface.methodCount && interface.methods[low].selector == selector;
    return found ? &interface.methods[low] : nullptr;
}

bool Fail(Fault * fault, uint32_t argument, uint32_t rule, uint64_t limit, uint64_t actual) {
    *fault = {.argument = argument, .rule = rule, .limit = limit, .actual = actual};
    return false;
}

bool CheckCompletion(const Call & call, Fault * fault) {
    const uint32_t required = call.method->dispatch.checkCompletionExists;
    const uint32_t present = call.arguments->completion != nullptr ? 1 : 0;
    return required == present ||
           Fail(fault, kDextgenArgumentNone, kDextgenRuleCompletion, required, present);
}

bool CheckScalarCounts(const Call & call, Fault * fault) {
    const IOUserClientMethodDispatch & row = call.method->dispatch;
    const IOUserClientMethodArguments & sent = *call.arguments;
    const uint32_t in = sent.scalarInput != nullptr ? sent.scalarInputCount : 0;
    const uint32_t out = sent.scalarOutput != nullptr ? sent.scalarOutputCount : 0;
    if (in != row.checkScalarInputCount || in > kDextgenMaxScalars) {
        return Fail(fault, kDextgenArgumentNone, kDextgenRuleScalarCount, row.checkScalarInputCount,
                    in);
    }
    if (out != row.checkScalarOutputCount || out > kDextgenMaxScalars) {
        return Fail(fault, kDextgenArgumentScalarOutput, kDextgenRuleScalarCount,
                    row.checkScalarOutputCount, out);
    }
    return true;
}

/// No struct is a null pointer, up to 4096 bytes are OSData, more are a descriptor (contract §1.2).
bool MeasureInput(Call * call, Fault * fault) {
    const IOUserClientMethodArguments & sent = *call->arguments;
    uint64_t size = 0;
    if (sent.structureInput != nullptr) {
        size = sent.structureInput->getLength();
    } else if (sent.structureInputDescriptor != nullptr &&
               sent.structureInputDescriptor->GetLength(&size) != kIOReturnSuccess) {
        return Fail(fault, kDextgenArgumentStruct, kDextgenRuleStructSize, call->method->inputMax,
                    0);
    }
    call->inputSize = size;
    if (size < call->method->inputMin) {
        return Fail(fault, kDextgenArgumentStruct, kDextgenRuleStructSize, call->method->inputMin,
                    size);
    }
    const uint32_t rule = call->method->inputCapped ? kDextgenRuleTotal : kDextgenRuleStructSize;
    return size <= call->method->inputMax ||
           Fail(fault, kDextgenArgumentStruct, rule, call->method->inputMax, size);
}

/// Room for the output: exact for a struct; for bytes what the app offers, up to what the schema
/// allows.
bool MeasureOutput(Call * call, Fault * fault) {
    const Method & method = *call->method;
    const IOUserClientMethodArguments & sent = *call->arguments;
    uint64_t room = sent.structureOutputMaximumSize;
    if (sent.structureOutputDescriptor != nullptr &&
        sent.structureOutputDescriptor->GetLength(&room) != kIOReturnSuccess) {
        room = 0;
    }
    const bool exact = method.output != Carrier::Bytes;
    // The length of bytes in a descriptor has no way back but a scalar (contract §1.6).
    const bool mute = sent.structureOutputDescriptor != nullptr && !exact &&
                      method.lengthScalar < 0 && !method.lengthUntold;
    if (method.outputDescriptor && sent.structureOutputDescriptor == nullptr) {
        return Fail(fault, kDextgenArgumentStructOutput, kDextgenRuleStructSize,
                    kDextgenMaxInline + 1, room);
    }
    if ((exact && room != method.outputMax) || mute) {
        return Fail(fault, kDextgenArgumentStructOutput, kDextgenRuleStructSize, method.outputMax,
                    room);
    }
    call->outputCapacity = room < method.outputMax ? room : method.outputMax;
    return true;
}

bool CheckScalars(Call * call, Fault * fault) {
    const uint32_t count = call->method->dispatch.checkScalarInputCount;
    if (count > 0) {
        memcpy(call->in, call->arguments->scalarInput, count * sizeof(uint64_t));
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!CheckWord(call->method->scalars[i], call->in[i], fault)) {
            fault->argument = i;
            return false;
        }
    }
    return true;
}

kern_return_t CopyMapped(IOMemoryDescriptor * descriptor, uint8_t * target, uint64_t size) {
    IOMemoryMap * map = nullptr;
    const kern_return_t status = descriptor->CreateMapping(kIOMemoryMapReadOnly, 0, 0, 0, 0, &map);
    if (status != kIOReturnSuccess) {
        return status;
    }
    const bool whole = map->GetLength() >= size && map->GetAddress() != 0;
    if (whole) {
        memcpy(target, reinterpret_cast<const void *>(static_cast<uintptr_t>(map->GetAddress())),
               size);
    }
    map->release();
    return whole ? kIOReturnSuccess : kIOReturnVMError;
}

/// Copied once, then validated: what the hook reads is what was checked (contract §12.48).
kern_return_t CopyInput(Call * call) {
    if (call->inputSize == 0) {
        call->input = &gNothing;
        return kIOReturnSuccess;
    }
    const uint64_t room = call->inputSize + call->method->inputExtra;
    call->inputRoom = room < call->method->inputRoom ? call->method->inputRoom : room;
    call->input = static_cast<uint8_t *>(IOMallocZero(call->inputRoom));
    if (call->input == nullptr) {
        return kIOReturnNoMemory;
    }
    OSData * data = call->arguments->structureInput;
    if (data == nullptr) {
        return CopyMapped(call->arguments->structureInputDescriptor, call->input, call->inputSize);
    }
    const void * bytes = data->getBytesNoCopy();
    if (bytes == nullptr) {
        return kIOReturnBadArgument;
    }
    memcpy(call->input, bytes, call->inputSize);
    return kIOReturnSuccess;
}

kern_return_t MakeOutput(Call * call) {
    const uint64_t room = call->outputCapacity;
    call->outputRoom = room < call->method->outputRoom ? call->method->outputRoom : room;
    if (call->outputRoom == 0) {
        call->output = &gNothing;
        return kIOReturnSuccess;
    }
    call->output = static_cast<uint8_t *>(IOMallocZero(call->outputRoom));
    // A fixed struct leaves whole; of bytes the hook says how many.
    call->outputSize = call->method->output == Carrier::Fixed ? call->outputCapacity : 0;
    return call->output != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

bool Admit(Call * call, Fault * fault) {
    return CheckCompletion(*call, fault) && CheckScalarCounts(*call, fault) &&
           MeasureInput(call, fault) && MeasureOutput(call, fault) && CheckScalars(call, fault);
}

kern_return_t WriteDescriptor(const Call & call) {
    IOMemoryMap * map = nullptr;
    const kern_return_t status =
        call.arguments->structureOutputDescriptor->CreateMapping(0, 0, 0, 0, 0, &map);
    if (status != kIOReturnSuccess) {
        return status;
    }
    const bool whole = map->GetLength() >= call.outputSize && map->GetAddress() != 0;
    if (whole) {
        memcpy(reinterpret_cast<void *>(static_cast<uintptr_t>(map->GetAddress())), call.output,
               call.outputSize);
    }
    map->release();
    return whole ? kIOReturnSuccess : kIOReturnVMError;
}

/// OSData or the app's descriptor, by which of them there is: setting both is an error (contract
/// §1.5).
kern_return_t WriteOutput(Call * call) {
    const Method & method = *call->method;
    if (method.output == Carrier::None) {
        return kIOReturnSuccess;
    }
    if (method.outputRule != nullptr) {
        ClearPadding(*method.outputRule, call->output);
    }
    if (method.lengthScalar >= 0) {
        call->out[method.lengthScalar] = call->outputSize;
    }
    if (call->arguments->structureOutputDescriptor != nullptr) {
        return WriteDescriptor(*call);
    }
    // Even when empty: without it the app would see its whole buffer as zeros (contract §1.6).
    call->arguments->structureOutput =
        OSData::withBytes(call->output, static_cast<size_t>(call->outputSize));
    return call->arguments->structureOutput != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

void FreeCopies(Call * call) {
    if (call->input != nullptr && call->input != &gNothing) {
        IOFree(call->input, static_cast<size_t>(call->inputRoom));
    }
    if (call->output != nullptr && call->output != &gNothing) {
        IOFree(call->output, static_cast<size_t>(call->outputRoom));
    }
    call->input = nullptr;
    call->output = nullptr;
}

} // namespace

kern_return_t CallRefuse(Connection * connection, uint64_t selector, const Fault & fault) {
    connection->rejectedSelector = selector;
    connection->rejection = fault;
    connection->statistics.rejections++;
    return CodeOf(fault.rule);
}

kern_return_t CallBegin(Call * call, Connection * connection, uint64_t selector,
                        IOUserClientMethodArguments * arguments) {
    *call = {};
    call->connection = connection;
    call->arguments = arguments;
    kern_return_t status = ConnectionAttach(connection);
    if (status != kIOReturnSuccess) {
        return status;
    }
    connection->statistics.calls++;
    call->method = FindMethod(*connection->interface, selector);
    if (call->method != nullptr) {
        // A rejection is about the last call, or about none.
        connection->rejection = {};
    } else {
        call->method = ContractMethod(*connection->interface, selector);
    }
    if (call->method == nullptr) {
        return CallRefuse(connection, selector,
                          {.argument = kDextgenArgumentNone,
                           .rule = kDextgenRuleUnknownSelector,
                           .limit = 0,
                           .actual = selector});
    }
    Fault fault = {};
    if (!Admit(call, &fault)) {
        return CallRefuse(connection, selector, fault);
    }
    if (call->method->input != Carrier::None) {
        status = CopyInput(call);
        if (status != kIOReturnSuccess) {
            return status;
        }
        if (call->method->inputRule != nullptr &&
            !CheckStruct(*call->method->inputRule, call->input, &fault)) {
            return CallRefuse(connection, selector, fault);
        }
        if (call->method->inputRecord != nullptr &&
            !CheckRecord(*call->method->inputRecord, call->input, call->inputSize, &fault)) {
            return CallRefuse(connection, selector, fault);
        }
    }
    return call->method->output == Carrier::None ? kIOReturnSuccess : MakeOutput(call);
}

kern_return_t CallEnd(Call * call, kern_return_t status) {
    if (status == kIOReturnSuccess) {
        status = WriteOutput(call);
    }
    if (status == kIOReturnSuccess && call->method->dispatch.checkScalarOutputCount > 0) {
        memcpy(call->arguments->scalarOutput, call->out,
               call->method->dispatch.checkScalarOutputCount * sizeof(uint64_t));
    }
    FreeCopies(call);
    return status;
}

kern_return_t CallFinishBytes(Call * call, kern_return_t status, uint64_t length) {
    if (status != kIOReturnSuccess) {
        return status;
    }
    // A hook that claims more than it was given room for has written past the end or miscounted.
    if (length > call->outputCapacity) {
        return kIOReturnInternalError;
    }
    call->outputSize = length;
    return kIOReturnSuccess;
}

uint64_t CallTextRoom(const Call * call) {
    const PartRule & part = call->method->outputRecord->parts[0];
    const uint64_t nul = (part.text & kTextTerminated) ? 1 : 0;
    return call->outputCapacity > nul ? call->outputCapacity - nul : 0;
}

kern_return_t CallFinishText(Call * call, kern_return_t status, uint64_t length) {
    if (status != kIOReturnSuccess) {
        return status;
    }
    RecordWriter writer(*call->method->outputRecord, call->output, call->outputCapacity);
    // The text stands where it is written to; what else it needs is added.
    if (length > call->outputCapacity ||
        !writer.PutText(0, reinterpret_cast<const char *>(call->output), length)) {
        return kIOReturnInternalError;
    }
    memset(call->output + length, 0, static_cast<size_t>(call->outputCapacity - length));
    call->outputSize = writer.Finish();
    return kIOReturnSuccess;
}

kern_return_t CallFinishVariant(Call * call, kern_return_t status) {
    if (status != kIOReturnSuccess) {
        return status;
    }
    const VariantRule & rule = *call->method->outputRecord->variant;
    const uint64_t size = VariantSize(rule, call->output);
    if (size == 0) {
        return kIOReturnInternalError;
    }
    ClearVariant(rule, call->output);
    return size > call->outputCapacity ? kIOReturnNoSpace : CallFinishBytes(call, status, size);
}

kern_return_t CallFinishRecord(Call * call, kern_return_t status, RecordWriter * writer) {
    if (status != kIOReturnSuccess) {
        return status;
    }
    const uint64_t size = writer->Finish();
    if (writer->Failed()) {
        return writer->IsFull() ? kIOReturnNoSpace : kIOReturnInternalError;
    }
    return CallFinishBytes(call, status, size);
}

kern_return_t CallOpen(Call * call) {
    call->token = PendingBegin(call->connection, *call->method, call->arguments->completion);
    if (call->token != 0) {
        return kIOReturnSuccess;
    }
    return CallRefuse(call->connection, call->method->selector,
                      {.argument = kDextgenArgumentNone,
                       .rule = kDextgenRuleQuota,
                       .limit = kMaxPendingCalls,
                       .actual = kMaxPendingCalls});
}

kern_return_t CallOpened(Call * call, kern_return_t status) {
    if (status != kIOReturnSuccess) {
        PendingDrop(call->connection->core, call->token);
    }
    return status;
}

} // namespace dextgen
