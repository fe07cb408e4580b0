#include "HidReader.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSArray.h>
#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSDictionary.h>
#include <HIDDriverKit/HIDDriverKit.h>
#include <os/log.h>

struct HidReader_IVars {
    OSArray * keys;
    IOHIDElement * light;
    IOHIDDigitizerCollection * pen;
};

bool HidReader::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(HidReader_IVars, 1);
    ivars->keys = OSArray::withCapacity(8);
    return true;
}

void HidReader::free() {
    if (ivars != nullptr) {
        OSSafeReleaseNULL(ivars->keys);
        OSSafeReleaseNULL(ivars->pen);
    }
    IOSafeDeleteNULL(ivars, HidReader_IVars, 1);
    super::free();
}

kern_return_t HidReader::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    if (status != kIOReturnSuccess) {
        return status;
    }
    OSArray * const elements = getElements();
    if (elements == nullptr) {
        return kIOReturnNotReady;
    }
    for (uint32_t i = 0; i < elements->getCount(); i++) {
        sortElement(OSDynamicCast(IOHIDElement, elements->getObject(i)));
    }
    os_log(OS_LOG_DEFAULT, "reader: %u elements, %u keys", elements->getCount(),
           ivars->keys->getCount());
    return RegisterService();
}

void HidReader::sortElement(IOHIDElement * element) {
    if (element == nullptr || element->getType() == kIOHIDElementTypeCollection) {
        return;
    }
    os_log(OS_LOG_DEFAULT,
           "element %u: type %u, usage %u:%u, report %u, %u x %u bits, %d..%d, flags %u, in %u",
           element->getCookie(), element->getType(), element->getUsagePage(), element->getUsage(),
           element->getReportID(), element->getReportCount(), element->getReportSize(),
           static_cast<int32_t>(element->getLogicalMin()),
           static_cast<int32_t>(element->getLogicalMax()), element->getFlags(),
           element->getParentElement()->getCookie());
    if (element->getUsagePage() == kHIDPage_KeyboardOrKeypad) {
        ivars->keys->setObject(element);
    } else if (element->getUsagePage() == kHIDPage_LEDs) {
        ivars->light = element;
    } else if (element->conformsTo(kHIDPage_Digitizer, kHIDUsage_Dig_Pen)) {
        if (ivars->pen == nullptr) {
            ivars->pen = IOHIDDigitizerCollection::withType(kIOHIDDigitizerCollectionTypeStylus,
                                                            element->getParentElement());
        }
        ivars->pen->addElement(element);
    }
}

void HidReader::handleReport(uint64_t timestamp, uint8_t *, uint32_t, IOHIDReportType,
                             uint32_t reportID) {
    dispatchKeys(timestamp, reportID);
    dispatchPen(timestamp, reportID);
}

// F1 switches the light, which the device answers for: the feature report tells what came of it.
void HidReader::dispatchKeys(uint64_t timestamp, uint32_t reportID) {
    for (uint32_t i = 0; i < ivars->keys->getCount(); i++) {
        auto * const key = OSDynamicCast(IOHIDElement, ivars->keys->getObject(i));
        const uint32_t value = key->getValue();
        if (key->getReportID() != reportID || key->getTimeStamp() != timestamp ||
            value == key->getValue(kIOHIDValueOptionsFlagPrevious)) {
            continue;
        }
        dispatchKeyboardEvent(timestamp, key->getUsagePage(), key->getUsage(), value, 0, true);
        if (key->getUsage() == kHIDUsage_KeyboardF1 && ivars->light != nullptr) {
            ivars->light->setValue(value);
            const IOReturn status = ivars->light->commit(kIOHIDElementCommitDirectionOut);
            os_log(OS_LOG_DEFAULT, "light %u: 0x%x", value, status);
        }
    }
}

void HidReader::dispatchPen(uint64_t timestamp, uint32_t reportID) {
    OSArray * const elements = ivars->pen != nullptr ? ivars->pen->getElements() : nullptr;
    IOHIDDigitizerStylusData data = {};
    bool current = false;
    for (uint32_t i = 0; elements != nullptr && i < elements->getCount(); i++) {
        auto * const element = OSDynamicCast(IOHIDElement, elements->getObject(i));
        current |= element->getReportID() == reportID && element->getTimeStamp() == timestamp;
        switch (element->getUsage()) {
        case kHIDUsage_GD_X:
            data.x = element->getScaledFixedValue(kIOHIDValueScaleTypePhysical);
            break;
        case kHIDUsage_Dig_XTilt:
            data.tiltX = element->getScaledFixedValue(kIOHIDValueScaleTypePhysical);
            break;
        case kHIDUsage_Dig_TipSwitch:
            data.tip = element->getValue() != 0;
            break;
        default:
            break;
        }
    }
    if (!current) {
        return;
    }
    data.identifier = 7;
    data.tipChanged = data.tip != ivars->pen->getTouch();
    ivars->pen->setTouch(data.tip);
    dispatchDigitizerStylusEvent(timestamp, &data);
    IOHIDDigitizerTouchData touches[2] = {};
    touches[0].identifier = 1;
    touches[1].y = data.x;
    touches[1].touch = data.tip;
    dispatchDigitizerTouchEvent(timestamp, touches, 2);
}
