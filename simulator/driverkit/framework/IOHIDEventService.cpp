// Event services: reports come in from an interface, events go out to the kernel.
#include <HIDDriverKit/IOUserHIDEventService.h>

#include "../library/os_value.h"
#include "../runtime/families.h"
#include "../runtime/hid.h"

#include <DriverKit/OSArray.h>
#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSDictionary.h>
#include <HIDDriverKit/IOHIDDigitizerStructs.h>
#include <HIDDriverKit/IOHIDEventServiceKeys.h>
#include <HIDDriverKit/IOHIDUsageTables.h>

#include <atomic>

using namespace dextsim;

struct IOUserHIDEventService_IVars {
    IOHIDInterface * interface = nullptr; // retained between Start and Stop
    OSAction * action = nullptr;
    std::atomic<bool> handlesReport = false; // kIOHIDEventDriverHandlesReport
};

namespace {

Value number(int64_t value) {
    return Value::number(static_cast<uint64_t>(value));
}

kern_return_t dispatch(const IOHIDEventService * service, const char * kind, Value fields) {
    Writer body = familyBody(FamilyOp::HidEvent, service);
    return tellFamily(body.string(kind).value(fields));
}

} // namespace

bool IOHIDEventService::init() {
    return IOService::init();
}

void IOHIDEventService::free() {
    IOService::free();
}

kern_return_t IOHIDEventService::dispatchKeyboardEvent(uint64_t timeStamp, uint32_t usagePage,
                                                       uint32_t usage, uint32_t value,
                                                       IOOptionBits options, bool repeat) {
    return dispatch(this, "keyboard",
                    Value::dictionary({{"timestamp", Value::number(timeStamp)},
                                       {"usagePage", Value::number(usagePage)},
                                       {"usage", Value::number(usage)},
                                       {"value", Value::number(value)},
                                       {"options", Value::number(options)},
                                       {"repeat", Value::boolean(repeat)}}));
}

kern_return_t IOHIDEventService::dispatchRelativePointerEvent(uint64_t timeStamp, IOFixed dx,
                                                              IOFixed dy, uint32_t buttonState,
                                                              IOOptionBits options,
                                                              bool accelerate) {
    return dispatch(this, "relativePointer",
                    Value::dictionary({{"timestamp", Value::number(timeStamp)},
                                       {"dx", number(dx)},
                                       {"dy", number(dy)},
                                       {"buttons", Value::number(buttonState)},
                                       {"options", Value::number(options)},
                                       {"accelerate", Value::boolean(accelerate)}}));
}

kern_return_t IOHIDEventService::dispatchAbsolutePointerEvent(uint64_t timeStamp, IOFixed x,
                                                              IOFixed y, uint32_t buttonState,
                                                              IOOptionBits options,
                                                              bool accelerate) {
    return dispatch(this, "absolutePointer",
                    Value::dictionary({{"timestamp", Value::number(timeStamp)},
                                       {"x", number(x)},
                                       {"y", number(y)},
                                       {"buttons", Value::number(buttonState)},
                                       {"options", Value::number(options)},
                                       {"accelerate", Value::boolean(accelerate)}}));
}

kern_return_t IOHIDEventService::dispatchRelativeScrollWheelEvent(uint64_t timeStamp, IOFixed dx,
                                                                  IOFixed dy, IOFixed dz,
                                                                  IOOptionBits options,
                                                                  bool accelerate) {
    return dispatch(this, "scrollWheel",
                    Value::dictionary({{"timestamp", Value::number(timeStamp)},
                                       {"dx", number(dx)},
                                       {"dy", number(dy)},
                                       {"dz", number(dz)},
                                       {"options", Value::number(options)},
                                       {"accelerate", Value::boolean(accelerate)}}));
}

// Only services with a driver of their own send them.
kern_return_t IOHIDEventService::dispatchDigitizerStylusEvent(uint64_t,
                                                              IOHIDDigitizerStylusData *) {
    return kIOReturnUnsupported;
}

