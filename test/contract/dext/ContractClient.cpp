// Life of a connection, its memory, and the table of its experiments.
#include "contract.h"

bool ContractClient::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(ContractClient_IVars, 1);
    return ivars != nullptr;
}

void ContractClient::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->driver);
        OSSafeReleaseNULL(ivars->queue);
        OSSafeReleaseNULL(ivars->methodQueue);
        OSSafeReleaseNULL(ivars->whole);
        OSSafeReleaseNULL(ivars->readOnly);
        OSSafeReleaseNULL(ivars->growing);
        OSSafeReleaseNULL(ivars->passing);
    }
    IOSafeDeleteNULL(ivars, ContractClient_IVars, 1);
    super::free();
}

// ── queues ──

static kern_return_t makeQueue(uint64_t options, IODispatchQueue ** queue) {
    return IODispatchQueue::Create("contract", options, 0, queue);
}

static kern_return_t chooseQueues(ContractClient * client, ContractClient_IVars & state,
                                  uint32_t type) {
    kern_return_t status = kIOReturnSuccess;
    switch (type) {
    case kDriversQueue:
        state.queue = state.driver->ivars->queue;
        state.queue->retain();
        break;
    case kMethodQueue:
        status = makeQueue(0, &state.methodQueue);
        if (status == kIOReturnSuccess) {
            status = client->SetDispatchQueue("IOUserClientQueueExternalMethod", state.methodQueue);
        }
        break;
    case kNotSynchronized:
        status = makeQueue(kIODispatchQueueMethodsNotSynchronized, &state.queue);
        break;
    case kReentrant:
        status = makeQueue(kIODispatchQueueReentrant, &state.queue);
        break;
    default:
        break;
    }
    if (status != kIOReturnSuccess || state.queue == nullptr) {
        return status == kIOReturnSuccess
                   ? client->CopyDispatchQueue(kIOServiceDefaultQueueName, &state.queue)
                   : status;
    }
    return client->SetDispatchQueue(kIOServiceDefaultQueueName, state.queue);
}

static uint32_t typeOf(IOService * client) {
    OSDictionary * properties = nullptr;
    if (client->CopyProperties(&properties) != kIOReturnSuccess) {
        return kOwnQueue;
    }
    OSNumber * const type = OSDynamicCast(OSNumber, properties->getObject("Queues"));
    const uint32_t value = type != nullptr ? type->unsigned32BitValue() : kOwnQueue;
    properties->release();
    return value;
}

kern_return_t ContractClient::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    ContractDriver * const driver = OSDynamicCast(ContractDriver, provider);
    if (status != kIOReturnSuccess || driver == nullptr) {
        return status != kIOReturnSuccess ? status : kIOReturnBadArgument;
    }
    driver->retain();
    ivars->driver = driver;
    IOLog("contract: Start of a client, its memory 0x%x\n",
          static_cast<uint32_t>(contractClientMemory(this)));
    return chooseQueues(this, *ivars, typeOf(this));
}

kern_return_t ContractClient::Stop_Impl(IOService_Stop_Args) {
    ContractDriver_IVars & driver = *ivars->driver->ivars;
    const kern_return_t memory = contractClientMemory(this);
    IOLockLock(driver.lock);
    IOLog("contract: Stop of a client, %u inside, its memory 0x%x\n", driver.inside,
          static_cast<uint32_t>(memory));
    if (driver.keepsStopped) {
        driver.keepsStopped = false;
        driver.stopped = this;
        retain();
    }
    IOLockUnlock(driver.lock);
    OSSafeReleaseNULL(ivars->kept);
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t ContractClient::Answer_Impl() {
    return kIOReturnSuccess;
}

void ContractClient::TimerDone_Impl(ContractClient_TimerDone_Args) {
    (void)action;
    (void)time;
}

// ── memory (contract §2) ──

static kern_return_t makeMemory(IOBufferMemoryDescriptor ** memory) {
    if (*memory != nullptr) {
        return kIOReturnSuccess;
    }
    const kern_return_t status =
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, 5000, 0, memory);
    return status == kIOReturnSuccess ? (*memory)->SetLength(5000) : status;
}

