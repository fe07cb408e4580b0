// Block storage devices that a driver makes: their requests. What the system asks for:
// block_calls.cpp.
#ifndef DEXTSIM_DRIVERKIT_BLOCK_DEVICE_H
#define DEXTSIM_DRIVERKIT_BLOCK_DEVICE_H

#include "../runtime/service_calls.h"

#include <BlockStorageDeviceDriverKit/IOUserBlockStorageDevice.h>
#include <DriverKit/IODMACommand.h>
#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/OSSharedPtr.h>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace dextsim {

// One request. It waits for a free identifier, is sent, and ends once.
struct BlockRequest {
    // With the identifier: to the driver.
    std::function<kern_return_t(uint32_t requestID)> send;
    std::function<void(kern_return_t status, uint64_t bytes)> ended;
    uint64_t length = 0; // bytes, of a transfer
    bool isTransfer = false;
};
using BlockRequestRef = std::shared_ptr<BlockRequest>;

} // namespace dextsim

struct IOUserBlockStorageDevice_IVars {
    std::mutex lock;
    OSSharedPtr<IODispatchQueue> completions;
    OSSharedPtr<IOService> provider;
    DeviceParams params{};
    bool isReady = false; // the system knows its parameters
    bool isGone = false;
    std::vector<dextsim::BlockRequestRef> slots; // by identifier; null: free
    std::deque<dextsim::BlockRequestRef> waiting;
    uint64_t nextAddress = 0; // of buffers that no device can reach
};

namespace dextsim {

// Sends it now or when an identifier is free.
void submitBlockRequest(IOUserBlockStorageDevice * device, BlockRequestRef request);
// The driver says that it has ended.
void endBlockRequest(IOUserBlockStorageDevice * device, uint32_t requestID, bool isTransfer,
                     kern_return_t status, uint64_t bytes);
// All there are, and all that come: the device is gone.
void abortBlockRequests(IOUserBlockStorageDevice * device);
void linkBlockCalls();

} // namespace dextsim

#endif
