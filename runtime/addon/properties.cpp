// CoreFoundation → JavaScript.
#include "properties.h"

#include <cstring>
#include <vector>

namespace dextgen {
namespace {

constexpr int kDepthLimit = 16; // of containers in containers; a registry value is never that deep

Napi::Value Convert(Napi::Env env, CFTypeRef value, int depth);

std::string ToText(CFStringRef string) {
    const CFIndex capacity =
        CFStringGetMaximumSizeForEncoding(CFStringGetLength(string), kCFStringEncodingUTF8) + 1;
    std::vector<char> text(static_cast<size_t>(capacity));
    if (!CFStringGetCString(string, text.data(), capacity, kCFStringEncodingUTF8))
        return {};
    return text.data();
}

Napi::Value ConvertNumber(Napi::Env env, CFNumberRef number) {
    if (CFNumberIsFloatType(number)) {
        double value = 0;
        (void)CFNumberGetValue(number, kCFNumberDoubleType, &value);
        return Napi::Number::New(env, value);
    }
    int64_t value = 0;
    (void)CFNumberGetValue(number, kCFNumberSInt64Type, &value);
    return Napi::BigInt::New(env, value);
}

Napi::Value ConvertData(Napi::Env env, CFDataRef data) {
    const auto length = static_cast<size_t>(CFDataGetLength(data));
    Napi::Uint8Array bytes = Napi::Uint8Array::New(env, length);
    if (length != 0)
        std::memcpy(bytes.Data(), CFDataGetBytePtr(data), length);
    return bytes;
}

Napi::Value ConvertArray(Napi::Env env, CFArrayRef array, int depth) {
    const CFIndex count = CFArrayGetCount(array);
    Napi::Array result = Napi::Array::New(env, static_cast<size_t>(count));
    for (CFIndex i = 0; i < count; i++)
        result.Set(static_cast<uint32_t>(i), Convert(env, CFArrayGetValueAtIndex(array, i), depth));
    return result;
}

Napi::Value ConvertDictionary(Napi::Env env, CFDictionaryRef dictionary, int depth) {
    const auto count = static_cast<size_t>(CFDictionaryGetCount(dictionary));
    std::vector<const void *> keys(count), values(count);
    if (count != 0)
        CFDictionaryGetKeysAndValues(dictionary, keys.data(), values.data());
    Napi::Object result = Napi::Object::New(env);
    for (size_t i = 0; i < count; i++)
        if (CFGetTypeID(keys[i]) == CFStringGetTypeID())
            result.Set(ToText(static_cast<CFStringRef>(keys[i])), Convert(env, values[i], depth));
    return result;
}

Napi::Value Convert(Napi::Env env, CFTypeRef value, int depth) {
    if (value == nullptr || depth == 0)
        return env.Undefined();
    const CFTypeID type = CFGetTypeID(value);
    if (type == CFNumberGetTypeID())
        return ConvertNumber(env, static_cast<CFNumberRef>(value));
    if (type == CFBooleanGetTypeID())
        return Napi::Boolean::New(env, CFBooleanGetValue(static_cast<CFBooleanRef>(value)));
    if (type == CFStringGetTypeID())
        return Napi::String::New(env, ToText(static_cast<CFStringRef>(value)));
    if (type == CFDataGetTypeID())
        return ConvertData(env, static_cast<CFDataRef>(value));
    if (type == CFArrayGetTypeID())
        return ConvertArray(env, static_cast<CFArrayRef>(value), depth - 1);
    if (type == CFDictionaryGetTypeID())
        return ConvertDictionary(env, static_cast<CFDictionaryRef>(value), depth - 1);
    return env.Undefined();
}

} // namespace

CfObject CopyProperty(io_registry_entry_t entry, const std::string & key) {
    CfObject name(
        CFStringCreateWithCString(kCFAllocatorDefault, key.c_str(), kCFStringEncodingUTF8));
    if (!name)
        return {};
    return CfObject(IORegistryEntryCreateCFProperty(entry, static_cast<CFStringRef>(name.Get()),
                                                    kCFAllocatorDefault, 0));
}

Napi::Value ToJavaScript(Napi::Env env, CFTypeRef value) {
    return Convert(env, value, kDepthLimit);
}

} // namespace dextgen
