// Life of the driver, and its messages.
#include "contract.h"

bool ContractDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(ContractDriver_IVars, 1);
    if (ivars == nullptr) {
        return false;
    }
    ivars->lock = IOLockAlloc();
    return ivars->lock != nullptr;
}

void ContractDriver::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->queue);
        OSSafeReleaseNULL(ivars->lent);
        if (ivars->lock != nullptr) {
            IOLockFree(ivars->lock);
        }
    }
    IOSafeDeleteNULL(ivars, ContractDriver_IVars, 1);
    super::free();
}

// As long as its personality says.
static void dawdle(IOService * driver) {
    OSDictionary * properties = nullptr;
    if (driver->CopyProperties(&properties) == kIOReturnSuccess) {
        OSNumber * const delay = OSDynamicCast(OSNumber, properties->getObject("StartDelay"));
        IOSleep(delay != nullptr ? delay->unsigned32BitValue() : 0);
        properties->release();
    }
}

kern_return_t ContractDriver::Start_Impl(IOService_Start_Args) {
    dawdle(this);
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status == kIOReturnSuccess) {
        status = CopyDispatchQueue(kIOServiceDefaultQueueName, &ivars->queue);
    }
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t ContractDriver::Stop_Impl(IOService_Stop_Args) {
    IOLog("contract: Stop of the driver\n");
    OSSafeReleaseNULL(ivars->stopped);
    return Stop(provider, SUPERDISPATCH);
}

// The type is a property of the client, where its Start finds it.
kern_return_t ContractDriver::NewUserClient_Impl(IOService_NewUserClient_Args) {
    static const char * const names[] = {"Own", "Drivers", "Method", "Concurrent", "Reentrant"};
    if (type >= sizeof(names) / sizeof(names[0])) {
        return kIOReturnBadArgument;
    }
    IOPropertyName name = {};
    strlcpy(name, names[type], sizeof(name));
    IOService * made = nullptr;
    const kern_return_t status = Create(this, name, &made);
    if (status != kIOReturnSuccess) {
        return status;
    }
    *userClient = OSDynamicCast(IOUserClient, made);
    return kIOReturnSuccess;
}

kern_return_t ContractDriver::Hop_Impl(ContractDriver_Hop_Args) {
    *onQueue = ivars->queue->OnQueue();
    return kIOReturnSuccess;
}

kern_return_t ContractDriver::CallBack_Impl(ContractDriver_CallBack_Args) {
    ContractClient * const asker = OSDynamicCast(ContractClient, client);
    return asker != nullptr ? asker->Answer() : kIOReturnBadArgument;
}
