// The controller: its targets come and go as an app says. Every task is refused.
#include "BoxController.h"
#include "BoxControllerCore.h"
#include "BoxUserClient.h"

#include <DriverKit/IODispatchQueue.h>
#include <DriverKit/IOKitKeys.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <DriverKit/OSCollections.h>

struct BoxController_IVars {
    BoxControllerCore core;
    bool targets[2];
    uint32_t tasks;
};

bool BoxController::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(BoxController_IVars, 1);
    return ivars != nullptr;
}

void BoxController::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, BoxController_IVars, 1);
    super::free();
}

kern_return_t BoxController::Start_Impl(IOService * provider) {
    IODispatchQueue * queue = nullptr;
    kern_return_t status = IODispatchQueue::Create("Auxiliary", 0, 0, &queue);
    if (status == kIOReturnSuccess) {
        status = SetDispatchQueue("AuxiliaryQueue", queue);
        queue->release();
    }
    return status == kIOReturnSuccess ? Start(provider, SUPERDISPATCH) : status;
}

kern_return_t BoxController::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

BoxControllerCore * BoxController::Core() {
    return &ivars->core;
}

kern_return_t BoxController::UserInitializeController_Impl() {
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
    put(kIOMinimumHBADataAlignmentMaskKey, 0);
    const kern_return_t status = UserReportHBAConstraints(constraints);
    constraints->release();
    return status;
}

kern_return_t BoxController::UserStartController_Impl() {
    return RegisterService();
}

kern_return_t BoxController::UserReportInitiatorIdentifier_Impl(uint64_t * id) {
    *id = 2;
    return kIOReturnSuccess;
}

kern_return_t BoxController::UserReportHighestSupportedDeviceID_Impl(uint64_t * id) {
    *id = 2;
    return kIOReturnSuccess;
}

kern_return_t BoxController::UserReportMaximumTaskCount_Impl(uint32_t * count) {
    *count = 2;
    return kIOReturnSuccess;
}

/// The controller says itself which targets there are.
kern_return_t BoxController::UserDoesHBAPerformDeviceManagement_Impl(bool * result) {
    *result = true;
    return kIOReturnSuccess;
}

kern_return_t BoxController::UserGetDMASpecification_Impl(uint64_t * maxTransferSize,
                                                          uint32_t * alignment,
                                                          uint8_t * numAddressBits,
                                                          DMAOutputSegmentType * segmentType) {
    *maxTransferSize = 4096;
    *alignment = 4;
    *numAddressBits = 64;
    *segmentType = kDMAOutputSegmentHost64;
    return kIOReturnSuccess;
}

kern_return_t BoxController::UserMapHBAData_Impl(uint32_t * uniqueTaskID) {
    *uniqueTaskID = ivars->tasks++;
    return kIOReturnSuccess;
}

kern_return_t BoxController::UserInitializeTargetForID_Impl(SCSITargetIdentifier targetID) {
    return targetID < 2 && ivars->targets[targetID] ? kIOReturnSuccess : kIOReturnBadArgument;
}

kern_return_t BoxController::UserProcessParallelTask_Impl(SCSIUserParallelTask, uint32_t * response,
                                                          OSAction *) {
    *response = kSCSIServiceResponse_FUNCTION_REJECTED;
    return kIOReturnSuccess;
}

kern_return_t BoxController::Publish(BoxUserClient *, uint8_t id, uint32_t * targets) {
    if (ivars->targets[id]) {
        return kIOReturnBusy;
    }
    ivars->targets[id] = true;
    *targets = (ivars->targets[0] ? 1u : 0u) + (ivars->targets[1] ? 1u : 0u);
    return kIOReturnSuccess;
}

kern_return_t BoxController::Unpublish(BoxUserClient *, uint8_t id) {
    if (!ivars->targets[id]) {
        return kIOReturnNotFound;
    }
    ivars->targets[id] = false;
    return kIOReturnSuccess;
}
