// SCSI controllers that a driver makes: what the system asks at the start, and the driver's calls
// back. Tasks: scsi_tasks.cpp.
#include "scsi_controller.h"

#include "../library/os_value.h"
#include "../runtime/families.h"
#include "../runtime/log.h"

#include <algorithm>

using namespace dextsim;

namespace {

// A Mac panics without one of these.
constexpr const char * kRequired[] = {
    kIOMaximumSegmentCountReadKey,          kIOMaximumSegmentCountWriteKey,
    kIOMaximumSegmentByteCountReadKey,      kIOMaximumSegmentByteCountWriteKey,
    kIOMinimumSegmentAlignmentByteCountKey, kIOMaximumSegmentAddressableBitCountKey,
    kIOMinimumHBADataAlignmentMaskKey,
};
// A controller that takes more is not asked for all of them.
constexpr uint32_t kMaxTasks = 256;

} // namespace

bool IOUserSCSIParallelInterfaceController::init() {
    if (!IOService::init()) {
        return false;
    }
    ivars = new IOUserSCSIParallelInterfaceController_IVars;
    return true;
}

void IOUserSCSIParallelInterfaceController::free() {
    delete ivars;
    ivars = nullptr;
    IOService::free();
}

namespace {

// What is asked before the controller is initialised.
struct Facts {
    uint64_t initiator = 0;
    uint64_t highestTarget = 0;
    uint64_t highestUnit = 0;
    uint32_t tasks = 0;
    bool managesDevices = false;
    bool autoSense = false;
    bool multiPathing = false;
};

kern_return_t readFacts(IOUserSCSIParallelInterfaceController * controller, Facts & facts) {
    kern_return_t status = controller->UserReportInitiatorIdentifier(&facts.initiator);
    if (status == kIOReturnSuccess) {
        status = controller->UserReportHighestSupportedDeviceID(&facts.highestTarget);
    }
    if (status == kIOReturnSuccess) {
        status = controller->UserReportMaximumTaskCount(&facts.tasks);
    }
    if (status == kIOReturnSuccess) {
        status = controller->UserDoesHBAPerformDeviceManagement(&facts.managesDevices);
    }
    controller->UserReportHBAHighestLogicalUnitNumber(&facts.highestUnit);
    controller->UserDoesHBAPerformAutoSense(&facts.autoSense);
    controller->UserDoesHBASupportMultiPathing(&facts.multiPathing);
    return status;
}

kern_return_t mapTasks(IOUserSCSIParallelInterfaceController * controller, uint32_t count) {
    for (uint32_t i = 0; i < std::min(count, kMaxTasks); i++) {
        uint32_t id = 0;
        const kern_return_t status = controller->UserMapHBAData(&id);
        if (status != kIOReturnSuccess) {
            return status;
        }
        controller->IOUserSCSIParallelInterfaceController::ivars->freeTasks.push_back(id);
    }
    return kIOReturnSuccess;
}

kern_return_t initialize(IOUserSCSIParallelInterfaceController * controller, const Facts & facts) {
    kern_return_t status = controller->UserInitializeController();
    if (status != kIOReturnSuccess) {
        return status;
    }
    if (!controller->IOUserSCSIParallelInterfaceController::ivars->hasConstraints) {
        reportFault(
            "UserInitializeController ended without UserReportHBAConstraints: a Mac panics");
        return kIOReturnError;
    }
    uint64_t maxTransfer = 0;
    uint32_t alignment = 0;
    uint8_t bits = 0;
    DMAOutputSegmentType type{};
    status = controller->UserGetDMASpecification(&maxTransfer, &alignment, &bits, &type);
    return status == kIOReturnSuccess ? mapTasks(controller, facts.tasks) : status;
}

kern_return_t publish(IOUserSCSIParallelInterfaceController * controller, const Facts & facts) {
    Writer body = familyBody(FamilyOp::ScsiStart, controller);
    body.value(
        Value::dictionary({{kIOPropertySCSIInitiatorIdentifierKey, Value::number(facts.initiator)},
                           {"Highest Target Identifier", Value::number(facts.highestTarget)},
                           {"Highest Logical Unit Number", Value::number(facts.highestUnit)},
                           {"Maximum Task Count", Value::number(facts.tasks)},
                           {"Performs Auto Sense", Value::boolean(facts.autoSense)},
                           {"Supports Multipathing", Value::boolean(facts.multiPathing)}}));
    body.u8(facts.managesDevices ? 1 : 0).u64(facts.highestTarget).u64(facts.initiator);
    return tellFamily(body);
}

} // namespace

kern_return_t IOUserSCSIParallelInterfaceController::Start_Impl(IOService_Start_Args) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    linkScsiTasks();
    Facts facts;
    status = readFacts(this, facts);
    if (status == kIOReturnSuccess) {
        status = initialize(this, facts);
    }
    if (status == kIOReturnSuccess) {
        status = publish(this, facts);
    }
    return status == kIOReturnSuccess ? UserStartController() : status;
}

