// Stands for the SCSI side: a published target gets three tasks, which read a block each into the
// slot of their number.
#include "IscsiPullController.h"
#include "IscsiPullControllerCore.h"
#include "IscsiPullUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

namespace {

constexpr uint64_t kTasks = 3;
constexpr uint32_t kBlock = 4096;

} // namespace

struct IscsiPullController_IVars {
    IscsiPullControllerCore core;
    uint64_t tags;      // given out so far
    uint64_t open;      // tag of the task that is with the daemon, or 0
    uint64_t tasks;     // still to come
    uint64_t completed; // bytes
    uint64_t lost;      // publishers that went without a word
};

bool IscsiPullController::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(IscsiPullController_IVars, 1);
    return ivars != nullptr;
}

void IscsiPullController::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, IscsiPullController_IVars, 1);
    super::free();
}

kern_return_t IscsiPullController::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t IscsiPullController::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

IscsiPullControllerCore * IscsiPullController::Core() {
    return &ivars->core;
}

kern_return_t IscsiPullController::PublishLun(IscsiPullUserClient *, uint32_t, uint64_t) {
    IscsiPullArenaBuffer * arena = nullptr;
    const kern_return_t status = MapArena(&arena);
    if (status == kIOReturnSuccess) {
        arena->header.abiVersion = 1;
        ivars->tasks = kTasks;
    }
    return status;
}

kern_return_t IscsiPullController::UnpublishLun(IscsiPullUserClient *) {
    ivars->tasks = 0;
    ivars->open = 0;
    return kIOReturnSuccess;
}

/// A task in the hands of the daemon is not given out again.
kern_return_t IscsiPullController::FetchTask(IscsiPullUserClient *, uint64_t * tag,
                                             uint64_t * targetOut, uint64_t * lun, uint8_t * cdb,
                                             uint8_t * cdbLength, IscsiPullDirection * direction,
                                             uint32_t * transferLength, uint32_t * slot) {
    if (ivars->tasks == 0 || ivars->open != 0) {
        return kIOReturnSuccess; // tag 0
    }
    ivars->tasks--;
    ivars->open = ++ivars->tags;
    *tag = ivars->open;
    *targetOut = 7;
    *lun = 1;
    for (uint8_t i = 0; i < 16; i++) {
        cdb[i] = static_cast<uint8_t>(i == 0 ? 0x28 : i);
    }
    *cdbLength = 10;
    *direction = kIscsiPullDirectionRead;
    *transferLength = kBlock;
    *slot = static_cast<uint32_t>(ivars->open);
    return kIOReturnSuccess;
}

/// The app owns the slots: every byte is read once, and a length is what the dispatch has checked.
kern_return_t IscsiPullController::CompleteTask(IscsiPullUserClient *, uint64_t tag, uint8_t,
                                                uint32_t transferred, uint8_t) {
    if (tag == 0 || tag != ivars->open) {
        return kIOReturnNotFound;
    }
    IscsiPullArenaBuffer * arena = nullptr;
    const kern_return_t status = MapArena(&arena);
    if (status != kIOReturnSuccess) {
        return status;
    }
    for (uint32_t i = 0; i < transferred; i++) {
        ivars->completed += arena->data[tag - 1][i] == static_cast<uint8_t>(tag) ? 1 : 0;
    }
    ivars->open = 0;
    return kIOReturnSuccess;
}

kern_return_t IscsiPullController::Teardown(IscsiPullUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t IscsiPullController::GetStats(IscsiPullUserClient *, uint64_t * counts) {
    counts[0] = ivars->tags;
    counts[1] = ivars->completed;
    counts[11] = ivars->lost;
    return kIOReturnSuccess;
}

void IscsiPullController::PublisherLost(IOUserClient *) {
    ivars->lost++;
    ivars->tasks = 0;
    ivars->open = 0;
}
