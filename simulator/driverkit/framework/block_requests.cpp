// Requests of block storage devices: identifiers, and the one end that each has.
#include "block_device.h"

#include "../runtime/log.h"
#include "../runtime/workers.h"

#include <algorithm>

namespace dextsim {

namespace {

// Takes the request out of its place; null when it has ended before.
BlockRequestRef take(IOUserBlockStorageDevice_IVars & state, uint32_t requestID,
                     const BlockRequestRef & expected) {
    std::lock_guard lock(state.lock);
    if (requestID >= state.slots.size() ||
        (expected != nullptr && state.slots[requestID] != expected)) {
        return nullptr;
    }
    return std::exchange(state.slots[requestID], nullptr);
}

// A request and the identifier that it got.
struct Sent {
    BlockRequestRef request;
    uint32_t requestID = 0;
};

Sent takeNext(IOUserBlockStorageDevice_IVars & state) {
    std::lock_guard lock(state.lock);
    const auto place = std::find(state.slots.begin(), state.slots.end(), nullptr);
    if (state.waiting.empty() || place == state.slots.end()) {
        return {};
    }
    *place = std::move(state.waiting.front());
    state.waiting.pop_front();
    return {*place, static_cast<uint32_t>(place - state.slots.begin())};
}

// As many as there are identifiers for. On a worker: the driver may take its time.
void sendWaiting(const OSSharedPtr<IOUserBlockStorageDevice> & device) {
    IOUserBlockStorageDevice_IVars & state = *device->IOUserBlockStorageDevice::ivars;
    for (Sent sent = takeNext(state); sent.request != nullptr; sent = takeNext(state)) {
        const kern_return_t status = sent.request->send(sent.requestID);
        if (status != kIOReturnSuccess && take(state, sent.requestID, sent.request) != nullptr) {
            sent.request->ended(status, 0);
        }
    }
}

void sendLater(IOUserBlockStorageDevice * device) {
    const OSSharedPtr<IOUserBlockStorageDevice> self(device, OSRetain);
    runOnWorker([self] { sendWaiting(self); });
}

} // namespace

void submitBlockRequest(IOUserBlockStorageDevice * device, BlockRequestRef request) {
    IOUserBlockStorageDevice_IVars & state = *device->IOUserBlockStorageDevice::ivars;
    bool isGone;
    {
        std::lock_guard lock(state.lock);
        isGone = state.isGone || !state.isReady;
        if (!isGone) {
            state.waiting.push_back(request);
        }
    }
    if (isGone) {
        request->ended(kIOReturnNoDevice, 0);
    } else {
        sendLater(device);
    }
}

void endBlockRequest(IOUserBlockStorageDevice * device, uint32_t requestID, bool isTransfer,
                     kern_return_t status, uint64_t bytes) {
    IOUserBlockStorageDevice_IVars & state = *device->IOUserBlockStorageDevice::ivars;
    const BlockRequestRef request = take(state, requestID, nullptr);
    if (request == nullptr) {
        reportFault(isTransfer ? "CompleteIO: no request under way has this identifier"
                               : "Complete: no request under way has this identifier");
        return;
    }
    if (request->isTransfer != isTransfer) {
        reportFault(isTransfer
                        ? "CompleteIO is for reads and writes; this request ends with Complete"
                        : "Complete is not for reads and writes: they end with CompleteIO");
    }
    if (bytes > request->length) {
        reportFault("CompleteIO: more bytes than were asked for: the request has failed");
        request->ended(kIOReturnIOError, 0);
    } else {
        request->ended(status, bytes);
    }
    sendLater(device);
}

void abortBlockRequests(IOUserBlockStorageDevice * device) {
    IOUserBlockStorageDevice_IVars & state = *device->IOUserBlockStorageDevice::ivars;
    std::vector<BlockRequestRef> ended;
    {
        std::lock_guard lock(state.lock);
        state.isGone = true;
        for (BlockRequestRef & slot : state.slots) {
            if (slot != nullptr) {
                ended.push_back(std::exchange(slot, nullptr));
            }
        }
        ended.insert(ended.end(), state.waiting.begin(), state.waiting.end());
        state.waiting.clear();
    }
    for (const BlockRequestRef & request : ended) {
        request->ended(kIOReturnAborted, 0);
    }
}

} // namespace dextsim
