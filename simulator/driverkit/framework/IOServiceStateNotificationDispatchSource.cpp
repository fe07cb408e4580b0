// State items of services, and who hears of their changes.
#include <DriverKit/IOServiceStateNotificationDispatchSource.h>

#include "../library/os_value.h"
#include "../runtime/block.h"
#include "../runtime/families.h"
#include "../runtime/watches.h"

#include <DriverKit/OSArray.h>
#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSString.h>

using namespace dextsim;

struct IOServiceStateNotificationDispatchSource_IVars {
    Watch watch;
};

kern_return_t IOServiceStateNotificationDispatchSource::Create_Impl(
    IOServiceStateNotificationDispatchSource_Create_Args) {
    if (service == nullptr || items == nullptr || queue == nullptr || notification == nullptr) {
        return kIOReturnBadArgument;
    }
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(IOServiceStateNotificationDispatchSource), &object) !=
        kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    auto * const created = static_cast<IOServiceStateNotificationDispatchSource *>(object);
    if (!created->init()) {
        created->release();
        return kIOReturnNoMemory;
    }
    const Reply reply = askFamily(familyBody(FamilyOp::WatchState, service).value(toValue(items)));
    if (reply.status != kIOReturnSuccess) {
        created->release();
        return reply.status;
    }
    created->ivars->watch.begin(reply.reader().u64(), queue, [created](OSAction * handler) {
        created->StateNotificationReady(handler);
    });
    *notification = created;
    return kIOReturnSuccess;
}

bool IOServiceStateNotificationDispatchSource::init() {
    if (!IODispatchSource::init()) {
        return false;
    }
    ivars = new IOServiceStateNotificationDispatchSource_IVars;
    return true;
}

void IOServiceStateNotificationDispatchSource::free() {
    if (ivars != nullptr) {
        ivars->watch.end({});
        delete ivars;
        ivars = nullptr;
    }
    IODispatchSource::free();
}

kern_return_t IOServiceStateNotificationDispatchSource::SetEnableWithCompletion_Impl(
    IODispatchSource_SetEnableWithCompletion_Args) {
    return ivars->watch.setEnable(enable, keepBlock(handler));
}

kern_return_t IOServiceStateNotificationDispatchSource::Cancel_Impl(IODispatchSource_Cancel_Args) {
    ivars->watch.end(keepBlock(handler));
    return kIOReturnSuccess;
}

kern_return_t IOServiceStateNotificationDispatchSource::SetHandler_Impl(
    IOServiceStateNotificationDispatchSource_SetHandler_Args) {
    return ivars->watch.setHandler(action);
}

kern_return_t IOServiceStateNotificationDispatchSource::StateNotificationBegin_Impl() {
    return tellFamily(familyBody(FamilyOp::WatchArm, ivars->watch.number()));
}

kern_return_t
IOServiceStateNotificationDispatchSource::CheckForWork_Impl(IODispatchSource_CheckForWork_Args) {
    static_cast<void>(rpc);
    static_cast<void>(synchronous);
    return kIOReturnNotReady;
}

// ── the items ──

namespace {

kern_return_t setItem(FamilyOp operation, IOService * service, OSString * name,
                      OSDictionary * value) {
    if (name == nullptr) {
        return kIOReturnBadArgument;
    }
    Writer body = familyBody(operation, service);
    return tellFamily(body.string(name->getCStringNoCopy()).value(toValue(value)));
}

} // namespace

kern_return_t
IOService::StateNotificationItemCreate_Impl(IOService_StateNotificationItemCreate_Args) {
    return setItem(FamilyOp::StateCreate, this, itemName, value);
}

kern_return_t IOService::StateNotificationItemSet_Impl(IOService_StateNotificationItemSet_Args) {
    return setItem(FamilyOp::StateSet, this, itemName, value);
}

kern_return_t IOService::StateNotificationItemCopy_Impl(IOService_StateNotificationItemCopy_Args) {
    if (itemName == nullptr || value == nullptr) {
        return kIOReturnBadArgument;
    }
    Writer body = familyBody(FamilyOp::StateCopy, this);
    const Reply reply = askFamily(body.string(itemName->getCStringNoCopy()));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    OSContainer * const copy = fromValue(reply.reader().value());
    *value = castTo<OSDictionary>(copy, OSTypeID(OSDictionary));
    if (*value == nullptr) {
        OSSafeRelease(copy);
        return kIOReturnNotReady; // created without a value
    }
    return kIOReturnSuccess;
}

// The service of the system's own items; there are none here.
kern_return_t IOService::CopySystemStateNotificationService_Impl(
    IOService_CopySystemStateNotificationService_Args) {
    *service = nullptr;
    return kIOReturnUnsupported;
}
