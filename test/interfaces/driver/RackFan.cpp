// Shows itself in the registry, and nothing more.
#include "RackFan.h"

kern_return_t RackFan::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}
