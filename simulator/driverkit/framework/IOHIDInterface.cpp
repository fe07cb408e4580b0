// Interfaces of HID devices: proxies of the kernel's, which bring reports to whoever has opened
// them.
#include <HIDDriverKit/IOHIDInterface.h>

#include "../runtime/families.h"
#include "../runtime/hid.h"

#include <DriverKit/OSArray.h>

#include <algorithm>
#include <deque>
#include <mutex>

using namespace dextsim;

struct IOHIDInterface_IVars {
    std::mutex lock;
    OSAction * action = nullptr;                 // retained while open
    std::deque<IOBufferMemoryDescriptor *> pool; // each retained; the next report takes the first
};

bool IOHIDInterface::init() {
    ivars = new IOHIDInterface_IVars;
    return IOService::init();
}

void IOHIDInterface::free() {
    if (ivars != nullptr) {
        OSSafeRelease(ivars->action);
        for (IOBufferMemoryDescriptor * report : ivars->pool) {
            report->release();
        }
        delete ivars;
        ivars = nullptr;
    }
    IOService::free();
}

kern_return_t IOHIDInterface::AddReportToPool_Impl(IOHIDInterface_AddReportToPool_Args) {
    if (report == nullptr) {
        return kIOReturnBadArgument;
    }
    report->retain();
    std::lock_guard lock(ivars->lock);
    ivars->pool.push_back(report);
    return kIOReturnSuccess;
}

kern_return_t IOHIDInterface::Open_Impl(IOHIDInterface_Open_Args) {
    static_cast<void>(options);
    if (action == nullptr) {
        return kIOReturnBadArgument;
    }
    Writer body = familyBody(FamilyOp::HidOpen, this);
    const kern_return_t status = tellFamily(body.u64(kernelId(forClient)));
    if (status == kIOReturnSuccess) {
        action->retain();
        std::lock_guard lock(ivars->lock);
        OSSafeRelease(ivars->action);
        ivars->action = action;
    }
    return status;
}

kern_return_t IOHIDInterface::Close_Impl(IOHIDInterface_Close_Args) {
    static_cast<void>(options);
    Writer body = familyBody(FamilyOp::HidClose, this);
    const kern_return_t status = tellFamily(body.u64(kernelId(forClient)));
    OSAction * old;
    {
        std::lock_guard lock(ivars->lock);
        old = ivars->action;
        ivars->action = nullptr;
    }
    OSSafeRelease(old);
    return status;
}

kern_return_t IOHIDInterface::SetReport_Impl(IOHIDInterface_SetReport_Args) {
    static_cast<void>(options);
    Writer body = familyBody(FamilyOp::HidSet, this);
    return tellFamily(body.u32(reportType).u32(reportID).bytes(bytesOf(report)));
}

kern_return_t IOHIDInterface::GetReport_Impl(IOHIDInterface_GetReport_Args) {
    static_cast<void>(options);
    const auto room = bytesOf(report);
    Writer body = familyBody(FamilyOp::HidGet, this);
    body.u32(reportType).u32(reportID).u32(static_cast<uint32_t>(room.size()));
    const Reply reply = askFamily(body);
    if (reply.status == kIOReturnSuccess) {
        Reader answer = reply.reader();
        const auto bytes = answer.bytes();
        std::copy_n(bytes.begin(), std::min(bytes.size(), room.size()), room.begin());
    }
    return reply.status;
}

void IOHIDInterface::processReport(uint64_t, uint8_t *, uint32_t, IOHIDReportType, uint32_t) {}

OSArray * IOHIDInterface::getElements() {
    return OSArray::withCapacity(0);
}

kern_return_t IOHIDInterface::commitElements(OSArray *, IOHIDElementCommitDirection) {
    return kIOReturnUnsupported;
}

namespace {

// A descriptor from the pool when one is large enough; it goes to the pool's end. With a reference.
IOMemoryDescriptor * takeFromPool(IOHIDInterface_IVars & state, std::span<const uint8_t> report) {
    std::lock_guard lock(state.lock);
    if (state.pool.empty()) {
        return nullptr;
    }
    IOBufferMemoryDescriptor * const next = state.pool.front();
    const auto room = bytesOf(next);
    if (room.size() < report.size()) {
        return nullptr;
    }
    state.pool.pop_front();
    state.pool.push_back(next);
    std::copy(report.begin(), report.end(), room.begin());
    next->retain();
    return next;
}

} // namespace

void dextsim::hidInput(uint64_t object, Reader & body) {
    OSObject * const found = copyObject(object);
    auto * const interface = castTo<IOHIDInterface>(found, OSTypeID(IOHIDInterface));
    if (interface == nullptr) {
        OSSafeRelease(found);
        return;
    }
    const uint64_t timestamp = body.u64();
    const auto type = static_cast<IOHIDReportType>(body.u32());
    const uint32_t id = body.u32();
    const auto report = body.bytes();
    IOHIDInterface_IVars & state = *interface->IOHIDInterface::ivars;
    OSAction * action;
    {
        std::lock_guard lock(state.lock);
        action = state.action;
        if (action != nullptr) {
            action->retain();
        }
    }
    if (action != nullptr) {
        IOMemoryDescriptor * memory = takeFromPool(state, report);
        memory = memory != nullptr ? memory : copyToMemory(report);
        if (memory != nullptr) {
            interface->ReportAvailable(timestamp, id, static_cast<uint32_t>(report.size()), type,
                                       memory, action);
            memory->release();
        }
        action->release();
    }
    interface->release();
}
