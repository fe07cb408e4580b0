// Interfaces of HID devices: proxies of the kernel's, which bring reports to whoever has opened
// them.
#include <HIDDriverKit/IOHIDInterface.h>

#include "hid_elements.h"

#include "../library/os_value.h"
#include "../runtime/families.h"
#include "../runtime/hid.h"

#include <DriverKit/OSArray.h>
#include <DriverKit/OSDictionary.h>

#include <mach/mach_time.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <set>
#include <vector>

using namespace dextsim;

struct IOHIDInterface_IVars {
    std::mutex lock;
    OSAction * action = nullptr;                 // retained while open
    std::deque<IOBufferMemoryDescriptor *> pool; // each retained; the next report takes the first
    std::mutex making;
    OSArray * elements = nullptr; // when somebody has asked for them
};

namespace {

IOHIDElement * elementAt(const OSArray * elements, size_t index) {
    return OSDynamicCast(IOHIDElement, elements->getObject(static_cast<uint32_t>(index)));
}

OSArray * makeElements(IOHIDInterface * owner, std::span<const uint8_t> descriptor) {
    const std::vector<HidField> fields = readHidFields(descriptor);
    OSArray * const elements = OSArray::withCapacity(static_cast<uint32_t>(fields.size()));
    IOHIDElementCookie cookie = 0;
    for (const HidField & field : fields) {
        auto * const element = OSTypeAlloc(IOHIDElement);
        element->IOHIDElement::ivars = new IOHIDElement_IVars;
        IOHIDElement_IVars & state = *element->IOHIDElement::ivars;
        state.field = field;
        state.owner = owner;
        state.cookie = ++cookie;
        const uint64_t bits = field.selector ? 1 : uint64_t(field.size) * field.count;
        state.value.assign((bits + 7) / 8, 0);
        state.previous = state.value;
        if (field.type == kIOHIDElementTypeCollection) {
            state.children = OSArray::withCapacity(0);
        }
        elements->setObject(element);
        if (field.parent != SIZE_MAX) {
            state.parent = elementAt(elements, field.parent);
            state.parent->IOHIDElement::ivars->children->setObject(element);
        }
        element->release();
    }
    return elements;
}

} // namespace

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
        for (uint32_t i = 0; ivars->elements != nullptr && i < ivars->elements->getCount(); ++i) {
            elementAt(ivars->elements, i)->IOHIDElement::ivars->owner = nullptr;
        }
        OSSafeRelease(ivars->elements);
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

// ── elements ──

namespace {

// A report that some of the elements are in.
struct ReportName {
    IOHIDReportType type;
    uint32_t id;
    auto operator<=>(const ReportName &) const = default;
};

ReportName reportOf(const IOHIDElement_IVars & element) {
    return {reportTypeOf(element.field.type), element.field.id};
}

uint64_t bytesOfReport(const OSArray * elements, const ReportName & name) {
    uint64_t bits = 0;
    for (uint32_t i = 0; i < elements->getCount(); ++i) {
        const IOHIDElement_IVars & each = *elementAt(elements, i)->IOHIDElement::ivars;
        const HidField & field = each.field;
        if (field.type != kIOHIDElementTypeCollection && reportOf(each) == name) {
            bits = std::max(bits, field.start + uint64_t(field.size) * field.count);
        }
    }
    return (bits + 7) / 8;
}

void takeReport(const OSArray * elements, const ReportName & name, std::span<const uint8_t> report,
                uint64_t timestamp) {
    for (uint32_t i = 0; i < elements->getCount(); ++i) {
        IOHIDElement_IVars & each = *elementAt(elements, i)->IOHIDElement::ivars;
        if (each.field.type != kIOHIDElementTypeCollection && reportOf(each) == name) {
            each.previous = each.value;
            readHidValue(each.field, report, each.value);
            each.timestamp = timestamp;
        }
    }
}

// All elements of the report, since they go out together.
std::vector<uint8_t> makeReport(const OSArray * elements, const ReportName & name) {
    std::vector<uint8_t> report(bytesOfReport(elements, name));
    for (uint32_t i = 0; i < elements->getCount(); ++i) {
        const IOHIDElement_IVars & each = *elementAt(elements, i)->IOHIDElement::ivars;
        if (each.field.type != kIOHIDElementTypeCollection && reportOf(each) == name) {
            writeHidValue(each.field, each.value, report);
        }
    }
    if (name.id != 0 && !report.empty()) {
        report[0] = static_cast<uint8_t>(name.id);
    }
    return report;
}

} // namespace

OSArray * IOHIDInterface::getElements() {
    std::lock_guard lock(ivars->making);
    OSDictionary * properties = nullptr;
    if (ivars->elements == nullptr && CopyProperties(&properties) == kIOReturnSuccess) {
        const Value all = toValue(properties);
        const Value * const descriptor = all.find("ReportDescriptor");
        properties->release();
        if (descriptor != nullptr) {
            ivars->elements = makeElements(this, descriptor->asData());
        }
    }
    return ivars->elements;
}

void IOHIDInterface::processReport(uint64_t timestamp, uint8_t * report, uint32_t reportLength,
                                   IOHIDReportType type, uint32_t reportID) {
    std::lock_guard lock(ivars->making);
    if (ivars->elements != nullptr) { // else nobody has asked for values
        takeReport(ivars->elements, {type, reportID}, {report, reportLength}, timestamp);
    }
}

kern_return_t IOHIDInterface::commitElements(OSArray * elements,
                                             IOHIDElementCommitDirection direction) {
    OSArray * const all = getElements();
    if (elements == nullptr || all == nullptr) {
        return kIOReturnBadArgument;
    }
    std::set<ReportName> reports;
    for (uint32_t i = 0; i < elements->getCount(); ++i) {
        auto * const each = OSDynamicCast(IOHIDElement, elements->getObject(i));
        if (each == nullptr || each->getType() == kIOHIDElementTypeCollection) {
            return kIOReturnBadArgument;
        }
        reports.insert(reportOf(*each->IOHIDElement::ivars));
    }
    for (const ReportName & name : reports) {
        IOMemoryDescriptor * const memory = copyToMemory(makeReport(all, name));
        if (memory == nullptr) {
            return kIOReturnNoMemory;
        }
        const bool out = direction == kIOHIDElementCommitDirectionOut;
        const kern_return_t status =
            out ? SetReport(memory, name.type, name.id) : GetReport(memory, name.type, name.id);
        if (status == kIOReturnSuccess && !out) {
            std::lock_guard lock(ivars->making);
            takeReport(all, name, bytesOf(memory), mach_absolute_time());
        }
        memory->release();
        if (status != kIOReturnSuccess) {
            return status;
        }
    }
    return kIOReturnSuccess;
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
