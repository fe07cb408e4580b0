// Stands for the SCSI controller: a registered target gets one write task and one read task; what a
// write brought is what the read has to answer.
#include "IscsiPushDriver.h"
#include "IscsiPushDriverCore.h"
#include "IscsiPushRecords.h"
#include "IscsiPushUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

namespace {

constexpr uint64_t kWriteTask = 0x1001;
constexpr uint64_t kReadTask = 0x1002;
constexpr uint32_t kTransfer = 6000; // more than travels inline

uint8_t PatternAt(uint64_t place) {
    return static_cast<uint8_t>(place * 7);
}

} // namespace

struct IscsiPushDriver_IVars {
    IscsiPushDriverCore core;
    uint64_t target;
    bool writing; // the write task is open
    bool reading;
};

bool IscsiPushDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(IscsiPushDriver_IVars, 1);
    return ivars != nullptr;
}

void IscsiPushDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, IscsiPushDriver_IVars, 1);
    super::free();
}

kern_return_t IscsiPushDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t IscsiPushDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

IscsiPushDriverCore * IscsiPushDriver::Core() {
    return &ivars->core;
}

kern_return_t IscsiPushDriver::RegisterTarget(IscsiPushUserClient * client, uint64_t targetId) {
    ivars->target = targetId;
    ivars->writing = true;
    ivars->reading = true;
    EmitTaskPending(client, kWriteTask);
    EmitTaskPending(client, kReadTask);
    return kIOReturnSuccess;
}

kern_return_t IscsiPushDriver::UnregisterTarget(IscsiPushUserClient *, uint64_t targetId) {
    if (targetId != ivars->target) {
        return kIOReturnNotFound;
    }
    ivars->target = 0;
    ivars->writing = false;
    ivars->reading = false;
    return kIOReturnSuccess;
}

kern_return_t IscsiPushDriver::DequeueTask(IscsiPushUserClient *, uint64_t taskId,
                                           IscsiPushTaskDescriptorWriter * task) {
    const bool write = taskId == kWriteTask && ivars->writing;
    if (!write && !(taskId == kReadTask && ivars->reading)) {
        return kIOReturnNotFound;
    }
    IscsiPushTaskDescriptorHead head = {};
    head.taskId = taskId;
    head.targetId = ivars->target;
    head.transferLength = kTransfer;
    head.direction = write ? kIscsiPushDirectionWrite : kIscsiPushDirectionRead;
    head.cdbLength = 10;
    head.cdb[0] = write ? 0x2A : 0x28;
    task->PutHead(head);
    uint8_t * payload = task->ReservePayload(write ? kTransfer : 0);
    for (uint32_t i = 0; write && payload != nullptr && i < kTransfer; i++) {
        payload[i] = PatternAt(i);
    }
    return kIOReturnSuccess;
}

kern_return_t IscsiPushDriver::CompleteTask(IscsiPushUserClient *,
                                            const IscsiPushTaskResponseReader * response) {
    const IscsiPushTaskResponseHead head = response->Head();
    if (head.taskId == kWriteTask && ivars->writing) {
        ivars->writing = false;
        return kIOReturnSuccess;
    }
    if (head.taskId != kReadTask || !ivars->reading) {
        return kIOReturnNotFound;
    }
    if (head.transferred != response->PayloadLength()) {
        return kIOReturnUnderrun;
    }
    for (uint64_t i = 0; i < response->PayloadLength(); i++) {
        if (response->Payload()[i] != PatternAt(i)) {
            return kIOReturnIOError;
        }
    }
    ivars->reading = false;
    return kIOReturnSuccess;
}

void IscsiPushDriver::TaskPendingSubscribers(uint32_t) {}
