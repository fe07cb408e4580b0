// A disk behind registers: a command names a request, the blocks and where they lie in memory; an
// interrupt says that some have ended.
#include "BlockDisk.h"

#include <DriverKit/IOLib.h>
#include <PCIDriverKit/PCIDriverKit.h>
#include <os/log.h>

namespace {

// Registers of BAR 0, 64 bits each.
constexpr uint64_t kBlocks = 0x00;
constexpr uint64_t kBlockSize = 0x08;
constexpr uint64_t kRequests = 0x10; // how many at once
constexpr uint64_t kAddress = 0x20;
constexpr uint64_t kFirst = 0x28;
constexpr uint64_t kCount = 0x30;
constexpr uint64_t kCommand =
    0x38;                         // operation, identifier << 8, options << 32; 0 when it is refused
constexpr uint64_t kEnded = 0x40; // identifier, operation << 8, failed << 16, bytes << 32; all ones

enum Operation : uint64_t { kRead = 1, kWrite, kSynchronize, kEject, kUnmap };

constexpr uint32_t kMaxTransfer = 64 * 1024;
constexpr uint32_t kMaxRanges = 2;

} // namespace

struct BlockDisk_IVars {
    IOPCIDevice * device;
    IOInterruptDispatchSource * interrupt;
};

bool BlockDisk::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(BlockDisk_IVars, 1);
    return ivars != nullptr;
}

void BlockDisk::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->interrupt);
    }
    IOSafeDeleteNULL(ivars, BlockDisk_IVars, 1);
    super::free();
}

static uint64_t readRegister(IOPCIDevice * device, uint64_t offset) {
    uint64_t value = 0;
    device->MemoryRead64(0, offset, &value);
    return value;
}

static kern_return_t watch(BlockDisk * disk, IOPCIDevice * device,
                           IOInterruptDispatchSource ** source) {
    IODispatchQueue * queue = nullptr;
    kern_return_t ret = disk->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    if (ret == kIOReturnSuccess) {
        ret = IOInterruptDispatchSource::Create(device, 0, queue, source);
        queue->release();
    }
    OSAction * action = nullptr;
    if (ret == kIOReturnSuccess) {
        ret = disk->CreateActionFinished(0, &action);
    }
    if (ret == kIOReturnSuccess) {
        ret = (*source)->SetHandler(action);
        action->release();
    }
    return ret == kIOReturnSuccess ? (*source)->SetEnable(true) : ret;
}

kern_return_t IMPL(BlockDisk, Start) {
    kern_return_t ret = Start(provider, SUPERDISPATCH);
    if (ret != kIOReturnSuccess) {
        return ret;
    }
    ivars->device = OSDynamicCast(IOPCIDevice, provider);
    if (ivars->device == nullptr) {
        return kIOReturnNoDevice;
    }
    ret = ivars->device->Open(this, 0);
    if (ret != kIOReturnSuccess) {
        return ret;
    }
    ivars->device->ConfigurationWrite16(kIOPCIConfigurationOffsetCommand,
                                        kIOPCICommandMemorySpace | kIOPCICommandBusMaster);
    return watch(this, ivars->device, &ivars->interrupt);
}

kern_return_t IMPL(BlockDisk, Stop) {
    if (ivars->interrupt != nullptr) {
        ivars->interrupt->Cancel(nullptr);
    }
    if (ivars->device != nullptr) {
        ivars->device->Close(this, 0);
    }
    return Stop(provider, SUPERDISPATCH);
}

// ── what it is ──

kern_return_t IMPL(BlockDisk, GetDeviceParams) {
    deviceParams->numOfBlocks = readRegister(ivars->device, kBlocks);
    deviceParams->blockSize = static_cast<uint32_t>(readRegister(ivars->device, kBlockSize));
    deviceParams->maxIOSize = kMaxTransfer;
    deviceParams->numOfOutstandingIOs =
        static_cast<uint32_t>(readRegister(ivars->device, kRequests));
    deviceParams->maxNumOfUnmapRegions = kMaxRanges;
    deviceParams->minSegmentAlignment = 4096;
    deviceParams->numOfAddressBits = 32;
    deviceParams->isUnmapSupported = true;
    deviceParams->isFUASupported = true;
    return kIOReturnSuccess;
}

