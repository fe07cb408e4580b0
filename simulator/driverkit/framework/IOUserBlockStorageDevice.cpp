// Block storage devices that a driver makes: their start, and the ends of their requests.
#include "block_device.h"

#include "../runtime/log.h"
#include "../runtime/queues.h"
#include "../runtime/workers.h"

#include <DriverKit/IOMemoryMap.h>
#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSNumber.h>

using namespace dextsim;

bool IOUserBlockStorageDevice::init() {
    if (!IOService::init()) {
        return false;
    }
    ivars = new IOUserBlockStorageDevice_IVars;
    return true;
}

void IOUserBlockStorageDevice::free() {
    delete ivars;
    ivars = nullptr;
    IOService::free();
}

namespace {

void put(OSDictionary * properties, const char * key, uint64_t value) {
    const OSSharedPtr number(OSNumber::withNumber(value, 32), OSNoRetain);
    properties->setObject(key, number.get());
}

void publish(IOUserBlockStorageDevice * device, const DeviceParams & params) {
    const OSSharedPtr properties(OSDictionary::withCapacity(6), OSNoRetain);
    const OSSharedPtr features(OSDictionary::withCapacity(2), OSNoRetain);
    put(properties.get(), "IOMinimumSegmentAlignmentByteCount", params.minSegmentAlignment);
    put(properties.get(), "IOMaximumByteCountRead", params.maxIOSize);
    put(properties.get(), "IOMaximumByteCountWrite", params.maxIOSize);
    put(properties.get(), "IOMaximumBlockCountRead", params.maxIOSize / params.blockSize);
    put(properties.get(), "IOMaximumBlockCountWrite", params.maxIOSize / params.blockSize);
    features->setObject("Unmap", params.isUnmapSupported ? kOSBooleanTrue : kOSBooleanFalse);
    features->setObject("Force Unit Access",
                        params.isFUASupported ? kOSBooleanTrue : kOSBooleanFalse);
    properties->setObject("IOStorageFeatures", features.get());
    device->SetProperties(properties.get());
}

// The kernel's half of the start, behind the driver's.
void startSystem(IOUserBlockStorageDevice * device) {
    DeviceParams params{};
    device->GetDeviceParams(&params);
    const char * const wrong = params.blockSize == 0             ? "blockSize"
                               : params.numOfOutstandingIOs == 0 ? "numOfOutstandingIOs"
                                                                 : nullptr;
    if (wrong != nullptr) {
        const std::string text =
            std::string("GetDeviceParams: ") + wrong + " is 0: the device does not start";
        reportFault(text.c_str());
        device->Terminate(0);
        return;
    }
    publish(device, params);
    {
        IOUserBlockStorageDevice_IVars & state = *device->IOUserBlockStorageDevice::ivars;
        std::lock_guard lock(state.lock);
        state.params = params;
        state.slots.resize(params.numOfOutstandingIOs);
        state.isReady = true;
    }
    device->RegisterService();
}

} // namespace

kern_return_t IOUserBlockStorageDevice::Start_Impl(IOService_Start_Args) {
    kern_return_t status =
        IODispatchQueue::Create("CompletionQueue", 0, 0, ivars->completions.attach());
    if (status == kIOReturnSuccess) {
        status = SetDispatchQueue("Completion", ivars->completions.get());
    }
    if (status == kIOReturnSuccess) {
        status = RegisterDext();
    }
    if (status == kIOReturnSuccess) {
        status = Start(provider, SUPERDISPATCH);
    }
    if (status != kIOReturnSuccess) {
        return status;
    }
    linkBlockCalls();
    ivars->provider = OSSharedPtr<IOService>(provider, OSRetain);
    // On the queue behind the driver's Start, which this is a part of.
    const OSSharedPtr<IOUserBlockStorageDevice> self(this, OSRetain);
    runForObject(this, kIOServiceDefaultQueueName,
                 [self] { runOnWorker([self] { startSystem(self.get()); }); });
    return kIOReturnSuccess;
}

kern_return_t IOUserBlockStorageDevice::Stop_Impl(IOService_Stop_Args) {
    abortBlockRequests(this);
    ivars->provider.reset();
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t
IOUserBlockStorageDevice::RegisterDext_Impl(IOUserBlockStorageDevice_RegisterDext_Args) {
    return kIOReturnSuccess; // of the kernel's performance control alone
}

kern_return_t
IOUserBlockStorageDevice::DoAsyncUnmap_Impl(IOUserBlockStorageDevice_DoAsyncUnmap_Args) {
    IOMemoryMap * map = nullptr;
    const kern_return_t mapped = buffer->CreateMapping(0, 0, 0, 0, 0, &map);
    if (mapped != kIOReturnSuccess) {
        return mapped;
    }
    auto * const ranges = reinterpret_cast<BlockRange *>(map->GetAddress());
    const kern_return_t status = DoAsyncUnmapPriv(requestID, ranges, numOfRanges);
    map->release();
    return status;
}

void IOUserBlockStorageDevice::Complete_Impl(IOUserBlockStorageDevice_Complete_Args) {
    endBlockRequest(this, requestID, false, status, 0);
}

void IOUserBlockStorageDevice::CompleteIO_Impl(IOUserBlockStorageDevice_CompleteIO_Args) {
    endBlockRequest(this, requestID, true, IOStatus, bytesTransferred);
}
