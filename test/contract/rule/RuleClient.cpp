// The connection. Scalars in: see each function; the table at the end gives the selectors.
#include "rule.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

bool RuleClient::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(RuleClient_IVars, 1);
    return ivars != nullptr;
}

void RuleClient::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->memory);
    }
    IOSafeDeleteNULL(ivars, RuleClient_IVars, 1);
    super::free();
}

kern_return_t RuleClient::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    ivars->driver = OSDynamicCast(RuleDriver, provider);
    if (status != kIOReturnSuccess || ivars->driver == nullptr) {
        return status != kIOReturnSuccess ? status : kIOReturnBadArgument;
    }
    IOLog("Start client\n");
    ivars->driver->retain();
    __atomic_fetch_add(&ivars->driver->ivars->connections, 1, __ATOMIC_SEQ_CST);
    ivars->started = true;
    return kIOReturnSuccess;
}

// The last that a held completion says.
static void endCompletion(RuleClient * client, OSAction *& completion) {
    if (completion != nullptr) {
        IOUserClientAsyncArgumentsArray words = {};
        client->AsyncCompletion(completion, kIOReturnAborted, words, 3);
        OSSafeReleaseNULL(completion);
    }
}

// With "StopAfterMs" among its properties it stops so much later; with "StopStatus" it returns that
// and never reaches super.
kern_return_t RuleClient::Stop_Impl(IOService_Stop_Args) {
    IOLog(provider == ivars->driver ? "Stop client\n" : "Stop client for another provider\n");
    __atomic_fetch_sub(&ivars->driver->ivars->connections, 1, __ATOMIC_SEQ_CST);
    endCompletion(this, ivars->completion);
    if (const uint64_t failure = ruleNumber(this, "StopStatus", 0); failure != 0) {
        OSSafeReleaseNULL(ivars->driver);
        return static_cast<kern_return_t>(failure);
    }
    const uint64_t later = ruleNumber(this, "StopAfterMs", 0);
    if (later == 0) {
        OSSafeReleaseNULL(ivars->driver);
        return Stop(provider, SUPERDISPATCH);
    }
    IODispatchQueue * queue = nullptr;
    ivars->stopping = provider;
    provider->retain();
    if (CopyDispatchQueue(kIOServiceDefaultQueueName, &queue) == kIOReturnSuccess &&
        IOTimerDispatchSource::Create(queue, &ivars->timer) == kIOReturnSuccess &&
        CreateActionStopNow(0, &ivars->stopNow) == kIOReturnSuccess) {
        ivars->timer->SetHandler(ivars->stopNow);
        ivars->timer->WakeAtTime(kIOTimerClockMonotonicRaw,
                                 clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW) + later * 1000000, 0);
    }
    OSSafeReleaseNULL(queue);
    return kIOReturnSuccess;
}

void RuleClient::StopNow_Impl(RuleClient_StopNow_Args) {
    (void)action;
    (void)time;
    IOLog("super Stop client\n");
    ivars->timer->Cancel(NULL);
    OSSafeReleaseNULL(ivars->timer);
    OSSafeReleaseNULL(ivars->stopNow);
    OSSafeReleaseNULL(ivars->driver);
    IOService * const provider = ivars->stopping;
    ivars->stopping = nullptr;
    Stop(provider, SUPERDISPATCH);
    provider->release();
}

// Type 0 says nothing of how its memory may be used; 1 may be written.
kern_return_t RuleClient::CopyClientMemoryForType_Impl(IOUserClient_CopyClientMemoryForType_Args) {
    if (ivars->memory == nullptr &&
        IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, 64, 0, &ivars->memory) !=
            kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    if (type != 0) {
        *options = 0;
    }
    ivars->memory->retain();
    *memory = ivars->memory;
    return kIOReturnSuccess;
}

namespace {

struct RuleCall {
    RuleClient * client;
    RuleDriver * driver;
    IOUserClientMethodArguments * arguments;

