#include "ScsiBoxClient.h"

#include "ScsiBox.h"

#include <DriverKit/OSCollections.h>

// 0 target → creates it · 1 target → destroys it · 2 target → present
kern_return_t ScsiBoxClient::ExternalMethod(uint64_t selector,
                                            IOUserClientMethodArguments * arguments,
                                            const IOUserClientMethodDispatch *, OSObject *,
                                            void *) {
    auto * const box = OSDynamicCast(ScsiBox, GetProvider());
    const uint64_t target = arguments->scalarInput[0];
    if (selector == 0) {
        OSDictionary * const properties = OSDictionary::withCapacity(1);
        properties->setObject("Color", kOSBooleanTrue);
        const kern_return_t ret = box->UserCreateTargetForID(target, properties);
        properties->release();
        return ret;
    }
    if (selector == 1) {
        return box->UserDestroyTargetForID(target);
    }
    bool present = false;
    const kern_return_t ret = box->UserTargetPresentForID(target, &present);
    arguments->scalarOutput[0] = present ? 1 : 0;
    return ret;
}
