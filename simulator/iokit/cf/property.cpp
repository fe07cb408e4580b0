// See property.h.
#include "property.h"

#include "object.h"

namespace dextsim::cf {

namespace {

bool toArray(const __CFArray & array, Value & value) {
    Value::Array items;
    for (const void * item : array.values) {
        items.emplace_back();
        if (!toValue(item, items.back())) {
            return false;
        }
    }
    value = array.type == Type::Set ? Value::set(std::move(items)) : Value::array(std::move(items));
    return true;
}

bool toDictionary(const __CFDictionary & dictionary, Value & value) {
    value = Value::dictionary();
    for (const auto & [key, member] : dictionary.entries) {
        Value converted;
        if (!isA(key, Type::String) || !toValue(member, converted)) {
            return false;
        }
        value.put(static_cast<CFStringRef>(key)->text, std::move(converted));
    }
    return true;
}

CFTypeRef createArray(const Value & value) {
    bool isSet = value.kind() == Value::Kind::Set;
    auto * array = new __CFArray(isSet ? Type::Set : Type::Array, true);
    for (const Value & item : value.items()) {
        if (CFTypeRef object = createObject(item)) {
            array->values.push_back(object);
        }
    }
    return array;
}

CFTypeRef createDictionary(const Value & value) {
    auto * dictionary = new __CFDictionary(true, true);
    for (const auto & [key, member] : value.entries()) {
        if (CFTypeRef object = createObject(member)) {
            dictionary->entries.emplace_back(new __CFString(key), object);
        }
    }
    return dictionary;
}

} // namespace

bool toValue(CFTypeRef object, Value & value) {
    if (object == nullptr) {
        return false;
    }
    switch (objectOf(object)->type) {
    case Type::String:
        value = Value::string(static_cast<CFStringRef>(object)->text);
        return true;
    case Type::Boolean:
        value = Value::boolean(static_cast<CFBooleanRef>(object)->value);
        return true;
    case Type::Data:
        value = Value::data(static_cast<CFDataRef>(object)->bytes);
        return true;
    case Type::Number: {
        const auto * number = static_cast<CFNumberRef>(object);
        auto bits = static_cast<uint8_t>(CFNumberGetByteSize(number) * 8);
        value = Value::number(static_cast<uint64_t>(number->integer), bits);
        return !number->isFloat;
    }
    case Type::Array:
    case Type::Set:
        return toArray(*static_cast<CFArrayRef>(object), value);
    case Type::Dictionary:
        return toDictionary(*static_cast<CFDictionaryRef>(object), value);
    default:
        return false;
    }
}

CFTypeRef createObject(const Value & value) {
    switch (value.kind()) {
    case Value::Kind::None:
        return nullptr;
    case Value::Kind::Boolean:
        return value.asBoolean() ? kCFBooleanTrue : kCFBooleanFalse;
    case Value::Kind::Number:
        return new __CFNumber(kCFNumberSInt64Type, static_cast<int64_t>(value.asNumber()));
    case Value::Kind::String:
        return new __CFString(value.asString());
    case Value::Kind::Data:
        return CFDataCreate(nullptr, value.asData().data(),
                            static_cast<CFIndex>(value.asData().size()));
    case Value::Kind::Array:
    case Value::Kind::Set:
        return createArray(value);
    case Value::Kind::Dictionary:
        return createDictionary(value);
    }
    return nullptr;
}

std::string toString(CFStringRef string) {
    return isA(string, Type::String) ? string->text : std::string();
}

} // namespace dextsim::cf
