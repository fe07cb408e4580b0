// What an object looks like in words: %@, CFCopyDescription, CFShow.
#include "format.h"
#include "object.h"

#include <cfloat>
#include <cmath>
#include <cstdio>

namespace dextsim::cf {

namespace {

std::string print(const char * format, ...) __attribute__((format(printf, 1, 2)));
std::string print(const char * format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return text;
}

std::string numberText(const __CFNumber & number) {
    if (!number.isFloat) {
        return std::to_string(number.integer);
    }
    if (std::isnan(number.real)) {
        return "nan";
    }
    if (std::isinf(number.real)) {
        return number.real < 0 ? "-infinity" : "+infinity";
    }
    return number.real == 0 ? "0.0" : print("%.*g", DBL_DIG + 2, number.real);
}

const char * numberTypeName(CFNumberType type) {
    switch (type) {
    case kCFNumberSInt8Type:
        return "kCFNumberSInt8Type";
    case kCFNumberSInt16Type:
        return "kCFNumberSInt16Type";
    case kCFNumberSInt32Type:
        return "kCFNumberSInt32Type";
    case kCFNumberFloat32Type:
        return "kCFNumberFloat32Type";
    case kCFNumberFloat64Type:
        return "kCFNumberFloat64Type";
    default:
        return "kCFNumberSInt64Type";
    }
}

std::string item(const void * value, bool isObject) {
    return isObject ? describe(value) : print("<%p>", value);
}

std::string arrayText(const __CFArray & array) {
    std::string values;
    for (size_t i = 0; i < array.values.size(); ++i) {
        values += "\n\t" + std::to_string(i) + " : " + item(array.values[i], array.counted);
    }
    return print("{type = %s, count = %zu, values = (",
                 array.type == Type::Set ? "immutable set" : "mutable-small", array.values.size()) +
           values + "\n)}";
}

std::string dictionaryText(const __CFDictionary & dictionary) {
    std::string entries;
    size_t index = 0;
    for (const auto & [key, value] : dictionary.entries) {
        entries += "\t" + std::to_string(index++) + " : " + item(key, dictionary.keysCounted) +
                   " = " + item(value, dictionary.valuesCounted) + "\n";
    }
    return print("{type = mutable dict, count = %zu,\nentries =>\n", dictionary.entries.size()) +
           entries + "}\n";
}

std::string dataText(const __CFData & data) {
    std::string bytes;
    for (UInt8 byte : data.bytes) {
        bytes += print("%02x", byte);
    }
    return print("{length = %zu, capacity = %zu, bytes = 0x", data.bytes.size(),
                 data.bytes.capacity()) +
           bytes + "}";
}

std::string head(const char * name, const Object & object) {
    return print("<%s %p [%p]>", name, static_cast<const void *>(&object), nullptr);
}

} // namespace

std::string describe(CFTypeRef reference) {
    if (reference == nullptr) {
        return "(null)";
    }
    const Object & object = *objectOf(reference);
    switch (object.type) {
    case Type::String:
        return head("CFString", object) + "{contents = \"" +
               static_cast<const __CFString &>(object).text + "\"}";
    case Type::Number: {
        const auto & number = static_cast<const __CFNumber &>(object);
        const bool hasNoSign = number.isFloat || number.integer < 0;
        return head("CFNumber", object) + "{value = " + (hasNoSign ? "" : "+") +
               numberText(number) + ", type = " + numberTypeName(number.numberType) + "}";
    }
    case Type::Boolean:
        return head("CFBoolean", object) + (static_cast<const __CFBoolean &>(object).value
                                                ? "{value = true}"
                                                : "{value = false}");
    case Type::Data:
        return head("CFData", object) + dataText(static_cast<const __CFData &>(object));
    case Type::Array:
        return head("CFArray", object) + arrayText(static_cast<const __CFArray &>(object));
    case Type::Set:
        return head("CFBasicHash", object) + arrayText(static_cast<const __CFArray &>(object));
    case Type::Dictionary:
        return head("CFBasicHash", object) +
               dictionaryText(static_cast<const __CFDictionary &>(object));
    case Type::Uuid: {
        const auto & uuid = static_cast<const __CFUUID &>(object);
        return head("CFUUID", object) + uuid.text();
    }
    case Type::RunLoop:
        return head("CFRunLoop", object);
    case Type::RunLoopSource:
        return head("CFRunLoopSource", object);
    case Type::RunLoopTimer:
        return head("CFRunLoopTimer", object);
    }
    return head("CFType", object);
}

std::string formatObject(CFTypeRef reference) {
    if (isA(reference, Type::String)) {
        return static_cast<const __CFString &>(*objectOf(reference)).text;
    }
    if (isA(reference, Type::Number)) {
        return numberText(static_cast<const __CFNumber &>(*objectOf(reference)));
    }
    if (isA(reference, Type::Boolean)) {
        return static_cast<const __CFBoolean &>(*objectOf(reference)).value ? "true" : "false";
    }
    return describe(reference);
}

} // namespace dextsim::cf

CFStringRef CFCopyDescription(CFTypeRef object) {
    return new __CFString(dextsim::cf::describe(object));
}

void CFShow(CFTypeRef object) {
    const std::string text = dextsim::cf::isA(object, dextsim::cf::Type::String)
                                 ? dextsim::cf::formatObject(object)
                                 : dextsim::cf::describe(object);
    fprintf(stderr, "%s\n", text.c_str());
}

void CFShowStr(CFStringRef string) {
    fprintf(stderr, "Length %zd\nIsEightBit 1\nContents: %s\n",
            static_cast<ssize_t>(CFStringGetLength(string)), string->text.c_str());
}
