// An adapter whose bus is a wire from its own output to its own input: what is sent arrives,
// through the shared ring.
#include "CanAdapterDriver.h"
#include "CanAdapterDriverCore.h"
#include "CanAdapterUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

struct CanAdapterDriver_IVars {
    CanAdapterDriverCore core;
    uint64_t waiting;
};

bool CanAdapterDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(CanAdapterDriver_IVars, 1);
    return ivars != nullptr;
}

void CanAdapterDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, CanAdapterDriver_IVars, 1);
    super::free();
}

kern_return_t CanAdapterDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t CanAdapterDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

CanAdapterDriverCore * CanAdapterDriver::Core() {
    return &ivars->core;
}

namespace {

/// The driver's words are its own copies: an app may write what it likes into the ring.
bool Deliver(CanAdapterRingBuffer * ring, const uint8_t * data, uint64_t length) {
    const uint32_t capacity = sizeof(ring->rx);
    const uint32_t head = __atomic_load_n(&ring->rxHead, __ATOMIC_RELAXED);
    const uint32_t used = head - __atomic_load_n(&ring->rxTail, __ATOMIC_ACQUIRE);
    if (used > capacity || length + 2 > capacity - used) {
        ring->metadata.rxDropped++;
        return false;
    }
    const uint8_t size[] = {static_cast<uint8_t>(length), static_cast<uint8_t>(length >> 8)};
    for (uint32_t i = 0; i < length + 2; i++) {
        ring->rx[(head + i) % capacity] = i < 2 ? size[i] : data[i - 2];
    }
    ring->metadata.rxProduced++;
    __atomic_store_n(&ring->rxHead, head + static_cast<uint32_t>(length) + 2, __ATOMIC_RELEASE);
    return true;
}

} // namespace

kern_return_t CanAdapterDriver::OpenDevice(CanAdapterUserClient *) {
    CanAdapterRingBuffer * ring = nullptr;
    const kern_return_t status = MapRing(&ring);
    if (status == kIOReturnSuccess) {
        ring->metadata.magic = 0xCAFECAFEu;
        ring->metadata.layoutVersion = 3;
        ring->metadata.rxCapacity = sizeof(ring->rx);
        ring->metadata.txCapacity = sizeof(ring->tx);
    }
    return status;
}

kern_return_t CanAdapterDriver::CloseDevice(CanAdapterUserClient *) {
    CompleteWaitForData(ivars->waiting, kIOReturnAborted);
    ivars->waiting = 0;
    return kIOReturnSuccess;
}

kern_return_t CanAdapterDriver::SendData(CanAdapterUserClient *, const uint8_t * data,
                                         uint64_t dataLength) {
    CanAdapterRingBuffer * ring = nullptr;
    const kern_return_t status = MapRing(&ring);
    if (status != kIOReturnSuccess || dataLength == 0) {
        return status;
    }
    if (!Deliver(ring, data, dataLength)) {
        return kIOReturnNoSpace;
    }
    CompleteWaitForData(ivars->waiting, kIOReturnSuccess);
    ivars->waiting = 0;
    return kIOReturnSuccess;
}

kern_return_t CanAdapterDriver::SetBaudRate(CanAdapterUserClient *, uint32_t) {
    return kIOReturnSuccess;
}

/// One call waits at a time: a later one ends an earlier one.
kern_return_t CanAdapterDriver::WaitForData(CanAdapterUserClient *, uint64_t call) {
    CanAdapterRingBuffer * ring = nullptr;
    const kern_return_t status = MapRing(&ring);
    if (status != kIOReturnSuccess) {
        return status;
    }
    if (ring->rxHead != __atomic_load_n(&ring->rxTail, __ATOMIC_ACQUIRE)) {
        CompleteWaitForData(call, kIOReturnSuccess);
        return kIOReturnSuccess;
    }
    CompleteWaitForData(ivars->waiting, kIOReturnAborted);
    ivars->waiting = call;
    return kIOReturnSuccess;
}

kern_return_t CanAdapterDriver::OpenChannel(CanAdapterUserClient *, uint32_t, uint8_t channel) {
    return channel == 0 ? kIOReturnSuccess : kIOReturnBadArgument;
}

kern_return_t CanAdapterDriver::CloseChannel(CanAdapterUserClient *, uint8_t channel) {
    return channel == 0 ? kIOReturnSuccess : kIOReturnBadArgument;
}
