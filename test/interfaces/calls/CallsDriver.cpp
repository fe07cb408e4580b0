// The driver of the calls interface: it does little and says what it saw.
#include "CallsDriver.h"
#include "CallsDriverCore.h"
#include "CallsUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <DriverKit/OSData.h>
#include <string.h>

namespace {

/// A buffer: its address is its object value.
struct Buffer {
    uint32_t size;
    uint8_t value;
};

constexpr uint32_t kMaxReleased = 4;

} // namespace

struct CallsDriver_IVars {
    CallsDriverCore core;
    Buffer * largest;
    uint64_t released[kMaxReleased]; // sizes of buffers, numbers of slots, 1000 for the role
    uint32_t releasedCount;
    uint64_t nextSlot;
    uint64_t held[2]; // calls of Measure
    uint32_t heldCount;
    uint64_t opening; // a call of OpenLater
};

bool CallsDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(CallsDriver_IVars, 1);
    return ivars != nullptr;
}

void CallsDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, CallsDriver_IVars, 1);
    super::free();
}

kern_return_t CallsDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t CallsDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

CallsDriverCore * CallsDriver::Core() {
    return &ivars->core;
}

kern_return_t CallsDriver::Initialize(CallsUserClient *, uint32_t vendor, uint32_t product,
                                      const uint8_t * country, uint64_t * vendorAndProduct,
                                      bool * countryGiven, uint8_t * countryOut) {
    *vendorAndProduct = static_cast<uint64_t>(vendor) << 32 | product;
    *countryGiven = country != nullptr;
    *countryOut = country != nullptr ? *country : 0;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Seek(CallsUserClient *, uint64_t block, int32_t offset, double scale,
                                int64_t * position, double * scaled) {
    *position = -static_cast<int64_t>(block) + offset;
    *scaled = scale * offset;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::FetchTask(CallsUserClient *, bool wait, uint64_t * tag,
                                     CallsDirection * direction, uint8_t * cdb, uint64_t * lba,
                                     uint16_t * lengths) {
    *tag = wait ? UINT64_MAX : 0;
    *direction = kCallsDirectionWrite;
    for (uint8_t i = 0; i < 16; i++) {
        cdb[i] = static_cast<uint8_t>(0xF0 + i);
    }
    *lba = UINT64_C(0x0123456789ABCDEF);
    lengths[0] = 1;
    lengths[1] = 500;
    lengths[2] = UINT16_MAX;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::CompleteTask(CallsUserClient *, const uint8_t * cdb,
                                        const CallsAddress * target, const CallsDirection * modes,
                                        const int16_t * weights, int64_t * sum,
                                        CallsAddress * targetOut) {
    for (uint32_t i = 0; i < 12; i++) {
        *sum += cdb[i];
    }
    for (uint32_t i = 0; i < 3; i++) {
        *sum += modes[i] * 1000 + weights[i] * 100000;
    }
    *targetOut = *target;
    targetOut->port++;
    targetOut->host[7]++;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Counters(CallsUserClient *, uint64_t * reads, uint64_t * writes,
                                    uint32_t * errors) {
    *reads = 11;
    *writes = 22;
    *errors = 33;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::LegacyOutputs(CallsUserClient *, uint32_t * a, uint32_t * b) {
    *a = 1;
    *b = 2;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::LegacyInputs(CallsUserClient *, uint32_t * count) {
    *count = 42;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::OptionalSpan(CallsUserClient *, uint32_t key, const uint8_t * id,
                                        uint64_t big, int32_t * idSum, uint64_t * bigOut) {
    *idSum = id == nullptr ? -1 : 0;
    for (uint32_t i = 0; id != nullptr && i < 16; i++) {
        *idSum += id[i];
    }
    *bigOut = big + key;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Measure(CallsUserClient *, uint64_t call, bool hold,
                                   const uint8_t * seed) {
    uint8_t id[16] = {};
    memcpy(id, seed, 9);
    const uint32_t steps[] = {1, UINT32_MAX};
    if (hold && ivars->heldCount < 2) {
        ivars->held[ivars->heldCount++] = call;
        return kIOReturnSuccess;
    }
    while (ivars->heldCount > 0) {
        CompleteMeasure(ivars->held[--ivars->heldCount], kIOReturnSuccess, id, -1, steps);
    }
    CompleteMeasure(call, kIOReturnSuccess, id, INT64_MIN + 5, steps);
    return kIOReturnSuccess;
}

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

kern_return_t CallsDriver::SetProduct(CallsUserClient *, uint32_t) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Enable(CallsUserClient *, bool fail) {
    return fail ? kIOReturnError : kIOReturnSuccess;
}

kern_return_t CallsDriver::Disable(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Jam(CallsUserClient * client) {
    if (GetStateDevice(client) != kCallsStateDeviceEnabled) {
        return kIOReturnInternalError;
    }
    SetStateDevice(client, kCallsStateDeviceJammed);
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Report(CallsUserClient *) {
    return GetStateMedium() == kCallsStateMediumLoaded ? kIOReturnSuccess : kIOReturnInternalError;
}

kern_return_t CallsDriver::Load(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Eject(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Publish(CallsUserClient *, bool fail) {
    return fail ? kIOReturnError : kIOReturnSuccess;
}

kern_return_t CallsDriver::Write(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Unpublish(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Steal(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::WriteMsr(CallsUserClient *, uint32_t) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Administer(CallsUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Legacy(CallsUserClient *, IOUserClientMethodArguments * arguments) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < arguments->scalarInputCount; i++) {
        sum += arguments->scalarInput[i];
    }
    if (arguments->structureInput != nullptr) {
        sum += arguments->structureInput->getLength();
    }
    for (uint32_t i = 0; i < arguments->scalarOutputCount; i++) {
        arguments->scalarOutput[i] = sum + i;
    }
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::LegacyTyped(CallsUserClient *, IOUserClientMethodArguments * arguments) {
    if (arguments->scalarInputCount < 1 || arguments->scalarOutputCount < 1) {
        return kIOReturnBadArgument;
    }
    arguments->scalarOutput[0] = arguments->scalarInput[0] * 2;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Fail(CallsUserClient *, uint32_t how) {
    const kern_return_t codes[] = {kCallsErrorBusy, kCallsErrorNotReady, kCallsErrorForeign};
    return how < 3 ? codes[how] : kIOReturnSuccess;
}

kern_return_t CallsDriver::Gone(CallsUserClient *) {
    return kIOReturnNotReady;
}

kern_return_t CallsDriver::Far(CallsUserClient *, uint32_t * selector) {
    *selector = kCallsSelectorFar;
    return kIOReturnSuccess;
}

kern_return_t CallsDriver::Farther(CallsUserClient *, uint32_t * selector) {
    *selector = kCallsSelectorFarther;
    return kIOReturnSuccess;
}

void CallsDriver::OwnerLost(IOUserClient *) {
    if (ivars->releasedCount < kMaxReleased) {
        ivars->released[ivars->releasedCount++] = 1000;
    }
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
