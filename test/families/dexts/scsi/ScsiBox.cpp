#include "ScsiBox.h"

#include <DriverKit/IODispatchQueue.h>
#include <DriverKit/IOKitKeys.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/OSCollections.h>
#include <os/log.h>

namespace {

constexpr uint64_t kBlock = 64;
constexpr uint64_t kBlocks = 64;
constexpr uint64_t kTargets = 3; // 0, 1; the initiator is 2

} // namespace

struct ScsiBox_IVars {
    uint8_t disk[kTargets][kBlock * kBlocks];
    OSAction * parked; // the task of command 0xc1, retained
    SCSIUserParallelTask parkedTask;
    uint32_t nextTask;
    bool omitsConstraint;
    bool managesDevices;
    bool isFirstAbsent;
};

bool ScsiBox::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(ScsiBox_IVars, 1);
    return ivars != nullptr;
}

void ScsiBox::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->parked);
        IOSafeDeleteNULL(ivars, ScsiBox_IVars, 1);
    }
    super::free();
}

kern_return_t IMPL(ScsiBox, Start) {
    OSDictionary * properties = nullptr;
    if (CopyProperties(&properties) == kIOReturnSuccess) {
        ivars->omitsConstraint = properties->getObject("OmitsConstraint") == kOSBooleanTrue;
        ivars->managesDevices = properties->getObject("ManagesDevices") == kOSBooleanTrue;
        ivars->isFirstAbsent = properties->getObject("FirstIsAbsent") == kOSBooleanTrue;
        properties->release();
    }
    IODispatchQueue * queue = nullptr;
    kern_return_t ret = IODispatchQueue::Create("Auxiliary", 0, 0, &queue);
    if (ret == kIOReturnSuccess) {
        ret = SetDispatchQueue("AuxiliaryQueue", queue);
        queue->release();
    }
    return ret == kIOReturnSuccess ? Start(provider, SUPERDISPATCH) : ret;
}

kern_return_t IMPL(ScsiBox, NewUserClient) {
    static_cast<void>(type);
    IOService * client = nullptr;
    const kern_return_t ret = Create(this, "UserClientProperties", &client);
    *userClient = OSDynamicCast(IOUserClient, client);
    return ret;
}

kern_return_t IMPL(ScsiBox, UserInitializeController) {
    OSDictionary * const constraints = OSDictionary::withCapacity(8);
    const auto put = [constraints](const char * key, uint64_t value) {
        OSNumber * const number = OSNumber::withNumber(value, 64);
        constraints->setObject(key, number);
        number->release();
    };
    put(kIOMaximumSegmentCountReadKey, 1);
    put(kIOMaximumSegmentCountWriteKey, 1);
    put(kIOMaximumSegmentByteCountReadKey, 4096);
    put(kIOMaximumSegmentByteCountWriteKey, 4096);
    put(kIOMinimumSegmentAlignmentByteCountKey, 4);
    put(kIOMaximumSegmentAddressableBitCountKey, 64);
    if (!ivars->omitsConstraint) {
        put(kIOMinimumHBADataAlignmentMaskKey, 0);
    }
    const kern_return_t ret = UserReportHBAConstraints(constraints);
    constraints->release();
    return ret;
}

kern_return_t IMPL(ScsiBox, UserStartController) {
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserReportInitiatorIdentifier) {
    *id = kTargets - 1;
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserReportHighestSupportedDeviceID) {
    *id = kTargets - 1;
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserReportMaximumTaskCount) {
    *count = 2;
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserDoesHBAPerformDeviceManagement) {
    *result = ivars->managesDevices;
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserGetDMASpecification) {
    *maxTransferSize = 4096;
    *alignment = 4;
    *numAddressBits = 64;
    *segmentType = kDMAOutputSegmentHost64;
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserMapHBAData) {
    *uniqueTaskID = 100 + ivars->nextTask++;
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserInitializeTargetForID) {
    return targetID < kTargets ? kIOReturnSuccess : kIOReturnBadArgument;
}

kern_return_t IMPL(ScsiBox, UserTargetPresentForID) {
    if (ivars->isFirstAbsent && targetID == 0) {
        *result = false;
        return kIOReturnSuccess;
    }
    return UserTargetPresentForID(targetID, result, SUPERDISPATCH);
}