kern_return_t IOUserSCSIParallelInterfaceController::Stop_Impl(IOService_Stop_Args) {
    return Stop(provider, SUPERDISPATCH);
}

// ── what the driver asks ──

kern_return_t IOUserSCSIParallelInterfaceController::UserReportHBAConstraints_Impl(
    IOUserSCSIParallelInterfaceController_UserReportHBAConstraints_Args) {
    if (constraints == nullptr) {
        return kIOReturnBadArgument;
    }
    for (const char * key : kRequired) {
        if (OSDynamicCast(OSNumber, constraints->getObject(key)) == nullptr) {
            reportFault(std::string("UserReportHBAConstraints: ") + key +
                        " is missing: a Mac panics");
            return kIOReturnBadArgument;
        }
    }
    ivars->hasConstraints = true;
    return SetProperties(constraints);
}

kern_return_t IOUserSCSIParallelInterfaceController::UserCreateTargetForID_Impl(
    IOUserSCSIParallelInterfaceController_UserCreateTargetForID_Args) {
    Writer body = familyBody(FamilyOp::ScsiCreateTarget, this);
    body.u64(targetID);
    body.value(targetDict != nullptr ? toValue(targetDict) : Value::dictionary());
    return tellFamily(body);
}

kern_return_t IOUserSCSIParallelInterfaceController::UserDestroyTargetForID_Impl(
    IOUserSCSIParallelInterfaceController_UserDestroyTargetForID_Args) {
    return tellFamily(familyBody(FamilyOp::ScsiDestroyTarget, this).u64(targetID));
}

kern_return_t IOUserSCSIParallelInterfaceController::UserTargetPresentForID_Impl(
    IOUserSCSIParallelInterfaceController_UserTargetPresentForID_Args) {
    const Reply reply = askFamily(familyBody(FamilyOp::ScsiTargetPresent, this).u64(targetID));
    if (reply.status == kIOReturnSuccess && result != nullptr) {
        *result = reply.reader().u8() != 0;
    }
    return reply.status;
}

kern_return_t IOUserSCSIParallelInterfaceController::UserSetHBAProperties_Impl(
    IOUserSCSIParallelInterfaceController_UserSetHBAProperties_Args) {
    return SetProperties(properties);
}

kern_return_t IOUserSCSIParallelInterfaceController::UserRemoveHBAProperties_Impl(
    IOUserSCSIParallelInterfaceController_UserRemoveHBAProperties_Args) {
    kern_return_t status = keys != nullptr ? kIOReturnSuccess : kIOReturnBadArgument;
    for (uint32_t i = 0; keys != nullptr && i < keys->getCount(); i++) {
        const kern_return_t removed = RemoveProperty(OSDynamicCast(OSString, keys->getObject(i)));
        status = status == kIOReturnSuccess ? removed : status;
    }
    return status;
}

kern_return_t IOUserSCSIParallelInterfaceController::UserSetTargetProperties_Impl(
    IOUserSCSIParallelInterfaceController_UserSetTargetProperties_Args) {
    if (properties == nullptr) {
        return kIOReturnBadArgument;
    }
    Writer body = familyBody(FamilyOp::ScsiTargetProperties, this);
    return tellFamily(body.u64(targetID).value(toValue(properties)).value(Value::array()));
}

kern_return_t IOUserSCSIParallelInterfaceController::UserRemoveTargetProperties_Impl(
    IOUserSCSIParallelInterfaceController_UserRemoveTargetProperties_Args) {
    if (keys == nullptr) {
        return kIOReturnBadArgument;
    }
    Writer body = familyBody(FamilyOp::ScsiTargetProperties, this);
    return tellFamily(body.u64(targetID).value(Value()).value(toValue(keys)));
}

kern_return_t IOUserSCSIParallelInterfaceController::UserCallMediaParametersHaveChanged_Impl(
    IOUserSCSIParallelInterfaceController_UserCallMediaParametersHaveChanged_Args) {
    return kIOReturnSuccess; // nobody here remembers what the media are
}

kern_return_t IOUserSCSIParallelInterfaceController::UserGetDataBuffer_Impl(
    IOUserSCSIParallelInterfaceController_UserGetDataBuffer_Args) {
    if (buffer == nullptr) {
        return kIOReturnBadArgument;
    }
    std::lock_guard lock(ivars->lock);
    const auto found = ivars->buffers.find({targetID, controllerTaskID});
    if (found == ivars->buffers.end()) {
        return kIOReturnNotFound;
    }
    found->second->retain();
    *buffer = found->second;
    return kIOReturnSuccess;
}
