// CFNumber and CFBoolean.
#include "object.h"

#include <cstring>

namespace {

const __CFBoolean kTrue(true);
const __CFBoolean kFalse(false);

// The fixed-width type behind a C type's name.
CFNumberType canonical(CFNumberType type) {
    switch (type) {
    case kCFNumberCharType:
        return kCFNumberSInt8Type;
    case kCFNumberShortType:
        return kCFNumberSInt16Type;
    case kCFNumberIntType:
        return kCFNumberSInt32Type;
    case kCFNumberLongType:
    case kCFNumberLongLongType:
    case kCFNumberCFIndexType:
    case kCFNumberNSIntegerType:
        return kCFNumberSInt64Type;
    case kCFNumberFloatType:
        return kCFNumberFloat32Type;
    case kCFNumberDoubleType:
    case kCFNumberCGFloatType:
        return kCFNumberFloat64Type;
    default:
        return type;
    }
}

template <typename T> T read(const void * value) {
    T result;
    memcpy(&result, value, sizeof result);
    return result;
}

template <typename T, typename From> bool store(From from, void * value) {
    auto result = static_cast<T>(from);
    memcpy(value, &result, sizeof result);
    return static_cast<From>(result) == from;
}

template <typename From> Boolean storeAs(CFNumberType type, From from, void * value) {
    switch (canonical(type)) {
    case kCFNumberSInt8Type:
        return store<int8_t>(from, value);
    case kCFNumberSInt16Type:
        return store<int16_t>(from, value);
    case kCFNumberSInt32Type:
        return store<int32_t>(from, value);
    case kCFNumberSInt64Type:
        return store<int64_t>(from, value);
    case kCFNumberFloat32Type:
        return store<float>(from, value);
    case kCFNumberFloat64Type:
        return store<double>(from, value);
    default:
        return false;
    }
}

} // namespace

const CFBooleanRef kCFBooleanTrue = &kTrue;
const CFBooleanRef kCFBooleanFalse = &kFalse;

CFTypeID CFBooleanGetTypeID(void) {
    return static_cast<CFTypeID>(dextsim::cf::Type::Boolean);
}
Boolean CFBooleanGetValue(CFBooleanRef boolean) {
    return boolean->value;
}

bool __CFNumber::equals(const Object & other) const {
    const auto & number = static_cast<const __CFNumber &>(other);
    if (!isFloat && !number.isFloat) {
        return integer == number.integer;
    }
    double one = isFloat ? real : static_cast<double>(integer);
    double two = number.isFloat ? number.real : static_cast<double>(number.integer);
    return one == two;
}

CFTypeID CFNumberGetTypeID(void) {
    return static_cast<CFTypeID>(dextsim::cf::Type::Number);
}

CFNumberRef CFNumberCreate(CFAllocatorRef, CFNumberType type, const void * value) {
    type = canonical(type);
    switch (type) {
    case kCFNumberSInt8Type:
        return new __CFNumber(type, static_cast<int64_t>(read<int8_t>(value)));
    case kCFNumberSInt16Type:
        return new __CFNumber(type, static_cast<int64_t>(read<int16_t>(value)));
    case kCFNumberSInt32Type:
        return new __CFNumber(type, static_cast<int64_t>(read<int32_t>(value)));
    case kCFNumberSInt64Type:
        return new __CFNumber(type, read<int64_t>(value));
    case kCFNumberFloat32Type:
        return new __CFNumber(type, static_cast<double>(read<float>(value)));
    case kCFNumberFloat64Type:
        return new __CFNumber(type, read<double>(value));
    default:
        return nullptr;
    }
}

CFNumberType CFNumberGetType(CFNumberRef number) {
    return number->numberType;
}

CFIndex CFNumberGetByteSize(CFNumberRef number) {
    switch (number->numberType) {
    case kCFNumberSInt8Type:
        return 1;
    case kCFNumberSInt16Type:
        return 2;
    case kCFNumberSInt32Type:
    case kCFNumberFloat32Type:
        return 4;
    default:
        return 8;
    }
}

Boolean CFNumberIsFloatType(CFNumberRef number) {
    return number->isFloat;
}

Boolean CFNumberGetValue(CFNumberRef number, CFNumberType type, void * value) {
    return number->isFloat ? storeAs(type, number->real, value)
                           : storeAs(type, number->integer, value);
}

CFComparisonResult CFNumberCompare(CFNumberRef one, CFNumberRef other, void *) {
    if (one->equals(*other)) {
        return kCFCompareEqualTo;
    }
    bool less = one->isFloat || other->isFloat
                    ? (one->isFloat ? one->real : static_cast<double>(one->integer)) <
                          (other->isFloat ? other->real : static_cast<double>(other->integer))
                    : one->integer < other->integer;
    return less ? kCFCompareLessThan : kCFCompareGreaterThan;
}
