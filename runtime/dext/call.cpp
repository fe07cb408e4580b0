// Admission in the order selector, completion, counts, sizes, values. Sizes come from the
// platform's objects, never from what the app says about them.
#include "call.h"

#include "async-call.h"
#include "client-ranges.h"
#include "contract.h"
#include "feed.h"
#include "guard.h"
#include "scalars.h"

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
    case kDextgenRuleEntitlement:
        return kIOReturnNotPermitted;
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
    return required == present || required == kIOUserClientVariableStructureSize ||
           Fail(fault, kDextgenArgumentNone, kDextgenRuleCompletion, required, present);
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
    if (call->method->inputDirect && sent.structureInputDescriptor == nullptr) {
        return Fail(fault, kDextgenArgumentStruct, kDextgenRuleStructSize, kDextgenMaxInline + 1,
                    size);
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
    return CheckCompletion(*call, fault) && ScalarsCount(call, fault) &&
           MeasureInput(call, fault) && MeasureOutput(call, fault) && ScalarsRead(call, fault);
}

/// The arguments, the dext's own copy of the struct among them.
kern_return_t CheckArguments(Call * call, Fault * fault) {
    if (!Admit(call, fault)) {
        return kIOReturnSuccess; // the fault says it
    }
    if (!RangesCheck(*call, fault) || call->method->input == Carrier::None ||
        call->method->inputDirect) {
        return kIOReturnSuccess;
    }
    const kern_return_t status = CopyInput(call);
    if (status != kIOReturnSuccess) {
        return status;
    }
    const Method & method = *call->method;
    if (method.inputRule != nullptr && !CheckStruct(*method.inputRule, call->input, fault)) {
        return kIOReturnSuccess;
    }
    if (method.inputRecord != nullptr) {
        (void)CheckRecord(*method.inputRecord, call->input, call->inputSize, fault);
    }
    return kIOReturnSuccess;
}

/// Everything that may refuse the call. `*code` is what a refusal fails with; 0: what its rule
/// says.
kern_return_t Check(Call * call, Fault * fault, kern_return_t * code) {
    if (!GuardEntitlement(*call, fault)) {
        return kIOReturnSuccess;
    }
    if (!call->method->unchecked) {
        const kern_return_t status = CheckArguments(call, fault);
        if (status != kIOReturnSuccess || fault->rule != kDextgenRuleNone) {
            return status;
        }
    }
    if (GuardEnter(*call, fault, code) && !call->method->unchecked) {
        (void)HandlesEnter(call, fault);
    }
    return kIOReturnSuccess;
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
    if (method.outputDirect) {
        return kIOReturnSuccess; // the hook has written it
    }
    if (call->arguments->structureOutputDescriptor != nullptr) {
        return WriteDescriptor(*call);
    }
    // Even when empty: without it the app would see its whole buffer as zeros (contract §1.6).
    call->arguments->structureOutput =
        OSData::withBytes(call->output, static_cast<size_t>(call->outputSize));
    return call->arguments->structureOutput != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

/// The hook has succeeded, and the call fails all the same.
kern_return_t Fail(Call * call, kern_return_t status) {
    HandlesAbandon(call);
    return status;
}

kern_return_t CarryOut(Call * call) {
    if (!HandlesResolve(call)) {
        return Fail(call, kIOReturnInternalError); // an object of the driver that has no handle
    }
    const kern_return_t status = WriteOutput(call);
    if (status != kIOReturnSuccess) {
        return Fail(call, status);
    }
    HandlesLeave(call);
    return kIOReturnSuccess;
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
    RangesRelease(call);
}

/// An error and a completion that is kept exclude each other (contract §1.7).
void Revoke(Call * call) {
    if (call->token != 0) {
        PendingDrop(call->connection->core, call->token);
    }
    if (call->feed != 0) {
        FeedRevoke(call->connection, call->feed - 1);
        call->feed = 0;
    }
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
    kern_return_t code = 0;
    status = Check(call, &fault, &code);
    if (fault.rule != kDextgenRuleNone) {
        const kern_return_t refused = CallRefuse(connection, selector, fault);
        return code != 0 ? code : refused;
    }
    if (status == kIOReturnSuccess) {
        status = RangesOpen(call);
    }
    const bool copied = call->method->output != Carrier::None && !call->method->outputDirect;
    return status == kIOReturnSuccess && copied ? MakeOutput(call) : status;
}

kern_return_t CallEnd(Call * call, kern_return_t status) {
    const bool checked = call->method != nullptr && !call->method->unchecked;
    if (status == kIOReturnSuccess && checked) {
        status = CarryOut(call);
    }
    if (status == kIOReturnSuccess) {
        GuardLeave(*call);
    }
    if (status == kIOReturnSuccess && checked) {
        ScalarsWrite(*call);
    }
    if (status != kIOReturnSuccess) {
        Revoke(call);
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
        return Fail(call, kIOReturnInternalError);
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
        return Fail(call, kIOReturnInternalError);
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
        return Fail(call, kIOReturnInternalError);
    }
    ClearVariant(rule, call->output);
    return size > call->outputCapacity ? Fail(call, kIOReturnNoSpace)
                                       : CallFinishBytes(call, status, size);
}

kern_return_t CallFinishRecord(Call * call, kern_return_t status, RecordWriter * writer) {
    if (status != kIOReturnSuccess) {
        return status;
    }
    const uint64_t size = writer->Finish();
    if (writer->Failed()) {
        return Fail(call, writer->IsFull() ? kIOReturnNoSpace : kIOReturnInternalError);
    }
    return CallFinishBytes(call, status, size);
}

kern_return_t CallOpen(Call * call) {
    if (call->arguments->completion == nullptr) {
        return kIOReturnSuccess; // the method does not insist on one
    }
    const Guard * guard = call->method->guard;
    const uint32_t own = guard != nullptr ? guard->pending : 0;
    const uint32_t open = own > 0 ? PendingOf(*call->connection, call->method->selector) : 0;
    if (own > 0 && open >= own) {
        return CallRefuse(call->connection, call->method->selector,
                          {.argument = kDextgenArgumentNone,
                           .rule = kDextgenRuleQuota,
                           .limit = own,
                           .actual = open});
    }
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

} // namespace dextgen
