// See call-structs.h. Sizes come from the platform's objects, never from what the app says about
// them.
#include "call-structs.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/OSData.h>
#include <string.h>

namespace dextgen {

namespace {

uint8_t gNothing; // what a pointer to zero bytes points at

bool Fail(Fault * fault, uint32_t argument, uint32_t rule, uint64_t limit, uint64_t actual) {
    *fault = {.argument = argument, .rule = rule, .limit = limit, .actual = actual};
    return false;
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

} // namespace

/// No struct is a null pointer, up to 4096 bytes are OSData, more are a descriptor (contract §1.2).
bool StructMeasureInput(Call * call, Fault * fault) {
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
    // What nobody looks at is not copied either.
    if (call->method->inputLonger && size > call->method->inputMax) {
        size = call->method->inputMax;
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
bool StructMeasureOutput(Call * call, Fault * fault) {
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

/// Copied once, then validated: what the hook reads is what was checked (contract §12.48).
kern_return_t StructCopyInput(Call * call) {
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

kern_return_t StructMakeOutput(Call * call) {
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

/// OSData or the app's descriptor, by which of them there is: setting both is an error (contract
/// §1.5).
kern_return_t StructWriteOutput(Call * call) {
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

void StructFree(Call * call) {
    if (call->input != nullptr && call->input != &gNothing) {
        IOFree(call->input, static_cast<size_t>(call->inputRoom));
    }
    if (call->output != nullptr && call->output != &gNothing) {
        IOFree(call->output, static_cast<size_t>(call->outputRoom));
    }
    call->input = nullptr;
    call->output = nullptr;
}

} // namespace dextgen
