#include "HidRoot.h"

#include <DriverKit/IOLib.h>

kern_return_t IMPL(HidRoot, Start) {
    const kern_return_t ret = Start(provider, SUPERDISPATCH);
    return ret == kIOReturnSuccess ? RegisterService() : ret;
}

kern_return_t IMPL(HidRoot, NewUserClient) {
    static_cast<void>(type);
    IOService * client = nullptr;
    const kern_return_t ret = Create(this, "UserClientProperties", &client);
    if (ret != kIOReturnSuccess) {
        return ret;
    }
    *userClient = OSDynamicCast(IOUserClient, client);
    return *userClient != nullptr ? kIOReturnSuccess : kIOReturnError;
}
