// The base class of user clients: the checks of a dispatch row, and what the kernel answers.
#include "../runtime/user_client.h"

#include "../runtime/kernel.h"
#include "../runtime/memory.h"
#include "../runtime/objects.h"

#include "ipc/assumptions.h"

#include <DriverKit/OSData.h>

using namespace dextsim;

bool IOUserClient::init() {
    if (!IOService::init()) {
        return false;
    }
    ivars = new IOUserClient_IVars;
    return true;
}

void IOUserClient::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->entitlements);
        delete ivars;
        ivars = nullptr;
    }
    IOService::free();
}

namespace {

uint64_t inputSize(const IOUserClientMethodArguments & arguments) {
    uint64_t size = 0;
    if (arguments.structureInputDescriptor != nullptr) {
        arguments.structureInputDescriptor->GetLength(&size);
    } else if (arguments.structureInput != nullptr) {
        size = arguments.structureInput->getLength();
    }
    return size;
}

bool matches(uint32_t check, uint64_t value) {
    return check == kIOUserClientVariableStructureSize || check == value;
}

bool completionMatches(uint32_t check, const OSAction * completion) {
    return check == kIOUserClientVariableStructureSize || (check != 0) == (completion != nullptr);
}

} // namespace

// In the order of the kernel's twin; every mismatch gives the same code (contract §1.4).
kern_return_t IOUserClient::ExternalMethod(uint64_t selector,
                                           IOUserClientMethodArguments * arguments,
                                           const IOUserClientMethodDispatch * dispatch,
                                           OSObject * target, void * reference) {
    static_cast<void>(selector);
    if (dispatch == nullptr) {
        // Closed; the kernel's own default is the first (contract §1.4).
        return assumed(Assumption::NullDispatch) ? kIOReturnBadArgument : kIOReturnUnsupported;
    }
    const bool fits =
        completionMatches(dispatch->checkCompletionExists, arguments->completion) &&
        matches(dispatch->checkScalarInputCount, arguments->scalarInputCount) &&
        matches(dispatch->checkStructureInputSize, inputSize(*arguments)) &&
        matches(dispatch->checkScalarOutputCount, arguments->scalarOutputCount) &&
        matches(dispatch->checkStructureOutputSize, arguments->structureOutputMaximumSize);
    if (!fits) {
        return kIOReturnBadArgument;
    }
    return dispatch->function != nullptr ? dispatch->function(target, reference, arguments)
                                         : kIOReturnNoCompletion;
}

kern_return_t IOUserClient::CopyClientEntitlements_Impl(IOUserClient_CopyClientEntitlements_Args) {
    if (ivars->entitlements == nullptr) {
        return kIOReturnNotReady;
    }
    ivars->entitlements->retain();
    *entitlements = ivars->entitlements;
    return kIOReturnSuccess;
}

// The addresses are looked at when the memory is mapped or used (contract §1.10).
kern_return_t IOUserClient::CreateMemoryDescriptorFromClient_Impl(
    IOUserClient_CreateMemoryDescriptorFromClient_Args) {
    Writer body;
    body.u64(kernelId(this)).u64(memoryDescriptorCreateOptions).u32(segmentsCount);
    MemoryDescription made{.referenced = false,
                           .options = memoryDescriptorCreateOptions & kIOMemoryDirectionInOut};
    for (uint32_t i = 0; i < segmentsCount; i++) {
        body.u64(segments[i].address).u64(segments[i].length);
        made.length += segments[i].length;
    }
    const Reply reply = askKernel(MessageType::CreateClientMemory, body);
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    made.kernelId = reply.reader().u64();
    *memory = makeDescriptor(OSTypeID(IOMemoryDescriptor), std::move(made));
    return *memory != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

// Calls arrive on a data channel and not as this message; a driver may still send it to itself.
kern_return_t IOUserClient::_ExternalMethod_Impl(IOUserClient__ExternalMethod_Args) {
    IOUserClientMethodArguments arguments = {};
    arguments.version = kIOUserClientMethodArgumentsCurrentVersion;
    arguments.selector = selector;
    arguments.completion = completion;
    arguments.scalarInput = scalarInput;
    arguments.scalarInputCount = scalarInputCount;
    arguments.structureInput = structureInput;
    arguments.structureInputDescriptor = structureInputDescriptor;
    arguments.scalarOutput = scalarOutput;
    arguments.scalarOutputCount = *scalarOutputCount;
    arguments.structureOutputDescriptor = structureOutputDescriptor;
    arguments.structureOutputMaximumSize = structureOutputMaximumSize;
    const kern_return_t status = ExternalMethod(selector, &arguments, NULL, NULL, NULL);
    *scalarOutputCount = arguments.scalarOutputCount;
    *structureOutput = arguments.structureOutput;
    return status;
}

// Completions do not come back to the dext (runtime/action_delivery.cpp).
void IOUserClient::KernelCompletion_Impl(IOUserClient_KernelCompletion_Args) {
    static_cast<void>(action);
    static_cast<void>(status);
    static_cast<void>(asyncData);
    static_cast<void>(asyncDataCount);
}
