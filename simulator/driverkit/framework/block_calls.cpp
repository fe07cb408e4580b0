// What the system above a block storage device, as a session plays it, asks of it.
#include "block_device.h"

#include "../runtime/hid.h"
#include "../runtime/workers.h"

#include <algorithm>
#include <cstring>

namespace dextsim {

namespace {

using Device = OSSharedPtr<IOUserBlockStorageDevice>;

DeviceParams paramsOf(const Device & device) {
    IOUserBlockStorageDevice_IVars & state = *device->IOUserBlockStorageDevice::ivars;
    std::lock_guard lock(state.lock);
    return state.params;
}

using GetString = kern_return_t (IOUserBlockStorageDevice::*)(DeviceString *, OSDispatchMethod);
using GetFlag = kern_return_t (IOUserBlockStorageDevice::*)(bool *, OSDispatchMethod);

Value textOf(const Device & device, GetString get) {
    DeviceString text{};
    (device.get()->*get)(&text, nullptr);
    text.data[sizeof text.data - 1] = 0;
    return Value::string(text.data);
}

Value flagOf(const Device & device, GetFlag get) {
    bool flag = false;
    (device.get()->*get)(&flag, nullptr);
    return Value::boolean(flag);
}

Value describe(const Device & device) {
    using Block = IOUserBlockStorageDevice;
    const DeviceParams params = paramsOf(device);
    return Value::dictionary({{"vendor", textOf(device, &Block::GetVendorString)},
                              {"product", textOf(device, &Block::GetProductString)},
                              {"revision", textOf(device, &Block::GetRevisionString)},
                              {"additionalInfo", textOf(device, &Block::GetAdditionalInfoString)},
                              {"isEjectable", flagOf(device, &Block::ReportEjectability)},
                              {"isRemovable", flagOf(device, &Block::ReportRemovability)},
                              {"isWriteProtected", flagOf(device, &Block::ReportWriteProtection)},
                              {"blocks", Value::number(params.numOfBlocks)},
                              {"blockSize", Value::number(params.blockSize)},
                              {"maxTransfer", Value::number(params.maxIOSize)},
                              {"maxRequests", Value::number(params.numOfOutstandingIOs)},
                              {"maxUnmapRanges", Value::number(params.maxNumOfUnmapRegions)},
                              {"alignment", Value::number(params.minSegmentAlignment)},
                              {"addressBits", Value::number(params.numOfAddressBits)},
                              {"unmap", Value::boolean(params.isUnmapSupported)},
                              {"forceUnitAccess", Value::boolean(params.isFUASupported)}});
}

// The memory of a transfer and the address that it has for the device, while it is prepared.
struct Transfer {
    OSSharedPtr<IOBufferMemoryDescriptor> buffer;
    OSSharedPtr<IODMACommand> command; // null: nothing below the driver can reach memory
    uint64_t address = 0;

