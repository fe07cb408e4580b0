// A service's properties, names, power and the rest that the kernel answers (contract §6).
#include "../runtime/service.h"

#include "../library/os_value.h"
#include "../runtime/kernel.h"
#include "../runtime/log.h"
#include "../runtime/objects.h"

#include <DriverKit/IOKitKeys.h>
#include <DriverKit/OSCollections.h>
#include <DriverKit/OSSharedPtr.h>

#include <cstdio>

using namespace dextsim;

kern_return_t IOService::GetRegistryEntryID_Impl(IOService_GetRegistryEntryID_Args) {
    *registryEntryID = kernelId(this);
    return *registryEntryID != 0 ? kIOReturnSuccess : kIOReturnNotReady;
}

kern_return_t IOService::SetName_Impl(IOService_SetName_Args) {
    return tellKernel(MessageType::SetName, Writer().u64(kernelId(this)).string(name));
}

kern_return_t IOService::CopyName_Impl(IOService_CopyName_Args) {
    const Reply reply = askKernel(MessageType::CopyName, Writer().u64(kernelId(this)));
    if (reply.status == kIOReturnSuccess) {
        *name = OSString::withCString(reply.reader().string().c_str());
    }
    return reply.status;
}

kern_return_t IOService::StringFromReturn_Impl(IOService_StringFromReturn_Args) {
    char text[16];
    snprintf(text, sizeof text, "0x%08x", static_cast<unsigned>(retval));
    *str = OSString::withCString(text);
    return kIOReturnSuccess;
}

kern_return_t IOService::CopyProperties_Impl(IOService_CopyProperties_Args) {
    const Reply reply = askKernel(MessageType::CopyProperties, Writer().u64(kernelId(this)));
    if (reply.status == kIOReturnSuccess) {
        OSContainer * const object = fromValue(reply.reader().value());
        *properties = OSDynamicCast(OSDictionary, object);
    }
    return reply.status;
}

kern_return_t IOService::SearchProperty_Impl(IOService_SearchProperty_Args) {
    Writer body;
    body.u64(kernelId(this)).string(name).string(plane).u64(options);
    const Reply reply = askKernel(MessageType::SearchProperty, body);
    if (reply.status == kIOReturnSuccess) {
        OSContainer * const object = fromValue(reply.reader().value());
        *property = object;
    }
    return reply.status;
}

kern_return_t IOService::SetProperties_Impl(IOService_SetProperties_Args) {
    if (properties == nullptr) {
        return kIOReturnBadArgument;
    }
    Writer body;
    body.u64(kernelId(this)).value(toValue(properties));
    return tellKernel(MessageType::SetProperties, body);
}

kern_return_t IOService::RemoveProperty_Impl(IOService_RemoveProperty_Args) {
    if (propertyName == nullptr) {
        return kIOReturnUnsupported; // contract §6.2
    }
    Writer body;
    body.u64(kernelId(this)).string(propertyName->getCStringNoCopy());
    return tellKernel(MessageType::RemoveProperty, body);
}

kern_return_t IOService::CopyProviderProperties_Impl(IOService_CopyProviderProperties_Args) {
    Writer body;
    body.u64(kernelId(this)).value(toValue(propertyKeys));
    const Reply reply = askKernel(MessageType::CopyProviderProperties, body);
    if (reply.status == kIOReturnSuccess) {
        OSContainer * const object = fromValue(reply.reader().value());
        *properties = OSDynamicCast(OSArray, object);
    }
    return reply.status;
}

kern_return_t IOService::RequireMaxBusStall_Impl(IOService_RequireMaxBusStall_Args) {
    static_cast<void>(maxBusStall);
    return kIOReturnSuccess;
}

namespace {

kern_return_t changeBusy(const IOService * service, int32_t delta, uint32_t * busy) {
    const Reply reply =
        askKernel(MessageType::AdjustBusy, Writer().u64(kernelId(service)).i32(delta));
    if (reply.status == kIOReturnSuccess && busy != nullptr) {
        *busy = reply.reader().u32();
    }
    return reply.status;
}

} // namespace

kern_return_t IOService::AdjustBusy_Impl(IOService_AdjustBusy_Args) {
    return changeBusy(this, delta, nullptr);
}

kern_return_t IOService::GetBusyState_Impl(IOService_GetBusyState_Args) {
    return changeBusy(this, 0, busyState);
}

// ── reporting ──

