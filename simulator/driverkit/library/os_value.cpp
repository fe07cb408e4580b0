// toValue and fromValue.
#include "os_value.h"
#include "containers.h"

namespace dextsim {
namespace {

Value::Array valuesOf(const std::vector<OSObject *> & objects) {
    Value::Array values;
    values.reserve(objects.size());
    for (const OSObject * object : objects) {
        Value value = toValue(object);
        if (!value.isNone())
            values.push_back(std::move(value));
    }
    return values;
}

Value dictionaryValue(const OSDictionary & dictionary) {
    Value::Dictionary members;
    for (const auto & [key, object] : dictionary.ivars->entries) {
        const OSString * name = OSDynamicCast(OSString, key);
        Value value = toValue(object);
        if (name != nullptr && !value.isNone())
            members.insert_or_assign(name->ivars->text, std::move(value));
    }
    return Value::dictionary(std::move(members));
}

OSContainer * dictionaryFrom(const Value & value) {
    OSDictionary * dictionary =
        OSDictionary::withCapacity(static_cast<uint32_t>(value.entries().size()));
    for (const auto & [key, member] : value.entries()) {
        OSContainer * object = fromValue(member);
        if (object == nullptr)
            continue;
        dictionary->setObject(key.c_str(), object);
        object->release();
    }
    return dictionary;
}

template <typename Collection> OSContainer * collectionFrom(const Value & value) {
    Collection * collection = Collection::withCapacity(static_cast<uint32_t>(value.items().size()));
    for (const Value & item : value.items()) {
        OSContainer * object = fromValue(item);
        if (object == nullptr)
            continue;
        collection->setObject(object);
        object->release();
    }
    return collection;
}

} // namespace

Value toValue(const OSMetaClassBase * object) {
    if (const OSBoolean * boolean = OSDynamicCast(OSBoolean, object))
        return Value::boolean(boolean == kOSBooleanTrue);
    if (const OSNumber * number = OSDynamicCast(OSNumber, object))
        return Value::number(number->ivars->value, static_cast<uint8_t>(number->ivars->bits));
    if (const OSString * string = OSDynamicCast(OSString, object))
        return Value::string(string->ivars->text);
    if (const OSData * data = OSDynamicCast(OSData, object))
        return Value::data(data->ivars->bytes);
    if (const OSArray * array = OSDynamicCast(OSArray, object))
        return Value::array(valuesOf(array->ivars->objects));
    if (const OSSet * set = OSDynamicCast(OSSet, object))
        return Value::set(valuesOf(set->ivars->objects));
    if (const OSOrderedSet * set = OSDynamicCast(OSOrderedSet, object))
        return Value::set(valuesOf(set->ivars->objects));
    if (const OSDictionary * dictionary = OSDynamicCast(OSDictionary, object))
        return dictionaryValue(*dictionary);
    return {};
}

OSContainer * fromValue(const Value & value) {
    switch (value.kind()) {
    case Value::Kind::None:
        return nullptr;
    case Value::Kind::Boolean:
        return value.asBoolean() ? kOSBooleanTrue : kOSBooleanFalse;
    case Value::Kind::Number:
        return OSNumber::withNumber(value.asNumber(), value.bits());
    case Value::Kind::String:
        return OSString::withCString(value.asString().c_str());
    case Value::Kind::Data:
        return OSData::withBytes(value.asData().data(), value.asData().size());
    case Value::Kind::Array:
        return collectionFrom<OSArray>(value);
    case Value::Kind::Set:
        return collectionFrom<OSSet>(value);
    case Value::Kind::Dictionary:
        return dictionaryFrom(value);
    }
    return nullptr;
}

} // namespace dextsim
