// The kernel tells the end of a transfer once, by the number it was given.
#include "usb_completions.h"

#include "workers.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <mutex>

namespace dextsim {

namespace {

// Each member owns a reference, or is null.
struct Transfer {
    OSObject * source = nullptr;
    OSAction * action = nullptr;
    std::vector<IOMemoryDescriptor *> memory;
    RingPlace place{}; // of a bundle
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

// The references of `memory` are used up.
uint64_t begin(OSObject * source, OSAction * action, std::vector<IOMemoryDescriptor *> memory,
               RingPlace place = {}) {
    source->retain();
    action->retain();
    Transfers & shared = transfers();
    std::lock_guard lock(shared.lock);
    shared.pending[++shared.last] = {source, action, std::move(memory), place};
    return shared.last;
}

std::vector<IOMemoryDescriptor *> retained(std::initializer_list<IOMemoryDescriptor *> memory) {
    std::vector<IOMemoryDescriptor *> all;
    for (IOMemoryDescriptor * each : memory) {
        if (each != nullptr) {
            each->retain();
            all.push_back(each);
        }
    }
    return all;
}

Transfer take(uint64_t number) {
    Transfers & shared = transfers();
    std::lock_guard lock(shared.lock);
    auto node = shared.pending.extract(number);
    return node.empty() ? Transfer{} : node.mapped();
}

void drop(const Transfer & transfer) {
    for (IOMemoryDescriptor * each : transfer.memory) {
        each->release();
    }
    OSSafeRelease(transfer.action);
    OSSafeRelease(transfer.source);
}

// A last reference may run the driver's free(), which has no business on the socket's thread.
void dropLater(const Transfer & transfer) {
    const auto isLast = [](const OSObject * object) {
        return __atomic_load_n(&object->refcount, __ATOMIC_ACQUIRE) == 1;
    };
    if (std::any_of(transfer.memory.begin(), transfer.memory.end(), isLast) ||
        isLast(transfer.action) || isLast(transfer.source)) {
        runOnWorker([transfer] { drop(transfer); });
    } else {
        drop(transfer);
    }
}

} // namespace

uint64_t beginTransfer(IOUSBHostPipe * pipe, OSAction * action, IOMemoryDescriptor * memory) {
    return begin(pipe, action, retained({memory}));
}

uint64_t beginRequest(IOUSBHostDevice * device, OSAction * action, IOMemoryDescriptor * memory) {
    return begin(device, action, retained({memory}));
}

uint64_t beginIsoch(IOUSBHostPipe * pipe, OSAction * action, IOMemoryDescriptor * memory,
                    IOMemoryDescriptor * frameList) {
    return begin(pipe, action, retained({memory, frameList}));
}

uint64_t beginBundle(IOUSBHostPipe * pipe, OSAction * action,
                     std::vector<IOMemoryDescriptor *> memory, RingPlace place) {
    return begin(pipe, action, std::move(memory), place);
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

void completeIsoch(Reader & body) {
    const Transfer transfer = take(body.u64());
    if (transfer.source != nullptr) {
        static_cast<IOUSBHostPipe *>(transfer.source)
            ->CompleteAsyncIsochIO(transfer.action, body.i32());
        dropLater(transfer);
    }
}

namespace {

// The bundle stays until its last result.
Transfer look(uint64_t number) {
    Transfers & shared = transfers();
    std::lock_guard lock(shared.lock);
    auto found = shared.pending.find(number);
    return found != shared.pending.end() ? found->second : Transfer{};
}

} // namespace

void completeBundle(Reader & body) {
    const uint64_t number = body.u64();
    const Transfer bundle = look(number);
    if (bundle.source == nullptr) {
        return;
    }
    const uint32_t first = body.u32();
    const uint32_t count = body.u32();
    uint32_t bytes[kIOUSBHostPipeBundlingMax] = {};
    kern_return_t statuses[kIOUSBHostPipeBundlingMax] = {};
    for (uint32_t i = 0; i < count && i < kIOUSBHostPipeBundlingMax; i++) {
        bytes[i] = body.u32();
        statuses[i] = body.i32();
    }
    const int length = static_cast<int>(count);
    static_cast<IOUSBHostPipe *>(bundle.source)
        ->CompleteAsyncIOBundled(bundle.action, (bundle.place.first + first) % bundle.place.size,
                                 count, bytes, length, statuses, length);
    if (body.u8() != 0) {
        dropLater(take(number));
    }
}

} // namespace dextsim
