// Life of the driver: its personality says how Start goes, the type of an open which dictionary
// makes the user client.
#include "rule.h"

#include "PlainRule.h"

#include <stdio.h>

// The kernel looks in the program for the classes that a plist names; this one is described, but
// nothing can make it.
extern const char ruleGhost[96];
__attribute__((used)) const char ruleGhost[96] = "GhostClient";

// Types of an open that are no dictionary "Client<type>".
enum : uint32_t {
    kOpenNothing = 100, // success and no user client
    kOpenOwnError,
    kOpenOnlyOne,
    kOpenForeign, // made for the provider
    kOpenWhileEnding,
    kOpenSameAgain, // the user client of the last such open
};

uint64_t ruleNumber(IOService * service, const char * key, uint64_t fallback) {
    OSDictionary * properties = nullptr;
    if (service->CopyProperties(&properties) != kIOReturnSuccess) {
        return fallback;
    }
    OSNumber * const number = OSDynamicCast(OSNumber, properties->getObject(key));
    const uint64_t value = number == nullptr ? fallback : number->unsigned64BitValue();
    properties->release();
    return value;
}

static uint32_t ruleLabel(IOService * service) {
    return static_cast<uint32_t>(ruleNumber(service, "Label", 0));
}

bool RuleDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(RuleDriver_IVars, 1);
    return ivars != nullptr;
}

void RuleDriver::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->readDone);
        OSSafeReleaseNULL(ivars->buffer);
        OSSafeReleaseNULL(ivars->pipe);
        OSSafeReleaseNULL(ivars->interface);
    }
    IOSafeDeleteNULL(ivars, RuleDriver_IVars, 1);
    super::free();
}

// Keeps one read of `size` bytes under way on the interface's bulk endpoint.
static kern_return_t startReading(RuleDriver * driver, RuleDriver_IVars & state, uint32_t size) {
    kern_return_t status = state.interface->Open(driver, 0, nullptr);
    if (status == kIOReturnSuccess) {
        status = state.interface->CopyPipe(0x81, &state.pipe);
    }
    if (status == kIOReturnSuccess) {
        status = state.interface->CreateIOBuffer(kIOMemoryDirectionIn, size, &state.buffer);
    }
    if (status == kIOReturnSuccess) {
        status = driver->CreateActionReadDone(0, &state.readDone);
    }
    return status == kIOReturnSuccess ? state.pipe->AsyncIO(state.buffer, size, state.readDone, 0)
                                      : status;
}

kern_return_t RuleDriver::Start_Impl(IOService_Start_Args) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOLog("Start driver %u\n", ruleLabel(this));
    const uint64_t readSize = ruleNumber(this, "ReadSize", 0);
    ivars->interface = readSize == 0 ? nullptr : OSDynamicCast(IOUSBHostInterface, provider);
    if (ivars->interface != nullptr) {
        ivars->interface->retain();
        status = startReading(this, *ivars, static_cast<uint32_t>(readSize));
        IOLog("read 0x%x\n", static_cast<uint32_t>(status));
    }
    status = static_cast<kern_return_t>(ruleNumber(this, "StartStatus", 0));
    if (status == kIOReturnSuccess && ruleNumber(this, "Register", 1) != 0) {
        status = RegisterService();
    }
    if (const uint64_t late = ruleNumber(this, "StartLateMs", 0); late != 0) {
        IOLog("registered early\n");
        IOSleep(late);
    }
    return status;
}

kern_return_t RuleDriver::Stop_Impl(IOService_Stop_Args) {
    IOLog("Stop driver %u\n", ruleLabel(this));
    OSSafeReleaseNULL(ivars->last);
    if (ivars->interface != nullptr) {
        const kern_return_t status = ivars->interface->Close(this, 0);
        IOLog("close 0x%x\n", static_cast<uint32_t>(status));
    }
    IOSleep(ruleNumber(this, "StopLateMs", 0));
    return Stop(provider, SUPERDISPATCH);
}

void RuleDriver::ReadDone_Impl(RuleDriver_ReadDone_Args) {
    (void)action;
    (void)completionTimestamp;
    IOLog("read done 0x%x, %u bytes\n", static_cast<uint32_t>(status), actualByteCount);
}

kern_return_t RuleDriver::NewUserClient_Impl(IOService_NewUserClient_Args) {
    IOService * made = nullptr;
    switch (type) {
    case kOpenNothing:
        return kIOReturnSuccess;
    case kOpenOwnError:
        return kIOReturnNoResources;
    case kOpenForeign:
        return Create(GetProvider(), "Client0", &made);
    case kOpenOnlyOne:
        if (__atomic_load_n(&ivars->connections, __ATOMIC_SEQ_CST) != 0) {
            return kIOReturnExclusiveAccess;
        }
        type = 0;
        break;
    case kOpenWhileEnding:
        IOLog("NewUserClient while ending\n");
        Terminate(0);
        IOSleep(200);
        type = 0;
        break;
    case kOpenSameAgain:
        if (ivars->last != nullptr) {
            ivars->last->retain();
            *userClient = ivars->last;
            return kIOReturnSuccess;
        }
        break;
    default:
        break;
    }
    const bool keeps = type == kOpenSameAgain;
    type = keeps ? 0 : type;
    char key[32];
    snprintf(key, sizeof key, "Client%u", type);
    const kern_return_t status = Create(this, key, &made);
    if (status != kIOReturnSuccess) {
        return status;
    }
    RuleClient * const client = OSDynamicCast(RuleClient, made);
    if (client == nullptr) {
        made->release();
        return kIOReturnError;
    }
    ivars->startedInCreate = client->ivars->started;
    if (keeps) {
        client->retain();
        ivars->last = client;
    }
    *userClient = client;
    return kIOReturnSuccess;
}

kern_return_t PlainRule::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}
