// Digitizers of the usual event driver: which elements belong to one, and the event of a report.
#include "event_elements.h"

#include "../library/os_value.h"
#include "../runtime/families.h"

#include <DriverKit/OSArray.h>
#include <DriverKit/OSDictionary.h>
#include <DriverKit/OSNumber.h>
#include <HIDDriverKit/IOHIDEventServiceKeys.h>
#include <HIDDriverKit/IOHIDUsageTables.h>

namespace dextsim {

namespace {

bool isDigitizer(IOHIDElement * collection) {
    const uint32_t usage = collection->getUsage();
    if (collection->getUsagePage() != kHIDPage_Digitizer) {
        return false;
    }
    switch (collection->getCollectionType()) {
    case kIOHIDElementCollectionTypeLogical:
    case kIOHIDElementCollectionTypePhysical:
        return usage >= kHIDUsage_Dig_Stylus && usage <= kHIDUsage_Dig_GestureCharacter;
    case kIOHIDElementCollectionTypeApplication:
        return usage >= kHIDUsage_Dig_Digitizer && usage <= kHIDUsage_Dig_DeviceConfiguration;
    default:
        return false;
    }
}

IOHIDDigitizerCollectionType typeOf(IOHIDElement * collection) {
    switch (collection->getUsage()) {
    case kHIDUsage_Dig_Puck:
        return kIOHIDDigitizerCollectionTypePuck;
    case kHIDUsage_Dig_Finger:
    case kHIDUsage_Dig_TouchScreen:
    case kHIDUsage_Dig_TouchPad:
        return kIOHIDDigitizerCollectionTypeFinger;
    default:
        return kIOHIDDigitizerCollectionTypeStylus;
    }
}

// Unless the personality or the driver has said it.
void setTipThreshold(IOHIDEventService * service) {
    constexpr uint64_t kDefault = 75;
    OSDictionary * properties = nullptr;
    if (service->CopyProperties(&properties) != kIOReturnSuccess) {
        return;
    }
    const bool isSet = properties->getObject(kIOHIDDigitizerTipThresholdKey) != nullptr;
    properties->release();
    if (!isSet) {
        const OSSharedPtr threshold(OSNumber::withNumber(kDefault, 64), OSNoRetain);
        const OSSharedPtr more(OSDictionary::withCapacity(1), OSNoRetain);
        more->setObject(kIOHIDDigitizerTipThresholdKey, threshold.get());
        service->SetProperties(more.get());
    }
}

// What the elements of one say, whether this report has changed them or not.
struct Transducer {
    IOFixed x = 0, y = 0, z = 0;
    IOFixed tipPressure = 0, barrelPressure = 0, tiltX = 0, tiltY = 0, twist = 0;
    uint32_t identifier = 0;
    uint32_t buttons = 0;
    bool touches = false, isInRange = true, saysRange = false, isInverted = false;
    bool isCancelled = false;
    bool isHandled = false; // the report has something of it
};

void setBit(uint32_t & bits, uint32_t bit, bool on) {
    bits = on ? bits | 1u << bit : bits & ~(1u << bit);
}

void readPosition(Transducer & found, IOHIDElement * element, bool current) {
    const uint32_t usage = element->getUsage();
    if (usage == kHIDUsage_GD_X || usage == kHIDUsage_GD_Y || usage == kHIDUsage_GD_Z) {
        (usage == kHIDUsage_GD_X   ? found.x
         : usage == kHIDUsage_GD_Y ? found.y
                                   : found.z) = calibrated(element);
        found.isHandled |= current;
    }
}

// False: a usage that says nothing here.
bool readUsage(Transducer & found, IOHIDElement * element) {
    const uint32_t value = element->getValue();
    switch (element->getUsage()) {
    case kHIDUsage_Dig_TransducerIndex:
    case kHIDUsage_Dig_ContactIdentifier:
        found.identifier = value;
        return true;
    case kHIDUsage_Dig_Untouch:
        found.isCancelled = value != 0;
        return true;
    case kHIDUsage_Dig_Touch:
    case kHIDUsage_Dig_TipSwitch:
        found.touches = value != 0;
        setBit(found.buttons, 0, found.touches);
        found.isHandled |= found.buttons != 0;
        return true;
    case kHIDUsage_Dig_BarrelSwitch:
        setBit(found.buttons, 1, value != 0);
        return true;
    case kHIDUsage_Dig_Eraser:
        setBit(found.buttons, 2, value != 0);
        found.isInverted = value != 0;
        return true;
    case kHIDUsage_Dig_InRange:
        found.isInRange = value != 0;
        found.saysRange = true;
        return true;
    case kHIDUsage_Dig_BarrelPressure:
        found.barrelPressure = calibrated(element);
        return true;
    case kHIDUsage_Dig_TipPressure:
        found.tipPressure = calibrated(element);
        return true;
    case kHIDUsage_Dig_XTilt:
        found.tiltX = element->getScaledFixedValue(kIOHIDValueScaleTypePhysical);
        return true;
    case kHIDUsage_Dig_YTilt:
        found.tiltY = element->getScaledFixedValue(kIOHIDValueScaleTypePhysical);
        return true;
    case kHIDUsage_Dig_Twist:
        found.twist = element->getScaledFixedValue(kIOHIDValueScaleTypePhysical);
        return true;
    case kHIDUsage_Dig_Invert:
        found.isInverted = value != 0;
        return true;
    default:
        return false;
    }
}

Transducer readTransducer(IOHIDDigitizerCollection * digitizer, uint64_t timestamp,
                          uint32_t reportID) {
    Transducer found;
    found.identifier = reportID;
    OSArray * const elements = digitizer->getElements();
    for (uint32_t i = 0; elements != nullptr && i < elements->getCount(); i++) {
        auto * const element = OSDynamicCast(IOHIDElement, elements->getObject(i));
        if (element == nullptr) {
            continue;
        }
        const bool current = isCurrent(element, timestamp, reportID);
        if (element->getUsagePage() == kHIDPage_GenericDesktop) {
            readPosition(found, element, current);
        } else if (element->getUsagePage() == kHIDPage_Digitizer && readUsage(found, element)) {
            found.isHandled |= current;
        }
    }
    if (!found.saysRange && (found.isCancelled || !found.touches)) {
        found.isInRange = false;
    }
    return found;
}

// The whole of the touches, and what they have in common.
struct Hand {
    Value::Array all;
    int64_t touchX = 0, touchY = 0, rangeX = 0, rangeY = 0;
    int64_t touching = 0, near = 0;
    unsigned fingers = 0;
    uint32_t buttons = 0;
    bool touchChanged = false, positionChanged = false, rangeChanged = false, isCancelled = false;
};

Value fixed(IOFixed value) {
    return Value::number(static_cast<uint64_t>(int64_t{value}));
}

void addTransducer(Hand & hand, IOHIDDigitizerCollection * digitizer, const Transducer & found) {
    const bool touchChanged = found.touches != digitizer->getTouch();
    const bool rangeChanged = found.isInRange != digitizer->getInRange();
    const bool moved =
        found.isInRange && (digitizer->getX() != found.x || digitizer->getY() != found.y ||
                            digitizer->getZ() != found.z);
    hand.touchChanged |= touchChanged;
    hand.rangeChanged |= rangeChanged;
    hand.positionChanged |= moved;
    hand.isCancelled |= found.isCancelled;
    hand.buttons |= found.buttons;
    hand.fingers += digitizer->getType() == kIOHIDDigitizerCollectionTypeFinger ? 1 : 0;
    if (found.touches) {
        hand.touching++;
        hand.touchX += found.x;
        hand.touchY += found.y;
    }
    if (found.isInRange) {
        hand.near++;
        hand.rangeX += found.x;
        hand.rangeY += found.y;
    }
    hand.all.push_back(
        Value::dictionary({{"identifier", Value::number(found.identifier)},
                           {"type", Value::number(static_cast<uint64_t>(digitizer->getType()))},
                           {"x", fixed(found.x)},
                           {"y", fixed(found.y)},
                           {"z", fixed(found.z)},
                           {"inRange", Value::boolean(found.isInRange)},
                           {"touch", Value::boolean(found.touches)},
                           {"invert", Value::boolean(found.isInverted)},
                           {"buttons", Value::number(found.buttons)},
                           {"tipPressure", fixed(found.tipPressure)},
                           {"barrelPressure", fixed(found.barrelPressure)},
                           {"tiltX", fixed(found.tiltX)},
                           {"tiltY", fixed(found.tiltY)},
                           {"twist", fixed(found.twist)},
                           {"touchChanged", Value::boolean(touchChanged)},
                           {"positionChanged", Value::boolean(moved)},
                           {"rangeChanged", Value::boolean(rangeChanged)}}));
}

// The middle of what touches, or of what is near.
IOFixed middle(int64_t touching, int64_t touches, int64_t near, int64_t nears) {
    return static_cast<IOFixed>(touches != 0 ? touching / touches : nears != 0 ? near / nears : 0);
}

} // namespace

bool takeDigitizerElement(IOHIDEventService * service, Digitizers & digitizers,
                          IOHIDElement * element) {
    if (element->getType() > kIOHIDElementTypeInput_ScanCodes) {
        return false;
    }
    IOHIDElement * parent = element->getParentElement();
    while (parent != nullptr && !isDigitizer(parent)) {
        parent = parent->getParentElement();
    }
    const bool isRelative = (element->getFlags() & kIOHIDElementFlagsRelativeMask) != 0;
    const uint32_t usage = element->getUsage();
    const bool isAxis = element->getUsagePage() == kHIDPage_GenericDesktop &&
                        usage >= kHIDUsage_GD_X && usage <= kHIDUsage_GD_Z;
    if (parent == nullptr || (isAxis && isRelative)) {
        return false;
    }
    if (element->getUsagePage() == kHIDPage_Digitizer && usage == kHIDUsage_Dig_TipPressure) {
        setTipThreshold(service);
    }
    for (const auto & digitizer : digitizers) {
        if (digitizer->getParentCollection() == parent) {
            digitizer->addElement(element);
            return true;
        }
    }
    digitizers.emplace_back(IOHIDDigitizerCollection::withType(typeOf(parent), parent), OSNoRetain);
    digitizers.back()->addElement(element);
    return true;
}

void dispatchDigitizers(IOHIDEventService * service, const Digitizers & digitizers,
                        uint64_t timestamp, uint32_t reportID) {
    Hand hand;
    uint64_t type = 0;
    for (const auto & digitizer : digitizers) {
        const Transducer found = readTransducer(digitizer.get(), timestamp, reportID);
        if (!found.isHandled) {
            continue;
        }
        // That it is still away is told once.
        if (digitizer->getTouch() || found.touches || found.isInRange) {
            type = hand.all.empty() ? static_cast<uint64_t>(digitizer->getType()) : type;
            addTransducer(hand, digitizer.get(), found);
        }
        digitizer->setTouch(found.touches);
        digitizer->setX(found.x);
        digitizer->setY(found.y);
        digitizer->setZ(found.z);
        digitizer->setInRange(found.isInRange);
    }
    if (hand.all.empty()) {
        return;
    }
    type = hand.fingers > 1 ? uint64_t{kIOHIDDigitizerCollectionTypeHand} : type;
    Writer body = familyBody(FamilyOp::HidEvent, service);
    const IOFixed x = middle(hand.touchX, hand.touching, hand.rangeX, hand.near);
    const IOFixed y = middle(hand.touchY, hand.touching, hand.rangeY, hand.near);
    tellFamily(
        body.string("digitizer")
            .value(Value::dictionary({{"timestamp", Value::number(timestamp)},
                                      {"type", Value::number(type)},
                                      {"x", fixed(x)},
                                      {"y", fixed(y)},
                                      {"touch", Value::boolean(hand.touching != 0)},
                                      {"inRange", Value::boolean(hand.near != 0)},
                                      {"buttons", Value::number(hand.buttons)},
                                      {"touchChanged", Value::boolean(hand.touchChanged)},
                                      {"positionChanged", Value::boolean(hand.positionChanged)},
                                      {"rangeChanged", Value::boolean(hand.rangeChanged)},
                                      {"cancelled", Value::boolean(hand.isCancelled)},
                                      {"transducers", Value::array(std::move(hand.all))}})));
}

} // namespace dextsim
