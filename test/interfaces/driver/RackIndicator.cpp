// Shows itself in the registry, and nothing more.
#include "RackIndicator.h"

kern_return_t RackIndicator::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}