kern_return_t IMPL(BlockDisk, GetVendorString) {
    strlcpy(vendor->data, "Example", sizeof vendor->data);
    return kIOReturnSuccess;
}

kern_return_t IMPL(BlockDisk, GetProductString) {
    strlcpy(product->data, "Block Disk", sizeof product->data);
    return kIOReturnSuccess;
}

kern_return_t IMPL(BlockDisk, GetRevisionString) {
    strlcpy(revision->data, "1.0", sizeof revision->data);
    return kIOReturnSuccess;
}

kern_return_t IMPL(BlockDisk, GetAdditionalInfoString) {
    additionalInfo->data[0] = 0;
    return kIOReturnSuccess;
}

kern_return_t IMPL(BlockDisk, ReportEjectability) {
    *isEjectable = true;
    return kIOReturnSuccess;
}

kern_return_t IMPL(BlockDisk, ReportRemovability) {
    *isRemovable = false;
    return kIOReturnSuccess;
}

kern_return_t IMPL(BlockDisk, ReportWriteProtection) {
    *isWriteProtected = false;
    return kIOReturnSuccess;
}

// ── requests ──

static kern_return_t command(IOPCIDevice * device, Operation operation, uint32_t requestID,
                             uint64_t lba, uint64_t blocks, uint64_t options = 0) {
    device->MemoryWrite64(0, kFirst, lba);
    device->MemoryWrite64(0, kCount, blocks);
    device->MemoryWrite64(0, kCommand, operation | uint64_t{requestID} << 8 | options << 32);
    return readRegister(device, kCommand) == 0 ? kIOReturnNotReady : kIOReturnSuccess;
}

kern_return_t IMPL(BlockDisk, DoAsyncReadWrite) {
    if (size != numOfBlocks * readRegister(ivars->device, kBlockSize)) {
        return kIOReturnBadArgument;
    }
    ivars->device->MemoryWrite64(0, kAddress, dmaAddr);
    return command(ivars->device, isRead ? kRead : kWrite, requestID, lba, numOfBlocks, options);
}

kern_return_t IMPL(BlockDisk, DoAsyncSynchronize) {
    return command(ivars->device, kSynchronize, requestID, lba, numOfBlocks);
}

kern_return_t IMPL(BlockDisk, DoAsyncEjectMedia) {
    return command(ivars->device, kEject, requestID, 0, 0);
}

// The device is told range by range, and of the request with the last.
kern_return_t BlockDisk::DoAsyncUnmapPriv(uint32_t requestID, struct BlockRange * ranges,
                                          uint32_t numOfRanges) {
    for (uint32_t i = 0; i < numOfRanges; ++i) {
        const uint64_t isLast = i + 1 == numOfRanges;
        const kern_return_t ret = command(ivars->device, kUnmap, requestID, ranges[i].startBlock,
                                          ranges[i].numOfBlocks, isLast);
        if (ret != kIOReturnSuccess) {
            return ret;
        }
    }
    return kIOReturnSuccess;
}

void IMPL(BlockDisk, Finished) {
    static_cast<void>(action);
    static_cast<void>(count);
    static_cast<void>(time);
    for (uint64_t ended = readRegister(ivars->device, kEnded); ended != UINT64_MAX;
         ended = readRegister(ivars->device, kEnded)) {
        const auto requestID = static_cast<uint32_t>(ended & 0xff);
        const uint64_t operation = ended >> 8 & 0xff;
        const kern_return_t status = (ended >> 16 & 1) != 0 ? kIOReturnIOError : kIOReturnSuccess;
        if (operation == kRead || operation == kWrite) {
            CompleteIO(requestID, ended >> 32, status);
        } else {
            Complete(requestID, status);
        }
    }
}
