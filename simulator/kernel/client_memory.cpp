// See client_memory.h.
#include "client_memory.h"

#include <IOKit/IOReturn.h>

namespace dextsim {

namespace {

constexpr uint64_t kDirectionBits = 3;
constexpr uint64_t kDisableCopyOnWrite = 0x10;

// The pieces of the app's answer; an IOReturn.
int32_t takePieces(MemorySource & source, Answer & answer) {
    if (!answer.delivered || answer.status != kIOReturnSuccess) {
        return answer.delivered ? answer.status : kIOReturnVMError;
    }
    Reader reader = answer.reader();
    const uint64_t size = reader.u64();
    auto backing = MemoryBacking::map(answer.message.takeFd(), size, true);
    for (uint32_t count = reader.u32(); count > 0 && reader.ok() && backing; --count) {
        const uint64_t offset = reader.u64();
        const uint64_t length = reader.u64();
        if (offset > size || length > size - offset) {
            return kIOReturnVMError;
        }
        source.pieces.push_back({backing, offset, length});
    }
    source.referenced = backing != nullptr && reader.ok();
    return source.referenced ? kIOReturnSuccess : kIOReturnVMError;
}

void referenceSource(Kernel & kernel, std::shared_ptr<MemorySource> source,
                     std::function<void(int32_t)> then) {
    source->waiting.push_back(std::move(then));
    if (source->waiting.size() > 1) {
        return; // it was asked for already
    }
    auto finish = [source](Answer & answer) {
        source->pieces.clear();
        const int32_t status = takePieces(*source, answer);
        auto waiting = std::move(source->waiting);
        source->waiting.clear();
        for (auto & each : waiting) {
            each(status);
        }
    };
    Session * app = kernel.session(source->session);
    if (app == nullptr) {
        Answer none;
        finish(none);
        return;
    }
    Writer body;
    body.u8(source->copied ? 1 : 0).u32(static_cast<uint32_t>(source->ranges.size()));
    for (const ClientRange & range : source->ranges) {
        body.u64(range.address).u64(range.length);
    }
    app->link->request(MessageType::ShareMemory, body, finish);
}

std::shared_ptr<MemorySource> missingSource(Kernel & kernel, uint64_t id) {
    const MemoryDescriptor * memory = kernel.memory.find(id);
    if (memory != nullptr) {
        for (const MemoryPart & part : memory->parts) {
            if (!part.source->referenced) {
                return part.source;
            }
        }
    }
    return nullptr;
}

} // namespace

int32_t createClientMemory(Kernel & kernel, DextProcess & process, uint64_t userClient,
                           uint64_t options, std::vector<ClientRange> ranges,
                           MemoryDescriptor *& made) {
    const DextObject * object = kernel.object(userClient);
    if (object == nullptr || object->removed) {
        return kIOReturnNotReady; // stopped; while Stop runs the app's memory is still there
    }
    if (!object->client || object->process != process.id) {
        return kIOReturnBadArgument;
    }
    if (object->client->task == 0) {
        return kIOReturnNotReady; // the open has not come that far
    }
    if ((options & ~(kDirectionBits | kDisableCopyOnWrite)) != 0 || ranges.empty()) {
        return kIOReturnBadArgument;
    }
    uint64_t length = 0;
    for (const ClientRange & range : ranges) {
        if (range.length > UINT64_MAX - length) {
            return kIOReturnNoMemory;
        }
        length += range.length;
    }
    auto source = std::make_shared<MemorySource>();
    source->referenced = false;
    source->session = object->client->task;
    source->copied = (options & kDisableCopyOnWrite) == 0;
    source->ranges = std::move(ranges);
    made = &kernel.memory.add(process.id, options & kDirectionBits, length, std::move(source));
    return kIOReturnSuccess;
}

void referenceMemory(Kernel & kernel, uint64_t memory, std::function<void(int32_t status)> then) {
    auto missing = missingSource(kernel, memory);
    if (missing == nullptr) {
        then(kIOReturnSuccess);
        return;
    }
    referenceSource(kernel, missing, [&kernel, memory, then = std::move(then)](int32_t status) {
        if (status != kIOReturnSuccess) {
            then(status);
        } else {
            referenceMemory(kernel, memory, then);
        }
    });
}

} // namespace dextsim
