// Makes HID devices from the dictionaries in its own properties, and posts their reports.
#include "HidRootClient.h"

#include "HidPad.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSData.h>

struct HidRootClient_IVars {
    HidPad * pad;
};

bool HidRootClient::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(HidRootClient_IVars, 1);
    return ivars != nullptr;
}

void HidRootClient::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->pad);
        IOSafeDeleteNULL(ivars, HidRootClient_IVars, 1);
    }
    super::free();
}

kern_return_t IMPL(HidRootClient, Start) {
    return Start(provider, SUPERDISPATCH);
}

kern_return_t IMPL(HidRootClient, Stop) {
    OSSafeReleaseNULL(ivars->pad);
    return Stop(provider, SUPERDISPATCH);
}

// 0 → makes the device · 1 report → posts it · 2 key → a name without a dictionary · 3 → ends it
kern_return_t HidRootClient::ExternalMethod(uint64_t selector,
                                            IOUserClientMethodArguments * arguments,
                                            const IOUserClientMethodDispatch *, OSObject *,
                                            void *) {
    IOService * made = nullptr;
    switch (selector) {
    case 0: {
        const kern_return_t ret = Create(this, "PadProperties", &made);
        if (ret != kIOReturnSuccess) {
            return ret;
        }
        ivars->pad = OSDynamicCast(HidPad, made);
        return ivars->pad != nullptr ? kIOReturnSuccess : kIOReturnError;
    }
    case 1: {
        if (ivars->pad == nullptr || arguments->structureInput == nullptr) {
            return kIOReturnBadArgument;
        }
        IOBufferMemoryDescriptor * memory = nullptr;
        IOAddressSegment range{};
        const size_t length = arguments->structureInput->getLength();
        kern_return_t ret =
            IOBufferMemoryDescriptor::Create(kIOMemoryDirectionInOut, length, 0, &memory);
        if (ret == kIOReturnSuccess) {
            memory->GetAddressRange(&range);
            memcpy(reinterpret_cast<void *>(range.address),
                   arguments->structureInput->getBytesNoCopy(), length);
            ret = ivars->pad->postReport(memory);
            memory->release();
        }
        return ret;
    }
    case 2:
        return Create(this, "NoSuchProperties", &made);
    case 3: {
        const kern_return_t ret = ivars->pad->Terminate(0);
        OSSafeReleaseNULL(ivars->pad);
        return ret;
    }
    default:
        return kIOReturnUnsupported;
    }
}