kern_return_t IOHIDEventService::dispatchDigitizerTouchEvent(uint64_t, IOHIDDigitizerTouchData *,
                                                             uint32_t) {
    return kIOReturnUnsupported;
}

kern_return_t IOHIDEventService::Start_Impl(IOService_Start_Args) {
    return Start(provider, SUPERDISPATCH);
}

kern_return_t IOHIDEventService::Stop_Impl(IOService_Stop_Args) {
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t IOHIDEventService::SetProperties_Impl(IOService_SetProperties_Args) {
    return SetProperties(properties, SUPERDISPATCH);
}

void IOHIDEventService::SetLED_Impl(IOHIDEventService_SetLED_Args) {
    static_cast<void>(usage);
    static_cast<void>(on);
}

kern_return_t IOHIDEventService::SetLEDState_Impl(IOHIDEventService_SetLEDState_Args) {
    if (usagePage != kHIDPage_LEDs) {
        return kIOReturnUnsupported;
    }
    SetLED(usage, on);
    return kIOReturnSuccess;
}

void IOHIDEventService::dispatchEvent(IOHIDEvent *) {}

// ── services on an interface ──

bool IOUserHIDEventService::init() {
    if (!IOHIDEventService::init()) {
        return false;
    }
    ivars = new IOUserHIDEventService_IVars;
    return true;
}

void IOUserHIDEventService::free() {
    if (ivars != nullptr) {
        OSSafeRelease(ivars->action);
        OSSafeRelease(ivars->interface);
        delete ivars;
        ivars = nullptr;
    }
    IOHIDEventService::free();
}

bool IOUserHIDEventService::handleStart(IOService *) {
    return true;
}

void IOUserHIDEventService::handleReport(uint64_t, uint8_t *, uint32_t, IOHIDReportType, uint32_t) {
}

OSArray * IOUserHIDEventService::getElements() {
    return ivars->interface != nullptr ? ivars->interface->getElements() : nullptr;
}

// The device opens after the driver is ready for reports. It stays unregistered: its driver says
// when the system may see it.
kern_return_t IOUserHIDEventService::Start_Impl(IOService_Start_Args) {
    kern_return_t status = Start(provider, SUPERDISPATCH);
    auto * const interface = OSDynamicCast(IOHIDInterface, provider);
    if (status != kIOReturnSuccess || interface == nullptr) {
        return kIOReturnError;
    }
    interface->retain();
    ivars->interface = interface;
    if (CreateActionReportAvailable(sizeof(uint64_t), &ivars->action) != kIOReturnSuccess ||
        !handleStart(provider)) {
        return kIOReturnError;
    }
    status = interface->Open(this, 0, ivars->action);
    return status == kIOReturnSuccess ? kIOReturnSuccess : kIOReturnError;
}

kern_return_t IOUserHIDEventService::Stop_Impl(IOService_Stop_Args) {
    if (ivars->interface != nullptr && ivars->action != nullptr) {
        ivars->interface->Close(this, 0);
        ivars->action->Cancel(nullptr); // it retains this object
    }
    return Stop(provider, SUPERDISPATCH);
}

kern_return_t IOUserHIDEventService::dispatchDigitizerStylusEvent(uint64_t timeStamp,
                                                                  IOHIDDigitizerStylusData * data) {
    if (data == nullptr) {
        return kIOReturnBadArgument;
    }
    return dispatch(this, "stylus",
                    Value::dictionary({{"timestamp", Value::number(timeStamp)},
                                       {"identifier", Value::number(data->identifier)},
                                       {"x", number(data->x)},
                                       {"y", number(data->y)},
                                       {"inRange", Value::boolean(data->inRange)},
                                       {"tip", Value::boolean(data->tip)},
                                       {"barrelSwitch", Value::boolean(data->barrelSwitch)},
                                       {"invert", Value::boolean(data->invert)},
                                       {"eraser", Value::boolean(data->eraser)},
                                       {"tipPressure", number(data->tipPressure)},
                                       {"barrelPressure", number(data->barrelPressure)},
                                       {"tiltX", number(data->tiltX)},
                                       {"tiltY", number(data->tiltY)},
                                       {"twist", number(data->twist)},
                                       {"pointerType", Value::number(data->pointerType)},
                                       {"effect", Value::number(data->effect)},
                                       {"uniqueID", Value::number(data->uniqueID)},
                                       {"tipChanged", Value::boolean(data->tipChanged)},
                                       {"positionChanged", Value::boolean(data->positionChanged)},
                                       {"rangeChanged", Value::boolean(data->rangeChanged)}}));
}

kern_return_t IOUserHIDEventService::dispatchDigitizerTouchEvent(uint64_t timeStamp,
                                                                 IOHIDDigitizerTouchData * touches,
                                                                 uint32_t count) {
    if (touches == nullptr || count == 0) {
        return kIOReturnBadArgument;
    }
    Value::Array all;
    for (const IOHIDDigitizerTouchData & touch : std::span(touches, count)) {
        all.push_back(Value::dictionary({{"identifier", Value::number(touch.identifier)},
                                         {"x", number(touch.x)},
                                         {"y", number(touch.y)},
                                         {"inRange", Value::boolean(touch.inRange)},
                                         {"touch", Value::boolean(touch.touch)},
                                         {"touchValid", Value::boolean(touch.touchValid)},
                                         {"touchChanged", Value::boolean(touch.touchChanged)},
                                         {"positionChanged", Value::boolean(touch.positionChanged)},
                                         {"rangeChanged", Value::boolean(touch.rangeChanged)}}));
    }
    return dispatch(this, "touch",
                    Value::dictionary({{"timestamp", Value::number(timeStamp)},
                                       {"touches", Value::array(std::move(all))}}));
}

kern_return_t IOUserHIDEventService::processReport(uint64_t timestamp, uint64_t report,
                                                   uint32_t reportLength, IOHIDReportType type,
                                                   uint32_t reportID) {
    if (ivars->interface == nullptr) {
        return kIOReturnNotReady;
    }
    if (report == 0 || reportLength == 0) {
        return kIOReturnBadArgument;
    }
    ivars->interface->processReport(timestamp, reinterpret_cast<uint8_t *>(report), reportLength,
                                    type, reportID);
    return kIOReturnSuccess;
}

kern_return_t IOUserHIDEventService::SetProperties_Impl(IOService_SetProperties_Args) {
    if (properties != nullptr) {
        auto * const value =
            OSDynamicCast(OSBoolean, properties->getObject(kIOHIDEventDriverHandlesReport));
        if (value != nullptr) {
            ivars->handlesReport = value == kOSBooleanTrue;
        }
    }
    return SetProperties(properties, SUPERDISPATCH);
}

bool IOUserHIDEventService::conformsTo(uint32_t usagePage, uint32_t usage) {
    OSDictionary * properties = nullptr;
    IOService * const provider = GetProvider();
    if (provider == nullptr || provider->CopyProperties(&properties) != kIOReturnSuccess) {
        return false;
    }
    const Value all = toValue(properties);
    properties->release();
    const Value * const pairs = all.find("DeviceUsagePairs");
    if (pairs == nullptr) {
        return false;
    }
    for (const Value & pair : pairs->items()) {
        const Value * const page = pair.find("DeviceUsagePage");
        const Value * const use = pair.find("DeviceUsage");
        if (page != nullptr && use != nullptr && page->asNumber() == usagePage &&
            use->asNumber() == usage) {
            return true;
        }
    }
    return false;
}

void IOUserHIDEventService::ReportAvailable_Impl(IOHIDInterface_ReportAvailable_Args) {
    static_cast<void>(action);
    const auto bytes = bytesOf(report);
    if (reportLength <= bytes.size()) {
        if (ivars->interface != nullptr && !ivars->handlesReport) {
            ivars->interface->processReport(timestamp, bytes.data(), reportLength, type, reportID);
        }
        handleReport(timestamp, bytes.data(), reportLength, type, reportID);
    }
}
