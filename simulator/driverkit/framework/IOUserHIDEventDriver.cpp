// The usual driver of keyboards, pointers, scroll wheels and lamps: which elements are what, and
// the events of a report. Digitizers: digitizer_events.cpp.
#include "event_elements.h"

#include <HIDDriverKit/IOHIDUsageTables.h>

#include <DriverKit/OSArray.h>
#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSString.h>

using namespace dextsim;

struct IOUserHIDEventDriver_IVars {
    OSArray * all = nullptr; // retained, and with it the elements of the lists
    std::vector<IOHIDElement *> keys, relative, absolute, scroll, leds;
    Digitizers digitizers;
};

namespace {

constexpr uint32_t kPageCamera = 0x90;
constexpr uint32_t kFirstSystemUsage = 0x81, kLastSystemUsage = 0x8d; // power down to menu down
constexpr uint32_t kSelectUsage = 0x3e;
constexpr uint32_t kFirstKey = 0x04, kLastKey = 0xe7; // A to the right GUI key

bool isSystemKey(uint32_t usage) {
    return usage == kHIDUsage_GD_Start || usage == kSelectUsage ||
           (usage >= kFirstSystemUsage && usage <= kLastSystemUsage) ||
           (usage >= kHIDUsage_GD_DPadUp && usage <= kHIDUsage_GD_DPadLeft);
}

bool isKey(uint32_t page, uint32_t usage) {
    switch (page) {
    case kHIDPage_GenericDesktop:
        return isSystemKey(usage);
    case kHIDPage_KeyboardOrKeypad:
        return usage >= kFirstKey && usage <= kLastKey;
    case kHIDPage_Consumer:
        return usage != kHIDUsage_Csmr_ACPan; // a wheel
    case kHIDPage_Telephony:
    case kPageCamera:
        return true;
    default:
        return false;
    }
}

int32_t scrolled(IOHIDElement * element) {
    const auto now = static_cast<int32_t>(element->getValue());
    if ((element->getFlags() & kIOHIDElementFlagsWrapMask) == 0) {
        return now;
    }
    return now - static_cast<int32_t>(element->getValue(kIOHIDValueOptionsFlagPrevious));
}

struct Pointed {
    IOFixed x = 0, y = 0;
    uint32_t buttons = 0;
    bool handled = false;
};

// Buttons are what they are, current or not.
Pointed point(const std::vector<IOHIDElement *> & elements, uint64_t timestamp, uint32_t reportID,
              bool relative) {
    Pointed found;
    for (IOHIDElement * element : elements) {
        const bool current = isCurrent(element, timestamp, reportID);
        const uint32_t usage = element->getUsage();
        found.handled |= current;
        if (element->getUsagePage() == kHIDPage_Button) {
            const uint32_t bit = usage >= 1 && usage <= 32 ? 1u << (usage - 1) : 0;
            found.buttons |= element->getValue() != 0 ? bit : 0;
            continue;
        }
        const IOFixed moved = current ? static_cast<IOFixed>(element->getValue() << 16) : 0;
        (usage == kHIDUsage_GD_X ? found.x : found.y) = relative ? moved : calibrated(element);
    }
    return found;
}

void setText(OSDictionary * properties, const char * key, const char * text) {
    OSString * const value = OSString::withCString(text);
    properties->setObject(key, value);
    value->release();
}

} // namespace

bool IOUserHIDEventDriver::init() {
    if (!IOUserHIDEventService::init()) {
        return false;
    }
    ivars = new IOUserHIDEventDriver_IVars;
    return true;
}

void IOUserHIDEventDriver::free() {
    if (ivars != nullptr) {
        OSSafeRelease(ivars->all);
        delete ivars;
        ivars = nullptr;
    }
    IOUserHIDEventService::free();
}

kern_return_t IOUserHIDEventDriver::Start_Impl(IOService_Start_Args) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    OSArray * const elements = status == kIOReturnSuccess ? getElements() : nullptr;
    if (elements == nullptr) {
        return status == kIOReturnSuccess ? kIOReturnError : status;
    }
    elements->retain();
    ivars->all = elements;
    return parseElements(elements) ? kIOReturnSuccess : kIOReturnError;
}

kern_return_t IOUserHIDEventDriver::Stop_Impl(IOService_Stop_Args) {
    return Stop(provider, SUPERDISPATCH);
}

// ── what the elements are ──

bool IOUserHIDEventDriver::parseElements(OSArray * elements) {
    bool found = false;
    std::vector<IOHIDElement *> buttons;
    for (uint32_t i = 0; i < elements->getCount(); i++) {
        auto * const element = OSDynamicCast(IOHIDElement, elements->getObject(i));
        if (element == nullptr || element->getType() == kIOHIDElementTypeCollection ||
            element->getUsage() == 0) {
            continue;
        }
        if (parseKeyboardElement(element) || parseDigitizerElement(element) ||
            parsePointerElement(element) || parseScrollElement(element) ||
            parseLEDElement(element)) {
            found = true;
        } else if (element->getUsagePage() == kHIDPage_Button) {
            buttons.push_back(element);
        }
    }
    auto & pointer =
        ivars->relative.empty() && !ivars->absolute.empty() ? ivars->absolute : ivars->relative;
    pointer.insert(pointer.end(), buttons.begin(), buttons.end());
    if (conformsTo(kHIDPage_GenericDesktop, kHIDUsage_GD_Mouse)) {
        OSDictionary * const properties = OSDictionary::withCapacity(2);
        setText(properties, "HIDPointerAccelerationType", "HIDMouseAcceleration");
        if (!ivars->scroll.empty()) {
            setText(properties, "HIDScrollAccelerationType", "HIDMouseScrollAcceleration");
        }
        SetProperties(properties);
        properties->release();
    }
    return found;
}