    ~Transfer() {
        if (command) {
            command->CompleteDMA(kIODMACommandCompleteDMANoOptions);
        }
    }
};

constexpr uint64_t kUnreachable = UINT64_C(0x600000000000);

// Above a provider without DMA an address is a number, as it is for the driver on a Mac.
uint64_t nextUnreachable(IOUserBlockStorageDevice_IVars & state, uint64_t length) {
    constexpr uint64_t kStep = 1 << 20;
    std::lock_guard lock(state.lock);
    const uint64_t address = kUnreachable + state.nextAddress;
    state.nextAddress += (length / kStep + 2) * kStep;
    return address;
}

kern_return_t prepare(const Device & device, Transfer & transfer, uint64_t length, bool isRead) {
    IOUserBlockStorageDevice_IVars & state = *device->IOUserBlockStorageDevice::ivars;
    const DeviceParams params = paramsOf(device);
    kern_return_t status = IOBufferMemoryDescriptor::Create(
        isRead ? kIOMemoryDirectionIn : kIOMemoryDirectionOut, length, params.minSegmentAlignment,
        transfer.buffer.attach());
    if (status == kIOReturnSuccess) {
        transfer.buffer->SetLength(length);
    }
    const IODMACommandSpecification specification = {
        kIODMACommandSpecificationNoOptions, params.numOfAddressBits, {}};
    if (status == kIOReturnSuccess && state.provider) {
        status = IODMACommand::Create(state.provider.get(), kIODMACommandCreateNoOptions,
                                      &specification, transfer.command.attach());
    }
    if (status != kIOReturnSuccess || !transfer.command) {
        return status == kIOReturnSuccess ? kIOReturnNoDevice : status;
    }
    IOAddressSegment segment[32] = {};
    uint32_t count = 1;
    status =
        transfer.command->PrepareForDMA(kIODMACommandPrepareForDMANoOptions, transfer.buffer.get(),
                                        0, length, nullptr, &count, segment);
    transfer.address = segment[0].address;
    if (status == kIOReturnNoDevice) { // the provider has no DMA
        transfer.command.reset();
        transfer.address = nextUnreachable(state, length);
        return kIOReturnSuccess;
    }
    return status;
}

struct Call {
    uint64_t id;
    Device device;
    std::vector<uint8_t> body;
};

bool isBeyond(const DeviceParams & params, uint64_t first, uint64_t count) {
    return first > params.numOfBlocks || count > params.numOfBlocks - first;
}

void transfer(const Call & call, Reader & body, bool isRead) {
    const DeviceParams params = paramsOf(call.device);
    const uint64_t lba = body.u64();
    const uint32_t options = body.u32();
    std::span<const uint8_t> out;
    if (!isRead) {
        out = body.bytes();
    }
    const uint64_t blocks = isRead ? body.u64() : out.size() / std::max(params.blockSize, 1u);
    const uint64_t length = blocks * params.blockSize;
    if (params.blockSize == 0 || blocks == 0 || isBeyond(params, lba, blocks) ||
        (!isRead && out.size() != length)) {
        return answerServiceCall(call.id, kIOReturnBadArgument);
    }
    const auto memory = std::make_shared<Transfer>();
    if (const kern_return_t status = prepare(call.device, *memory, length, isRead)) {
        return answerServiceCall(call.id, status);
    }
    if (!isRead) {
        memcpy(bytesOf(memory->buffer.get()).data(), out.data(), out.size());
    }
    const auto request = std::make_shared<BlockRequest>();
    request->isTransfer = true;
    request->length = length;
    request->send = [device = call.device.get(), memory, isRead, length, lba, blocks,
                     options](uint32_t requestID) {
        return device->DoAsyncReadWrite(isRead, requestID, memory->address, length, lba, blocks,
                                        options);
    };
    request->ended = [id = call.id, device = call.device, memory, isRead](kern_return_t status,
                                                                          uint64_t bytes) {
        Writer reply;
        reply.u64(bytes);
        if (isRead) {
            reply.bytes(bytesOf(memory->buffer.get()).first(bytes));
        }
        answerServiceCall(id, status, status == kIOReturnSuccess ? reply : Writer());
    };
    submitBlockRequest(call.device.get(), request);
}

void simple(const Call & call, std::function<kern_return_t(uint32_t requestID)> send) {
    const auto request = std::make_shared<BlockRequest>();
    request->send = std::move(send);
    request->ended = [id = call.id, device = call.device](kern_return_t status, uint64_t) {
        answerServiceCall(id, status);
    };
    submitBlockRequest(call.device.get(), request);
}

void synchronize(const Call & call, Reader & body) {
    const uint64_t lba = body.u64();
    const uint64_t blocks = body.u64();
    simple(call, [device = call.device.get(), lba, blocks](uint32_t requestID) {
        return device->DoAsyncSynchronize(requestID, lba, blocks);
    });
}

void unmap(const Call & call, Reader & body) {
    std::vector<BlockRange> ranges(std::min<size_t>(body.u32(), 4096));
    for (BlockRange & range : ranges) {
        range.startBlock = body.u64();
        range.numOfBlocks = body.u64();
    }
    const size_t size = ranges.size() * sizeof(BlockRange);
    OSSharedPtr<IOBufferMemoryDescriptor> buffer;
    if (ranges.empty() || IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, size, 0,
                                                           buffer.attach()) != kIOReturnSuccess) {
        return answerServiceCall(call.id,
                                 ranges.empty() ? kIOReturnBadArgument : kIOReturnNoMemory);
    }
    buffer->SetLength(size);
    memcpy(bytesOf(buffer.get()).data(), ranges.data(), size);
    simple(call, [device = call.device.get(), buffer,
                  count = static_cast<uint32_t>(ranges.size())](uint32_t requestID) {
        return device->DoAsyncUnmap(requestID, buffer.get(), count);
    });
}

void run(const Call & call, BlockCall what) {
    Reader body(call.body);
    switch (what) {
    case BlockCall::Describe:
        return answerServiceCall(call.id, kIOReturnSuccess, Writer().value(describe(call.device)));
    case BlockCall::Read:
        return transfer(call, body, true);
    case BlockCall::Write:
        return transfer(call, body, false);
    case BlockCall::Synchronize:
        return synchronize(call, body);
    case BlockCall::Unmap:
        return unmap(call, body);
    case BlockCall::Eject:
        return simple(call, [device = call.device.get()](uint32_t requestID) {
            return device->DoAsyncEjectMedia(requestID);
        });
    }
    answerServiceCall(call.id, kIOReturnUnsupported);
}

void dispatch(uint64_t id, uint16_t operation, IOService * service, Reader & body) {
    auto * const device = OSDynamicCast(IOUserBlockStorageDevice, service);
    if (device == nullptr) {
        answerServiceCall(id, kIOReturnUnsupported);
        service->release();
        return;
    }
    std::vector<uint8_t> copy(body.remaining());
    body.raw(copy.data(), copy.size());
    runOnWorker([call = Call{id, Device(device, OSNoRetain), std::move(copy)},
                 what = static_cast<BlockCall>(operation)] { run(call, what); });
}

} // namespace

void linkBlockCalls() {
    takeServiceCalls(ServiceFamily::Block, &dispatch);
}

} // namespace dextsim
