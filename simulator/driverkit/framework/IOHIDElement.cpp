// Elements: what a field of a report is, and its value as of the last report.
#include "hid_elements.h"

#include <HIDDriverKit/IOHIDInterface.h>

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace dextsim;

namespace {

constexpr double kOne = 65536; // of an IOFixed

uint32_t number(const HidField & field, const std::vector<uint8_t> & value) {
    uint32_t bits = 0;
    std::memcpy(&bits, value.data(), std::min(value.size(), sizeof bits));
    const unsigned unused = field.size < 32 && !field.selector ? 32 - field.size : 0;
    return field.logical[0] < 0 && !field.selector
               ? static_cast<uint32_t>(static_cast<int32_t>(bits << unused) >> unused)
               : bits << unused >> unused;
}

bool isSigned(const HidField & field) {
    return field.logical[0] < 0 && !field.selector;
}

double scaled(const HidField & field, uint32_t value, IOHIDValueScaleType type) {
    const double plain = isSigned(field) ? double(static_cast<int32_t>(value)) : double(value);
    const double range = double(field.logical[1]) - field.logical[0];
    const bool physical = field.physical[0] != 0 || field.physical[1] != 0;
    double low = physical ? field.physical[0] : field.logical[0];
    double high = physical ? field.physical[1] : field.logical[1];
    if (type == kIOHIDValueScaleTypeCalibrated) {
        low = -1;
        high = 1;
    }
    const double result =
        range == 0 ? plain : (plain - field.logical[0]) * (high - low) / range + low;
    return type == kIOHIDValueScaleTypeExponent ? result * std::pow(10.0, field.exponent) : result;
}

} // namespace

void IOHIDElement::free() {
    if (ivars != nullptr) {
        OSSafeRelease(ivars->children);
        OSSafeRelease(ivars->shown);
        delete ivars;
        ivars = nullptr;
    }
    OSContainer::free();
}

IOHIDElementCookie IOHIDElement::getCookie() {
    return ivars->cookie;
}

IOHIDElement * IOHIDElement::getParentElement() {
    return ivars->parent;
}

OSArray * IOHIDElement::getChildElements() {
    return ivars->children;
}

IOHIDElementType IOHIDElement::getType() {
    return ivars->field.type;
}

IOHIDElementCollectionType IOHIDElement::getCollectionType() {
    return ivars->field.collection;
}

uint32_t IOHIDElement::getUsagePage() {
    return ivars->field.page;
}

uint32_t IOHIDElement::getUsage() {
    return ivars->field.usage;
}

uint32_t IOHIDElement::getLogicalMin() {
    return static_cast<uint32_t>(ivars->field.logical[0]);
}

uint32_t IOHIDElement::getLogicalMax() {
    return static_cast<uint32_t>(ivars->field.logical[1]);
}

uint32_t IOHIDElement::getPhysicalMin() {
    return static_cast<uint32_t>(ivars->field.physical[0]);
}

uint32_t IOHIDElement::getPhysicalMax() {
    return static_cast<uint32_t>(ivars->field.physical[1]);
}

uint32_t IOHIDElement::getUnitExponent() {
    return static_cast<uint32_t>(ivars->field.exponent) & 0xf;
}

uint32_t IOHIDElement::getUnit() {
    return ivars->field.unit;
}

uint32_t IOHIDElement::getReportSize() {
    return ivars->field.size;
}

uint32_t IOHIDElement::getReportCount() {
    return ivars->field.selector ? 1 : ivars->field.count;
}

uint32_t IOHIDElement::getReportID() {
    return ivars->field.id;
}

IOHIDElementFlags IOHIDElement::getFlags() {
    return ivars->field.flags;
}

uint64_t IOHIDElement::getTimeStamp() {
    return ivars->timestamp;
}

uint32_t IOHIDElement::getValue(IOOptionBits options) {
    if ((options & kIOHIDValueOptionsUpdateElementValues) != 0) {
        commit(kIOHIDElementCommitDirectionIn);
    }
    const bool before = (options & kIOHIDValueOptionsFlagPrevious) != 0;
    return number(ivars->field, before ? ivars->previous : ivars->value);
}

OSData * IOHIDElement::getDataValue(IOOptionBits options) {
    if ((options & kIOHIDValueOptionsUpdateElementValues) != 0) {
        commit(kIOHIDElementCommitDirectionIn);
    }
    const bool before = (options & kIOHIDValueOptionsFlagPrevious) != 0;
    const auto & value = before ? ivars->previous : ivars->value;
    OSSafeRelease(ivars->shown);
    ivars->shown = OSData::withBytes(value.data(), static_cast<uint32_t>(value.size()));
    return ivars->shown;
}

uint32_t IOHIDElement::getScaledValue(IOHIDValueScaleType type) {
    return static_cast<uint32_t>(static_cast<int64_t>(scaled(ivars->field, getValue(), type)));
}

IOFixed IOHIDElement::getScaledFixedValue(IOHIDValueScaleType type) {
    const double fixed = scaled(ivars->field, getValue(), type) * kOne;
    return static_cast<IOFixed>(std::clamp(fixed, double(INT32_MIN), double(INT32_MAX)));
}

void IOHIDElement::setValue(uint32_t value) {
    for (size_t i = 0; i < ivars->value.size(); ++i) {
        ivars->value[i] = i < sizeof value ? static_cast<uint8_t>(value >> 8 * i) : uint8_t(0);
    }
}

void IOHIDElement::setDataValue(OSData * value) {
    if (value != nullptr) {
        const auto * const bytes = static_cast<const uint8_t *>(value->getBytesNoCopy());
        std::copy_n(bytes, std::min(value->getLength(), ivars->value.size()), ivars->value.begin());
    }
}

IOReturn IOHIDElement::commit(IOHIDElementCommitDirection direction) {
    if (ivars->owner == nullptr) {
        return kIOReturnNoDevice;
    }
    OSArray * const alone = OSArray::withCapacity(1);
    if (alone == nullptr || !alone->setObject(this)) {
        OSSafeRelease(alone);
        return kIOReturnNoMemory;
    }
    const IOReturn status = ivars->owner->commitElements(alone, direction);
    alone->release();
    return status;
}

bool IOHIDElement::conformsTo(uint32_t usagePage, uint32_t usage) {
    for (IOHIDElement * each = this; each != nullptr; each = each->ivars->parent) {
        const HidField & field = each->ivars->field;
        if (field.page == usagePage && (usage == 0 || field.usage == usage)) {
            return true;
        }
    }
    return false;
}