bool IOUserHIDEventDriver::parseKeyboardElement(IOHIDElement * element) {
    if (!isKey(element->getUsagePage(), element->getUsage())) {
        return false;
    }
    ivars->keys.push_back(element);
    return true;
}

bool IOUserHIDEventDriver::parsePointerElement(IOHIDElement * element) {
    const uint32_t usage = element->getUsage();
    if (element->getUsagePage() != kHIDPage_GenericDesktop ||
        (usage != kHIDUsage_GD_X && usage != kHIDUsage_GD_Y)) {
        return false;
    }
    const bool relative = (element->getFlags() & kIOHIDElementFlagsRelativeMask) != 0;
    (relative ? ivars->relative : ivars->absolute).push_back(element);
    return true;
}

bool IOUserHIDEventDriver::parseScrollElement(IOHIDElement * element) {
    const uint32_t page = element->getUsagePage();
    const uint32_t usage = element->getUsage();
    const bool wheel =
        page == kHIDPage_GenericDesktop &&
        (usage == kHIDUsage_GD_Wheel || usage == kHIDUsage_GD_Dial || usage == kHIDUsage_GD_Z);
    if (!wheel && (page != kHIDPage_Consumer || usage != kHIDUsage_Csmr_ACPan)) {
        return false;
    }
    ivars->scroll.push_back(element);
    return true;
}

bool IOUserHIDEventDriver::parseLEDElement(IOHIDElement * element) {
    if (element->getUsagePage() != kHIDPage_LEDs) {
        return false;
    }
    ivars->leds.push_back(element);
    return true;
}

bool IOUserHIDEventDriver::parseDigitizerElement(IOHIDElement * element) {
    return takeDigitizerElement(this, ivars->digitizers, element);
}

// ── the events of a report ──

void IOUserHIDEventDriver::handleReport(uint64_t timestamp, uint8_t *, uint32_t, IOHIDReportType,
                                        uint32_t reportID) {
    handleKeyboardReport(timestamp, reportID);
    handleRelativePointerReport(timestamp, reportID);
    handleAbsolutePointerReport(timestamp, reportID);
    handleScrollReport(timestamp, reportID);
    handleDigitizerReport(timestamp, reportID);
}

void IOUserHIDEventDriver::handleKeyboardReport(uint64_t timestamp, uint32_t reportID) {
    for (IOHIDElement * key : ivars->keys) {
        if (!isCurrent(key, timestamp, reportID)) {
            continue;
        }
        const bool before = key->getValue(kIOHIDValueOptionsFlagPrevious) != 0;
        const bool now = key->getValue() != 0;
        if (now != before) {
            dispatchKeyboardEvent(timestamp, key->getUsagePage(), key->getUsage(), now, 0, true);
        }
    }
}

void IOUserHIDEventDriver::handleRelativePointerReport(uint64_t timestamp, uint32_t reportID) {
    const Pointed found = point(ivars->relative, timestamp, reportID, true);
    if (found.handled) {
        dispatchRelativePointerEvent(timestamp, found.x, found.y, found.buttons, 0, true);
    }
}

void IOUserHIDEventDriver::handleAbsolutePointerReport(uint64_t timestamp, uint32_t reportID) {
    const Pointed found = point(ivars->absolute, timestamp, reportID, false);
    if (found.handled) {
        dispatchAbsolutePointerEvent(timestamp, found.x, found.y, found.buttons, 0, true);
    }
}

void IOUserHIDEventDriver::handleScrollReport(uint64_t timestamp, uint32_t reportID) {
    int32_t vertical = 0;
    int32_t horizontal = 0;
    for (IOHIDElement * wheel : ivars->scroll) {
        if (!isCurrent(wheel, timestamp, reportID)) {
            continue;
        }
        if (wheel->getUsagePage() == kHIDPage_Consumer) {
            horizontal = -static_cast<int32_t>(wheel->getValue());
        } else if (wheel->getUsage() == kHIDUsage_GD_Z) {
            horizontal = scrolled(wheel);
        } else {
            vertical = scrolled(wheel);
        }
    }
    if (vertical != 0 || horizontal != 0) {
        dispatchRelativeScrollWheelEvent(timestamp, vertical * 65536, horizontal * 65536, 0, 0,
                                         true);
    }
}

void IOUserHIDEventDriver::handleDigitizerReport(uint64_t timestamp, uint32_t reportID) {
    dispatchDigitizers(this, ivars->digitizers, timestamp, reportID);
}

// The lamp's element goes to the device at once.
void IOUserHIDEventDriver::SetLED_Impl(IOHIDEventService_SetLED_Args) {
    for (IOHIDElement * lamp : ivars->leds) {
        if (lamp->getUsage() == usage) {
            lamp->setValue(on ? 1 : 0);
            lamp->commit(kIOHIDElementCommitDirectionOut);
            return;
        }
    }
}