// What an app that may not write there knows the memory by.
static void mark(IOBufferMemoryDescriptor * memory) {
    IOAddressSegment range = {};
    if (memory->GetAddressRange(&range) == kIOReturnSuccess) {
        *reinterpret_cast<uint64_t *>(range.address) = 42;
    }
}

// A hundred bytes at first, three pages from the second time on.
static kern_return_t grow(IOBufferMemoryDescriptor ** memory) {
    constexpr uint64_t kPages = 3 * 4096;
    if (*memory != nullptr) {
        return (*memory)->SetLength(kPages);
    }
    const kern_return_t status =
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, kPages, 0, memory);
    return status == kIOReturnSuccess ? (*memory)->SetLength(100) : status;
}

// Types: 0 memory, 1 read-only and marked, 2 another one each time, 3 an error, 4 none, 5 part of
// 0, 6 that of 0 read-only, 7 what grows, 8 that of 0 if this runs on the Default queue, 9 what is
// kept until it has been asked for three times
kern_return_t
ContractClient::CopyClientMemoryForType_Impl(IOUserClient_CopyClientMemoryForType_Args) {
    const bool readOnly = type == 1 || type == 6;
    *options = readOnly ? static_cast<uint64_t>(kIOUserClientMemoryReadOnly) : 0;
    IOBufferMemoryDescriptor * fresh = nullptr;
    IOBufferMemoryDescriptor ** const one = type == 1 ? &ivars->readOnly
                                            : type == 2
                                                ? &fresh
                                                : (type == 9 ? &ivars->passing : &ivars->whole);
    if (type == 3 || type > 9 || (type == 8 && !ivars->queue->OnQueue())) {
        return kIOReturnNoDevice;
    }
    if (type == 4) {
        return kIOReturnSuccess;
    }
    if (type == 9 && ++ivars->passed == 3) {
        *memory = ivars->passing;
        ivars->passing = nullptr;
        return kIOReturnSuccess;
    }
    if (type == 7) {
        const kern_return_t grown = grow(&ivars->growing);
        *memory = ivars->growing;
        ivars->growing->retain();
        return grown;
    }
    const kern_return_t status = makeMemory(one);
    if (status != kIOReturnSuccess) {
        return status;
    }
    if (type == 1) {
        mark(*one);
    }
    if (type == 5) {
        return IOMemoryDescriptor::CreateSubMemoryDescriptor(kIOMemoryDirectionInOut, 100, 200,
                                                             *one, memory);
    }
    *memory = *one;
    if (type != 2) {
        (*one)->retain();
    }
    return kIOReturnSuccess;
}

// ── the table ──

kern_return_t ContractClient::ExternalMethod(uint64_t selector,
                                             IOUserClientMethodArguments * arguments,
                                             const IOUserClientMethodDispatch * dispatch,
                                             OSObject * target, void * reference) {
    static const ContractExperiment experiments[] = {
        // clang-format off
        contractDescribe, contractEcho, contractGive, contractFail, contractLeave, contractScribble,
        contractComplete, contractKeep, contractSendKept, contractDropKept, contractLend, contractSendLent, contractDropLent,
        contractWait, contractOpenGate, contractNote, contractNotes, contractEnqueue, contractQueues,
        contractDeadlock, contractAfterStop,
        // clang-format on
    };
    constexpr uint64_t kFirstRow = 32;
    const ContractCall call{this, *ivars, arguments};
    if (selector >= kFirstRow && selector < kFirstRow + 5) {
        return contractRow(call, static_cast<uint32_t>(selector - kFirstRow));
    }
    if (selector == kFirstRow + 5) {
        return super::ExternalMethod(selector, arguments, dispatch, target, reference);
    }
    if (selector >= sizeof(experiments) / sizeof(experiments[0])) {
        return kIOReturnUnsupported;
    }
    return experiments[selector](call);
}
