// Objects with handles: buffers, whose addresses they are, and slots, which are numbers.
#include "CallsState.h"

#include "CallsUserClient.h"

#include <DriverKit/IOLib.h>
#include <string.h>

kern_return_t CallsDriver::OpenBuffer(CallsUserClient *, uint32_t size, uint64_t * buffer) {
    if (size == 65536) {
        return kIOReturnNoMemory;
    }
    Buffer * made = IONewZero(Buffer, 1);
    if (made == nullptr) {
        return kIOReturnNoMemory;
    }
    made->size = size;
    if (ivars->largest == nullptr || ivars->largest->size < size) {
        ivars->largest = made;
    }
    *buffer = reinterpret_cast<uint64_t>(made);
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::FillBuffer(CallsUserClient *, uint64_t buffer, uint8_t value,
                                      uint8_t * before) {
    Buffer * filled = reinterpret_cast<Buffer *>(buffer);
    *before = filled->value;
    filled->value = value;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::CloseBuffer(CallsUserClient *, uint64_t, bool refuse) {
    return refuse ? kCallsErrorBusy : kIOReturnSuccess;
}

kern_return_t CallsDriver::LargestBuffer(CallsUserClient *, uint64_t * buffer) {
    *buffer = reinterpret_cast<uint64_t>(ivars->largest);
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::DropBuffer(CallsUserClient * client, uint64_t buffer) {
    ForgetBufferHandle(client, buffer);
    ReleaseBufferHandle(client, buffer);
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Fill(CallsUserClient * client, const CallsFill * fill, uint32_t * sum) {
    uint64_t slot = 0;
    if (!FindSlotHandle(client, fill->slot, &slot)) {
        return kIOReturnInternalError; // it was checked before
    }
    *sum = static_cast<uint32_t>(slot);
    for (uint32_t i = 0; i < fill->count; i++) {
        uint64_t object = 0;
        if (!FindBufferHandle(client, fill->fillings[i].buffer, &object)) {
            return kIOReturnInternalError;
        }
        Buffer * buffer = reinterpret_cast<Buffer *>(object);
        buffer->value = fill->fillings[i].value;
        *sum += buffer->size;
    }
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::SlotNumbers(CallsUserClient * client, const CallsSlotsReader * slots,
                                       uint64_t * sum) {
    for (uint64_t i = 0; i < slots->SlotsCount(); i++) {
        uint64_t object = 0;
        if (!FindSlotHandle(client, slots->Slots(i), &object)) {
            return kIOReturnInternalError;
        }
        *sum += object;
    }
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::FillAll(CallsUserClient * client, const CallsBufferHandle * buffers,
                                   uint8_t value) {
    for (uint32_t i = 0; i < 2; i++) {
        uint64_t object = 0;
        if (!FindBufferHandle(client, buffers[i], &object)) {
            return kIOReturnInternalError;
        }
        reinterpret_cast<Buffer *>(object)->value = value;
    }
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::OpenPair(CallsUserClient * client, bool fail, CallsPair * pair) {
    uint64_t buffer = 0;
    kern_return_t status = OpenBuffer(client, 77, &buffer);
    if (status != kIOReturnSuccess) {
        return status;
    }
    CallsSlotHandle slot = 0;
    status = MakeSlotHandle(client, ++ivars->nextSlot, &slot);
    if (status == kIOReturnSuccess) {
        status = MakeBufferHandle(client, buffer, &pair->buffer);
    }
    pair->slot = slot;
    if (status != kIOReturnSuccess || fail) {
        // What a failing call has made handles of is still the driver's.
        ReleaseBufferHandle(client, buffer);
        return fail ? kIOReturnError : status;
    }
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::SpreadPair(CallsUserClient * client, const CallsPair * pair,
                                      uint32_t * size) {
    uint64_t object = 0;
    if (!FindBufferHandle(client, pair->buffer, &object)) {
        return kIOReturnInternalError;
    }
    *size = reinterpret_cast<Buffer *>(object)->size;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::OpenLater(CallsUserClient * client, uint64_t call, uint32_t size,
                                     bool hold) {
    if (hold) {
        ivars->opening = call;
        return kIOReturnSuccess;
    }
    uint64_t buffer = 0;
    // The call that was held before, perhaps of a client that is gone.
    const kern_return_t status = OpenBuffer(client, size, &buffer);
    const uint64_t answered = ivars->opening != 0 ? ivars->opening : call;
    ivars->opening = answered == call ? 0 : call;
    if (!CompleteOpenLater(answered, status, buffer, size) && status == kIOReturnSuccess) {
        ReleaseBufferHandle(client, buffer);
    }
    if (ivars->opening == call) {
        ivars->opening = 0;
        (void)CompleteOpenLater(call, kIOReturnBusy, 0, 0);
    }
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::LargestLater(CallsUserClient *, uint64_t call) {
    CompleteLargestLater(call, kIOReturnSuccess, reinterpret_cast<uint64_t>(ivars->largest));
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::PairLater(CallsUserClient * client, uint64_t call) {
    CallsPair pair = {};
    const kern_return_t status = OpenPair(client, false, &pair);
    CompletePairLater(call, status, &pair);
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::OpenSoon(CallsUserClient * client, uint64_t call, uint64_t * buffer) {
    uint64_t made = 0;
    const kern_return_t status = OpenBuffer(client, 55, &made);
    if (call == 0) {
        *buffer = made;
        return status;
    }
    if (!CompleteOpenSoon(call, status, made) && status == kIOReturnSuccess) {
        ReleaseBufferHandle(client, made);
    }
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::SubscribeNotice(CallsUserClient *, uint32_t mask, uint64_t buffer,
                                           uint32_t * size, uint64_t * same) {
    *same = buffer;
    *size = reinterpret_cast<Buffer *>(buffer)->size;
    return mask == 255 ? kCallsErrorBusy : kIOReturnSuccess;
}

void CallsDriver::NoticeSubscribers(uint32_t) {}

kern_return_t CallsDriver::OpenSlot(CallsUserClient *, uint64_t * slot) {
    *slot = ++ivars->nextSlot;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::OpenSlots(CallsUserClient *, uint64_t * first, uint64_t * second) {
    *first = ++ivars->nextSlot;
    *second = ++ivars->nextSlot;
    return kIOReturnSuccess;
}

// Miscounts when it is asked for more than there is room for.
kern_return_t CallsDriver::ListSlot(CallsUserClient *, uint32_t length, uint64_t * slot,
                                    char * text, uint64_t * textLength) {
    *slot = ++ivars->nextSlot;
    memset(text, 'x', static_cast<size_t>(length < *textLength ? length : *textLength));
    *textLength = length;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::CloseSlot(CallsUserClient *, uint64_t) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Released(CallsUserClient *, uint64_t * objects, uint32_t * count) {
    memcpy(objects, ivars->released, sizeof ivars->released);
    *count = ivars->releasedCount;
    ivars->releasedCount = 0;
    memset(ivars->released, 0, sizeof ivars->released);
    return kIOReturnSuccess;
}

void CallsDriver::ReleaseBufferHandle(IOUserClient *, uint64_t object) {
    Buffer * buffer = reinterpret_cast<Buffer *>(object);
    if (ivars->releasedCount < kMaxReleased) {
        ivars->released[ivars->releasedCount++] = buffer->size;
    }
    if (ivars->largest == buffer) {
        ivars->largest = nullptr;
    }
    IOSafeDeleteNULL(buffer, Buffer, 1);
}

void CallsDriver::ReleaseSlotHandle(IOUserClient *, uint64_t object) {
    if (ivars->releasedCount < kMaxReleased) {
        ivars->released[ivars->releasedCount++] = object;
    }
}
