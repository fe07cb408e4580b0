// The kernel tells the end of a transfer once, by the number it was given.
#include "usb_completions.h"

#include "workers.h"

#include <map>
#include <mutex>

namespace dextsim {

namespace {

// Each member owns a reference, or is null.
struct Transfer {
    OSObject * source = nullptr;
    OSAction * action = nullptr;
    IOMemoryDescriptor * memory = nullptr;
};

struct Transfers {
    std::mutex lock;
    std::map<uint64_t, Transfer> pending;
    uint64_t last = 0;
};

Transfers & transfers() {
    static Transfers & instance = *new Transfers;
    return instance;
}

uint64_t begin(OSObject * source, OSAction * action, IOMemoryDescriptor * memory) {
    source->retain();
    action->retain();
    if (memory != nullptr) {
        memory->retain();
    }
    Transfers & shared = transfers();
    std::lock_guard lock(shared.lock);
    shared.pending[++shared.last] = {source, action, memory};
    return shared.last;
}

Transfer take(uint64_t number) {
    Transfers & shared = transfers();
    std::lock_guard lock(shared.lock);
    auto node = shared.pending.extract(number);
    return node.empty() ? Transfer{} : node.mapped();
}

void drop(const Transfer & transfer) {
    OSSafeRelease(transfer.memory);
    OSSafeRelease(transfer.action);
    OSSafeRelease(transfer.source);
}

// A last reference may run the driver's free(), which has no business on the socket's thread.
void dropLater(const Transfer & transfer) {
    const auto isLast = [](const OSObject * object) {
        return object != nullptr && __atomic_load_n(&object->refcount, __ATOMIC_ACQUIRE) == 1;
    };
    if (isLast(transfer.memory) || isLast(transfer.action) || isLast(transfer.source)) {
        runOnWorker([transfer] { drop(transfer); });
    } else {
        drop(transfer);
    }
}

} // namespace

uint64_t beginTransfer(IOUSBHostPipe * pipe, OSAction * action, IOMemoryDescriptor * memory) {
    return begin(pipe, action, memory);
}

uint64_t beginRequest(IOUSBHostDevice * device, OSAction * action, IOMemoryDescriptor * memory) {
    return begin(device, action, memory);
}

void forgetTransfer(uint64_t number) {
    drop(take(number));
}

void completeTransfer(Reader & body) {
    const Transfer transfer = take(body.u64());
    if (transfer.source != nullptr) {
        const IOReturn status = body.i32();
        const uint32_t bytes = body.u32();
        static_cast<IOUSBHostPipe *>(transfer.source)
            ->CompleteAsyncIO(transfer.action, status, bytes, body.u64());
        dropLater(transfer);
    }
}

void completeRequest(Reader & body) {
    const Transfer transfer = take(body.u64());
    if (transfer.source != nullptr) {
        const IOReturn status = body.i32();
        static_cast<IOUSBHostDevice *>(transfer.source)
            ->CompleteAsyncDeviceRequest(transfer.action, status, body.u32());
        dropLater(transfer);
    }
}

} // namespace dextsim