// Commands: 0x12 INQUIRY · 0x28 READ(10) · 0x2a WRITE(10) · 0xc0 refused at once · 0xc1 waits for
// an abort · 0xc2 is forgotten · all others CHECK CONDITION.
kern_return_t IMPL(ScsiBox, UserProcessParallelTask) {
    const uint8_t command = parallelRequest.fCommandDescriptorBlock[0];
    if (command == 0xc0) {
        *response = kSCSIServiceResponse_FUNCTION_REJECTED;
        return kIOReturnSuccess;
    }
    *response = kSCSIServiceResponse_Request_In_Process;
    if (command == 0xc1) {
        completion->retain();
        ivars->parked = completion;
        ivars->parkedTask = parallelRequest;
        return kIOReturnSuccess;
    }
    if (command == 0xc2) {
        return kIOReturnSuccess;
    }
    SCSIUserParallelResponse reply = {};
    const kern_return_t ret = Answer(&parallelRequest, &reply);
    if (ret == kIOReturnSuccess) {
        ParallelTaskCompletion(completion, reply);
    }
    return ret;
}

kern_return_t ScsiBox::Answer(const SCSIUserParallelTask * task, SCSIUserParallelResponse * reply) {
    const uint8_t * const cdb = task->fCommandDescriptorBlock;
    IOBufferMemoryDescriptor * buffer = nullptr;
    IOAddressSegment range{};
    if (task->fRequestedTransferCount != 0) {
        const kern_return_t ret =
            UserGetDataBuffer(task->fTargetID, task->fControllerTaskIdentifier, &buffer);
        if (ret != kIOReturnSuccess) {
            return ret;
        }
        buffer->GetAddressRange(&range);
    }
    auto * const data = reinterpret_cast<uint8_t *>(range.address);
    reply->version = kScsiUserParallelTaskResponseCurrentVersion1;
    reply->fTargetID = task->fTargetID;
    reply->fControllerTaskIdentifier = task->fControllerTaskIdentifier;
    reply->fServiceResponse = kSCSIServiceResponse_TASK_COMPLETE;
    reply->fCompletionStatus = kSCSITaskStatus_GOOD;
    const uint64_t at = static_cast<uint64_t>(cdb[5]) * kBlock;
    const uint64_t length = static_cast<uint64_t>(cdb[8]) * kBlock;
    const bool fits = length <= range.length && at + length <= kBlock * kBlocks;
    if (cdb[0] == 0x12 && range.length >= 36) {
        memcpy(data, "\0\0\6\2\37\0\0\2EXAMPLE Box             0001", 36);
        data[35] = static_cast<uint8_t>('0' + task->fTargetID);
        reply->fBytesTransferred = 36;
    } else if (cdb[0] == 0x28 && fits) {
        memcpy(data, ivars->disk[task->fTargetID] + at, length);
        reply->fBytesTransferred = length;
    } else if (cdb[0] == 0x2a && fits) {
        memcpy(ivars->disk[task->fTargetID] + at, data, length);
        reply->fBytesTransferred = length;
    } else {
        reply->fCompletionStatus = kSCSITaskStatus_CHECK_CONDITION;
        reply->fSenseLength = 18;
        reply->fSenseBuffer[0] = 0x70;
        reply->fSenseBuffer[2] = 0x05;
        reply->fSenseBuffer[12] = 0x20;
    }
    OSSafeReleaseNULL(buffer);
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserAbortTaskRequest) {
    static_cast<void>(theL);
    static_cast<void>(theQ);
    if (ivars->parked == nullptr || ivars->parkedTask.fTargetID != theT) {
        *response = kSCSIServiceResponse_FUNCTION_REJECTED;
        return kIOReturnSuccess;
    }
    SCSIUserParallelResponse reply = {};
    reply.fTargetID = theT;
    reply.fControllerTaskIdentifier = ivars->parkedTask.fControllerTaskIdentifier;
    reply.fServiceResponse = kSCSIServiceResponse_SERVICE_DELIVERY_OR_TARGET_FAILURE;
    reply.fCompletionStatus = kSCSITaskStatus_TaskTimeoutOccurred;
    ParallelTaskCompletion(ivars->parked, reply);
    OSSafeReleaseNULL(ivars->parked);
    *response = kSCSIServiceResponse_FUNCTION_COMPLETE;
    return kIOReturnSuccess;
}

kern_return_t IMPL(ScsiBox, UserTargetResetRequest) {
    memset(ivars->disk[theT], 0, sizeof ivars->disk[theT]);
    *response = kSCSIServiceResponse_FUNCTION_COMPLETE;
    return kIOReturnSuccess;
}