kern_return_t IOService::UpdateReport_Impl(IOService_UpdateReport_Args) {
    static_cast<void>(channels), static_cast<void>(action), static_cast<void>(offset);
    static_cast<void>(capacity), static_cast<void>(buffer), static_cast<void>(outElementCount);
    return kIOReturnSuccess;
}

kern_return_t IOService::ConfigureReport_Impl(IOService_ConfigureReport_Args) {
    static_cast<void>(channels), static_cast<void>(action), static_cast<void>(outCount);
    return kIOReturnSuccess;
}

kern_return_t IOService::SetLegend_Impl(IOService_SetLegend_Args) {
    OSSharedPtr<OSDictionary> legends(OSDictionary::withCapacity(2), OSNoRetain);
    if (legend == nullptr || !legends->setObject("IOReportLegend", legend)) {
        return kIOReturnBadArgument;
    }
    legends->setObject("IOReportLegendPublic", is_public ? kOSBooleanTrue : kOSBooleanFalse);
    return SetProperties(legends.get());
}

kern_return_t IOService::_ClaimSystemWakeEvent_Impl(IOService__ClaimSystemWakeEvent_Args) {
    static_cast<void>(flags), static_cast<void>(details);
    return device == nullptr || reason[0] == 0 ? kIOReturnBadArgument : kIOReturnSuccess;
}

// Nobody collects them here; the log says what would have been sent.
kern_return_t IOService::CoreAnalyticsSendEvent_Impl(IOService_CoreAnalyticsSendEvent_Args) {
    if (options != 0 || eventName == nullptr || eventPayload == nullptr) {
        return kIOReturnBadArgument;
    }
    writeLog(kLogIO, std::string("CoreAnalytics event ") + eventName->getCStringNoCopy());
    return kIOReturnSuccess;
}

// ── matching dictionaries: each entry goes into `matching`, or into a new dictionary ──

namespace {

OSDictionary * withEntry(OSDictionary * matching, const char * key, const OSMetaClassBase * value) {
    if (matching == nullptr) {
        matching = OSDictionary::withCapacity(2);
    }
    if (matching != nullptr && value != nullptr) {
        matching->setObject(key, value);
    }
    return matching;
}

OSDictionary * withText(OSDictionary * matching, const char * key, const char * text) {
    OSString * const value = OSString::withCString(text);
    OSDictionary * const result = withEntry(matching, key, value);
    OSSafeRelease(value);
    return result;
}

} // namespace

OSDictionary * IOService::CreatePropertyMatchingDictionary(const char * key, OSObjectPtr value,
                                                           OSDictionary * matching) {
    OSDictionary * const properties = withEntry(nullptr, key, value);
    OSDictionary * const result = withEntry(matching, kIOPropertyMatchKey, properties);
    OSSafeRelease(properties);
    return result;
}

OSDictionary * IOService::CreatePropertyMatchingDictionary(const char * key,
                                                           const char * stringValue,
                                                           OSDictionary * matching) {
    OSString * const value = OSString::withCString(stringValue);
    OSDictionary * const result = CreatePropertyMatchingDictionary(key, value, matching);
    OSSafeRelease(value);
    return result;
}

OSDictionary * IOService::CreateKernelClassMatchingDictionary(OSString * className,
                                                              OSDictionary * matching) {
    return withEntry(matching, kIOProviderClassKey, className);
}

OSDictionary * IOService::CreateKernelClassMatchingDictionary(const char * className,
                                                              OSDictionary * matching) {
    return withText(matching, kIOProviderClassKey, className);
}

OSDictionary * IOService::CreateUserClassMatchingDictionary(OSString * className,
                                                            OSDictionary * matching) {
    OSDictionary * const result = withText(matching, kIOProviderClassKey, "IOUserService");
    return CreatePropertyMatchingDictionary(kIOUserClassKey, className, result);
}

OSDictionary * IOService::CreateUserClassMatchingDictionary(const char * className,
                                                            OSDictionary * matching) {
    OSDictionary * const result = withText(matching, kIOProviderClassKey, "IOUserService");
    return CreatePropertyMatchingDictionary(kIOUserClassKey, className, result);
}

OSDictionary * IOService::CreateNameMatchingDictionary(OSString * serviceName,
                                                       OSDictionary * matching) {
    return withEntry(matching, kIONameMatchKey, serviceName);
}

OSDictionary * IOService::CreateNameMatchingDictionary(const char * serviceName,
                                                       OSDictionary * matching) {
    return withText(matching, kIONameMatchKey, serviceName);
}
