// Says that the controller may match.
#include "IscsiPullBootstrap.h"
#include "IscsiPullBootstrapCore.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct IscsiPullBootstrap_IVars {
    IscsiPullBootstrapCore core;
};

bool IscsiPullBootstrap::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(IscsiPullBootstrap_IVars, 1);
    return ivars != nullptr;
}

void IscsiPullBootstrap::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, IscsiPullBootstrap_IVars, 1);
    super::free();
}

kern_return_t IscsiPullBootstrap::Start_Impl(IOService * provider) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status == kIOReturnSuccess) {
        status = PublishIscsiReady(true);
    }
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t IscsiPullBootstrap::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

IscsiPullBootstrapCore * IscsiPullBootstrap::Core() {
    return &ivars->core;
}
