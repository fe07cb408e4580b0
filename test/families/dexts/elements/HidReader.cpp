#include "HidReader.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSArray.h>
#include <DriverKit/OSBoolean.h>
#include <DriverKit/OSDictionary.h>
#include <HIDDriverKit/HIDDriverKit.h>
#include <os/log.h>

// The numbers of the HID Usage Tables, at the ends of runs and behind gaps.
static_assert(kHIDPage_Arcade == 0x91 && kHIDPage_FIDO == 0xF1D0 && kHIDPage_Scale == 0x8D);
static_assert(kHIDUsage_GD_MultiAxisController == 0x08 && kHIDUsage_GD_DoNotDisturb == 0x9B);
static_assert(kHIDUsage_GD_SystemMenuDown == 0x8D && kHIDUsage_GD_Qw == 0x4C);
static_assert(kHIDUsage_Sim_RearBrake == 0xD0 && kHIDUsage_Game_GamepadFireOrJump == 0x37);
static_assert(kHIDUsage_KeyboardExSel == 0xA4 && kHIDUsage_KeyboardRightGUI == 0xE7);
static_assert(kHIDUsage_LED_ExternalPowerConnected == 0x4D && kHIDUsage_LED_Error == 0x39);
static_assert(kHIDUsage_Tfon_PhoneKeyD == 0xBF && kHIDUsage_Tfon_CallerID == 0x30);
static_assert(kHIDUsage_Csmr_Loudness == 0xE7 && kHIDUsage_Csmr_ACForward == 0x225);
static_assert(kHIDUsage_Csmr_ACSnoozeAlarm == 0x284 && kHIDUsage_Csmr_ContactMisc == 0x514);
static_assert(kHIDUsage_Csmr_ALDigitalWallet == 0x1BA && kHIDUsage_Csmr_ACDistributeV == 0x29C);
static_assert(kHIDUsage_Dig_ContactCountMaximum == 0x55 && kHIDUsage_Dig_Azimuth == 0x3F);
static_assert(kHIDUsage_Haptics_WaveformRelease == 0x1007 && kHIDUsage_PID_PoolReport == 0x7F);
static_assert(kHIDUsage_PID_RAM_PoolAvailable == 0xAC && kHIDUsage_PID_DC_DeviceContinue == 0x9C);
static_assert(kHIDUsage_AD_UnicodeCharacterSet == 0x41 &&
              kHIDUsage_Snsr_Time_RealTimeClock == 0xA2);
static_assert(kHIDUsage_Snsr_Property_PowerState == 0x319 &&
              kHIDUsage_PD_CommunicationLost == 0x73);
static_assert(kHIDUsage_BS_iOEMInformation == 0x8F && kHIDUsage_BCS_VeriCode == 0x121);
static_assert(kHIDUsage_BCS_CheckDigitCode99Enable == 0xDF && kHIDUsage_BCS_BarSpaceData == 0x100);
static_assert(kHIDUsage_WD_WeightUnitPound == 0x5C && kHIDUsage_MSR_TrackJISData == 0x24);
static_assert(kHIDUsage_FIDO_OutputData == 0x21 && kHIDUsage_CC_Shutter == 0x21);

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
        dispatchKeyboardEvent(timestamp, key->getUsagePage(), key->getUsage(), value, 0);
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
