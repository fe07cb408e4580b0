// Matching notifications for drivers; the kernel keeps the set.
#include <DriverKit/IOServiceNotificationDispatchSource.h>

#include "../library/os_value.h"
#include "../runtime/block.h"
#include "../runtime/families.h"
#include "../runtime/watches.h"

#include <DriverKit/OSDictionary.h>

using namespace dextsim;

struct IOServiceNotificationDispatchSource_IVars {
    Watch watch;
};

kern_return_t
IOServiceNotificationDispatchSource::Create_Impl(IOServiceNotificationDispatchSource_Create_Args) {
    if (matching == nullptr || options != 0 || queue == nullptr || notification == nullptr) {
        return kIOReturnBadArgument;
    }
    OSObject * object = nullptr;
    if (OSObjectAllocate(OSTypeID(IOServiceNotificationDispatchSource), &object) !=
        kIOReturnSuccess) {
        return kIOReturnNoMemory;
    }
    auto * const created = static_cast<IOServiceNotificationDispatchSource *>(object);
    if (!created->init()) {
        created->release();
        return kIOReturnNoMemory;
    }
    const Reply reply =
        askFamily(familyBody(FamilyOp::WatchServices, uint64_t{0}).value(toValue(matching)));
    if (reply.status != kIOReturnSuccess) {
        created->release();
        return reply.status;
    }
    created->ivars->watch.begin(reply.reader().u64(), queue, [created](OSAction * handler) {
        created->ServiceNotificationReady(handler);
    });
    created->ivars->watch.ready(); // the kernel's first word may have come before this one
    *notification = created;
    return kIOReturnSuccess;
}

bool IOServiceNotificationDispatchSource::init() {
    if (!IODispatchSource::init()) {
        return false;
    }
    ivars = new IOServiceNotificationDispatchSource_IVars;
    return true;
}

void IOServiceNotificationDispatchSource::free() {
    if (ivars != nullptr) {
        ivars->watch.end({});
        delete ivars;
        ivars = nullptr;
    }
    IODispatchSource::free();
}

kern_return_t IOServiceNotificationDispatchSource::SetEnableWithCompletion_Impl(
    IODispatchSource_SetEnableWithCompletion_Args) {
    return ivars->watch.setEnable(enable, keepBlock(handler));
}

kern_return_t IOServiceNotificationDispatchSource::Cancel_Impl(IODispatchSource_Cancel_Args) {
    ivars->watch.end(keepBlock(handler));
    return kIOReturnSuccess;
}

kern_return_t IOServiceNotificationDispatchSource::SetHandler_Impl(
    IOServiceNotificationDispatchSource_SetHandler_Args) {
    return ivars->watch.setHandler(action);
}

kern_return_t IOServiceNotificationDispatchSource::CopyNextNotification_Impl(
    IOServiceNotificationDispatchSource_CopyNextNotification_Args) {
    const Reply reply = askFamily(familyBody(FamilyOp::WatchNext, ivars->watch.number()));
    if (reply.status != kIOReturnSuccess) {
        return reply.status;
    }
    Reader body = reply.reader();
    *type = body.u64();
    *options = 0;
    const uint64_t entry = body.u64();
    OSObject * const object = copyProxy(entry, body.string());
    *service = castTo<IOService>(object, OSTypeID(IOService));
    return *service != nullptr ? kIOReturnSuccess : kIOReturnNoMemory;
}

kern_return_t
IOServiceNotificationDispatchSource::DeliverNotifications(IOServiceNotificationBlock block) {
    for (;;) {
        uint64_t type = kIOServiceNotificationTypeNone;
        uint64_t options = 0;
        IOService * service = nullptr;
        const kern_return_t status = CopyNextNotification(&type, &service, &options);
        if (status != kIOReturnSuccess) {
            return status == kIOReturnUnderrun ? kIOReturnSuccess : status;
        }
#if __BLOCKS__
        if (block != nullptr) {
            block(type, service, options);
        }
#else
        static_cast<void>(block);
#endif
        service->release();
    }
}

kern_return_t
IOServiceNotificationDispatchSource::CheckForWork_Impl(IODispatchSource_CheckForWork_Args) {
    static_cast<void>(rpc);
    static_cast<void>(synchronous);
    return kIOReturnNotReady;
}
