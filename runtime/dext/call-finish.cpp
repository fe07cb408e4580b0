// What a hook did with the room that it was given, by kind of output (call.h).
#include "call.h"

#include "handle-calls.h"

#include <string.h>

namespace dextgen {

namespace {

/// The hook has succeeded, and the call fails all the same.
kern_return_t Fail(Call * call, kern_return_t status) {
    HandlesAbandon(call);
    return status;
}

} // namespace

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

} // namespace dextgen
