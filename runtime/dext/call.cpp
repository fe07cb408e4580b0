// Admission in the order selector, completion, counts, sizes, values; then the way out.
#include "call.h"

#include "async-call.h"
#include "call-structs.h"
#include "client-ranges.h"
#include "contract.h"
#include "feed.h"
#include "guard.h"
#include "handle-calls.h"
#include "scalars.h"

#include <DriverKit/IOLib.h>

namespace dextgen {

namespace {

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

bool CheckCompletion(const Call & call, Fault * fault) {
    const uint32_t required = call.method->dispatch.checkCompletionExists;
    const uint32_t present = call.arguments->completion != nullptr ? 1 : 0;
    if (required == present || required == kIOUserClientVariableStructureSize) {
        return true;
    }
    *fault = {.argument = kDextgenArgumentNone,
              .rule = kDextgenRuleCompletion,
              .limit = required,
              .actual = present};
    return false;
}

bool Admit(Call * call, Fault * fault) {
    return CheckCompletion(*call, fault) && ScalarsCount(call, fault) &&
           StructMeasureInput(call, fault) && StructMeasureOutput(call, fault) &&
           ScalarsRead(call, fault);
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
    const kern_return_t status = StructCopyInput(call);
    if (status != kIOReturnSuccess) {
        return status;
    }
    const Method & method = *call->method;
    const HandleLookup handles = HandlesIn(*call);
    if (method.inputRule != nullptr &&
        !CheckStruct(*method.inputRule, call->input, fault, &handles)) {
        return kIOReturnSuccess;
    }
    if (method.inputRecord != nullptr) {
        (void)CheckRecord(*method.inputRecord, call->input, call->inputSize, fault,
                          {.handles = &handles, .longer = method.inputLonger});
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

/// The hook has succeeded; the call fails all the same when its outputs cannot leave.
kern_return_t CarryOut(Call * call) {
    // An object of the driver that has no handle is the driver's mistake.
    kern_return_t status = HandlesResolve(call) ? kIOReturnSuccess : kIOReturnInternalError;
    if (status == kIOReturnSuccess) {
        status = StructWriteOutput(call);
    }
    if (status == kIOReturnSuccess) {
        HandlesDone(call); // nothing else runs before they are made
        HandlesLeave(call);
    } else {
        HandlesAbandon(call);
    }
    return status;
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
    call->handleOrder = connection->handleOrder;
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
    return status == kIOReturnSuccess && copied ? StructMakeOutput(call) : status;
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
        HandlesDone(call);
        HandlesUndo(call->connection, call->handleOrder);
    }
    StructFree(call);
    RangesRelease(call);
    return status;
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
    Fault fault = {};
    if (!HandlesHold(call->connection, *call->method, &fault)) {
        return CallRefuse(call->connection, call->method->selector, fault);
    }
    call->token = PendingBegin(call->connection, *call->method, call->arguments->completion);
    if (call->token == 0) {
        HandlesUnhold(call->connection, *call->method);
    } else {
        return kIOReturnSuccess;
    }
    return CallRefuse(call->connection, call->method->selector,
                      {.argument = kDextgenArgumentNone,
                       .rule = kDextgenRuleQuota,
                       .limit = kMaxPendingCalls,
                       .actual = kMaxPendingCalls});
}

} // namespace dextgen
