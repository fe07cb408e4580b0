// The connection: hands every selector to its experiment, on the driver's queue.
#include "lab.h"

bool LabClient::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(LabClient_IVars, 1);
    return ivars != nullptr;
}

void LabClient::free() {
    IOSafeDeleteNULL(ivars, LabClient_IVars, 1);
    super::free();
}

kern_return_t LabClient::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    ivars->driver = OSDynamicCast(LabDriver, provider);
    if (status != kIOReturnSuccess || ivars->driver == nullptr) {
        return status != kIOReturnSuccess ? status : kIOReturnBadArgument;
    }
    ivars->driver->retain();
    IODispatchQueue * queue = nullptr;
    kern_return_t shared = ivars->driver->CopyDispatchQueue(kIOServiceDefaultQueueName, &queue);
    if (shared == kIOReturnSuccess) {
        shared = SetDispatchQueue(kIOServiceDefaultQueueName, queue);
    }
    OSSafeReleaseNULL(queue);
    return shared;
}

kern_return_t LabClient::Stop_Impl(IOService_Stop_Args) {
    OSSafeReleaseNULL(ivars->shared);
    OSSafeReleaseNULL(ivars->driver);
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t LabClient::CopyClientMemoryForType_Impl(IOUserClient_CopyClientMemoryForType_Args) {
    if (type > 2) {
        return kIOReturnBadArgument;
    }
    if (ivars->shared == nullptr &&
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, 64, 0, &ivars->shared) !=
            kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    // Type 0 forgets to say how the memory may be used.
    if (type != 0) {
        *options = type == 1 ? 0 : static_cast<uint64_t>(kIOUserClientMemoryReadOnly);
    }
    ivars->shared->retain();
    *memory = ivars->shared;
    return kIOReturnSuccess;
}

kern_return_t LabClient::ExternalMethod(uint64_t selector, IOUserClientMethodArguments * arguments,
                                        const IOUserClientMethodDispatch * dispatch,
                                        OSObject * target, void * reference) {
    (void)dispatch;
    (void)target;
    (void)reference;
    static const LabExperiment experiments[] = {
        // clang-format off
        labRefusePower, labChangePower, labAcknowledgePower,
        labClientMemory, labJoinMemory, labPartOfMemory, labMapMemory, labReadMap, labStoreMap, labDropMemory,
        labOpen, labTransfer, labSendStructure, labCompletions,
        labSelectAlternate, labDescribePipe, labAdjustPipe, labIdlePolicy, labStartTransfer, labAbort,
        labClearStall, labRequest, labStartRequest, labClose,
        labOpenDevice, labConfigure, labListInterfaces, labResetDevice, labCopyDescriptor, labFrameNumber, labMicroframes,
        labIsoch, labFrames, labMakeRing, labBundle,
        labSleepQueue, labSerialize, labInterruptType, labWatchInterrupt, labEnableInterrupt, labBlocks,
        labDataQueue, labBusy,
        // clang-format on
    };
    if (selector >= sizeof(experiments) / sizeof(experiments[0])) {
        return kIOReturnUnsupported;
    }
    return experiments[selector]({this, ivars->driver, arguments});
}