    uint64_t in(uint32_t index) const {
        return index < arguments->scalarInputCount ? arguments->scalarInput[index] : 0;
    }
    void out(uint32_t index, uint64_t value) const {
        if (index < arguments->scalarOutputCount) {
            arguments->scalarOutput[index] = value;
        }
    }
    // in(0): 0 the driver, 1 the user client, 2 the driver's provider.
    IOService * object() const {
        return in(0) == 0   ? static_cast<IOService *>(driver)
               : in(0) == 1 ? static_cast<IOService *>(client)
                            : driver->GetProvider();
    }
};

kern_return_t nothing(const RuleCall &) {
    return kIOReturnSuccess;
}

kern_return_t takeTime(const RuleCall & call) { // in: milliseconds
    IOLog("in a call\n");
    IOSleep(call.in(0));
    return kIOReturnSuccess;
}

kern_return_t setNumber(IOService * object, const char * key, uint64_t value, OSDictionary * into) {
    OSDictionary * const properties = into != nullptr ? into : OSDictionary::withCapacity(1);
    OSNumber * const number = OSNumber::withNumber(value, 32);
    properties->setObject(key, number);
    number->release();
    if (into != nullptr) {
        return kIOReturnSuccess;
    }
    const kern_return_t status = object->SetProperties(properties);
    properties->release();
    return status;
}

kern_return_t publish(const RuleCall & call) { // in: object, value of Gain
    return setNumber(call.object(), "Gain", call.in(1), nullptr);
}

kern_return_t publishLabel(const RuleCall & call) { // in: object, value of Label
    return setNumber(call.object(), "Label", call.in(1), nullptr);
}

void setText(OSDictionary * into, const char * key, const char * text) {
    OSString * const string = OSString::withCString(text);
    into->setObject(key, string);
    string->release();
}

// in: object, 0: {a: 1}, 1: {b: 1}, 2: what Create could make a user client of, as Client20
kern_return_t publishNest(const RuleCall & call) {
    OSDictionary * const inner = OSDictionary::withCapacity(2);
    OSDictionary * const outer = OSDictionary::withCapacity(1);
    if (call.in(1) == 2) {
        setText(inner, "IOClass", "IOUserUserClient");
        setText(inner, "IOUserClass", "RuleClient");
    } else {
        setNumber(nullptr, call.in(1) == 0 ? "a" : "b", 1, inner);
    }
    outer->setObject(call.in(1) == 2 ? "Client20" : "Nest", inner);
    const kern_return_t status = call.object()->SetProperties(outer);
    outer->release();
    inner->release();
    return status;
}

kern_return_t unpublish(const RuleCall & call) { // in: object, 1: no name
    if (call.in(1) != 0) {
        return call.object()->RemoveProperty(nullptr);
    }
    OSString * const name = OSString::withCString("Gain");
    const kern_return_t status = call.object()->RemoveProperty(name);
    name->release();
    return status;
}

// in: object, options; out: Label as CopyProperties has it, as SearchProperty finds it
kern_return_t readLabel(const RuleCall & call) {
    OSContainer * found = nullptr;
    const kern_return_t status =
        call.object()->SearchProperty("Label", "IOService", call.in(1), &found);
    OSNumber * const number = OSDynamicCast(OSNumber, found);
    call.out(0, ruleNumber(call.object(), "Label", 0));
    call.out(1, number == nullptr ? 0 : number->unsigned64BitValue());
    OSSafeReleaseNULL(found);
    return status;
}

kern_return_t registerAgain(const RuleCall & call) {
    return call.driver->RegisterService();
}

kern_return_t end(const RuleCall & call) { // in: object, options
    return call.object()->Terminate(call.in(1));
}

kern_return_t toBase(const RuleCall & call) {
    return call.client->IOUserClient::ExternalMethod(0, call.arguments, NULL, NULL, NULL);
}

kern_return_t hold(const RuleCall & call) {
    if (call.arguments->completion == nullptr) {
        return kIOReturnBadArgument;
    }
    call.arguments->completion->retain();
    call.client->ivars->completion = call.arguments->completion;
    return kIOReturnSuccess;
}

kern_return_t writeLog(const RuleCall &) {
    os_log(OS_LOG_DEFAULT, "plain %s, public %{public}s, number %d", "one", "two", 3);
    return kIOReturnSuccess;
}

kern_return_t crash(const RuleCall &) {
    abort();
}

kern_return_t adjustBusy(const RuleCall & call) { // in: by how much
    return call.driver->AdjustBusy(static_cast<int32_t>(call.in(0)));
}

// N of "pid N, name"; 0 when it is something else.
uint64_t pidIn(const OSObject * creator) {
    constexpr char kBefore[] = "pid ";
    const OSString * const text = OSDynamicCast(OSString, creator);
    if (text == nullptr || strncmp(text->getCStringNoCopy(), kBefore, sizeof kBefore - 1) != 0) {
        return 0;
    }
    char * behind = nullptr;
    const uint64_t pid = strtoul(text->getCStringNoCopy() + sizeof kBefore - 1, &behind, 10);
    return *behind == ',' ? pid : 0;
}

// out: whether the client is root, its process, whether it had started when Create returned, and
// whether it has an entitlement of its own
kern_return_t describe(const RuleCall & call) {
    OSDictionary * entitlements = nullptr;
    const kern_return_t status = call.client->CopyClientEntitlements(&entitlements);
    if (status == kIOReturnSuccess) {
        call.out(0, entitlements->getObject("com.apple.developer.driverkit.administrator") ==
                        kOSBooleanTrue);
        call.out(1, pidIn(entitlements->getObject("IOUserClientCreator")));
        call.out(3, entitlements->getObject("com.apple.developer.driverkit.userclient-access") !=
                        nullptr);
        entitlements->release();
    }
    call.out(2, call.driver->ivars->startedInCreate);
    return status;
}

using RuleMethod = kern_return_t (*)(const RuleCall & call);

// In the order of `SELECTOR` in rule.ts.
const RuleMethod kMethods[] = {nothing,   takeTime,  publish,       publishLabel, publishNest,
                               unpublish, readLabel, registerAgain, end,          toBase,
                               hold,      writeLog,  crash,         describe,     adjustBusy};

} // namespace

kern_return_t RuleClient::ExternalMethod(uint64_t selector, IOUserClientMethodArguments * arguments,
                                         const IOUserClientMethodDispatch *, OSObject *, void *) {
    if (selector >= sizeof kMethods / sizeof kMethods[0]) {
        return kIOReturnUnsupported;
    }
    return kMethods[selector]({this, ivars->driver, arguments});
}
