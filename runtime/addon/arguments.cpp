// Conversions from JavaScript, each with its check. Readable validation is the client's; this is
// for safety.
#include "arguments.h"

#include <cmath>

namespace dextgen {

void Arguments::Fail(const char * name, const char * problem) {
    if (std::exchange(failed_, true))
        return;
    Napi::TypeError::New(env_, std::string(name) + " " + problem).ThrowAsJavaScriptException();
}

double Arguments::Number(size_t index, const char * name, double maximum) {
    if (failed_)
        return 0;
    const double value =
        info_[index].IsNumber() ? info_[index].As<Napi::Number>().DoubleValue() : -1;
    if (value >= 0 && value <= maximum && value == std::floor(value))
        return value;
    Fail(name, "is not an integer in range");
    return 0;
}

uint32_t Arguments::Uint32(size_t index, const char * name, uint32_t maximum) {
    return static_cast<uint32_t>(Number(index, name, maximum));
}

uint64_t Arguments::Integer(size_t index, const char * name) {
    return static_cast<uint64_t>(Number(index, name, 9007199254740991.0));
}

uint64_t Arguments::Word(size_t index, const char * name) {
    if (failed_)
        return 0;
    if (!info_[index].IsBigInt()) {
        Fail(name, "is not a bigint");
        return 0;
    }
    bool lossless = false;
    return info_[index].As<Napi::BigInt>().Uint64Value(&lossless);
}

// No coercion: it would run code of the program.
bool Arguments::Boolean(size_t index, const char * name) {
    if (failed_ || info_[index].IsBoolean())
        return !failed_ && info_[index].As<Napi::Boolean>().Value();
    Fail(name, "is not a boolean");
    return false;
}

std::string Arguments::String(size_t index, const char * name) {
    if (failed_)
        return {};
    if (info_[index].IsString())
        return info_[index].As<Napi::String>().Utf8Value();
    Fail(name, "is not a string");
    return {};
}

std::string Arguments::StringOr(size_t index, const char * name, const char * otherwise) {
    return IsAbsent(index) ? otherwise : String(index, name);
}

Napi::Function Arguments::Function(size_t index, const char * name) {
    if (failed_)
        return {};
    if (!info_[index].IsFunction()) {
        Fail(name, "is not a function");
        return {};
    }
    return info_[index].As<Napi::Function>();
}

Bytes Arguments::Uint8Array(size_t index, const char * name) {
    if (failed_)
        return {nullptr, 0};
    const Napi::Value value = info_[index];
    if (!value.IsTypedArray() ||
        value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
        Fail(name, "is not a Uint8Array");
        return {nullptr, 0};
    }
    auto array = value.As<Napi::Uint8Array>();
    return {array.Data(), array.ByteLength()};
}

std::vector<uint8_t> Arguments::CopyOfBytes(size_t index, const char * name, size_t maximum) {
    if (failed_ || IsAbsent(index))
        return {};
    const Bytes bytes = Uint8Array(index, name);
    if (bytes.length > maximum) {
        Fail(name, "is too long");
        return {};
    }
    return bytes.length == 0 ? std::vector<uint8_t>()
                             : std::vector<uint8_t>(bytes.data, bytes.data + bytes.length);
}

std::vector<uint64_t> Arguments::CopyOfWords(size_t index, const char * name, size_t maximum) {
    if (failed_ || IsAbsent(index))
        return {};
    const Napi::Value value = info_[index];
    if (!value.IsTypedArray() ||
        value.As<Napi::TypedArray>().TypedArrayType() != napi_biguint64_array) {
        Fail(name, "is not a BigUint64Array");
        return {};
    }
    auto array = value.As<Napi::BigUint64Array>();
    if (array.ElementLength() > maximum) {
        Fail(name, "has too many words");
        return {};
    }
    return array.ElementLength() == 0
               ? std::vector<uint64_t>()
               : std::vector<uint64_t>(array.Data(), array.Data() + array.ElementLength());
}

std::vector<MemoryArgument> Arguments::Memories(size_t index, const char * name) {
    std::vector<MemoryArgument> memories;
    if (failed_ || IsAbsent(index))
        return memories;
    if (!info_[index].IsArray()) {
        Fail(name, "is not an array");
        return memories;
    }
    auto list = info_[index].As<Napi::Array>();
    for (uint32_t i = 0; i < list.Length() && !env_.IsExceptionPending(); i++) {
        const Napi::Value item = list.Get(i);
        const Napi::Object object = item.IsObject() ? item.As<Napi::Object>() : list;
        const Napi::Value bytes = object.Get("bytes");
        const Napi::Value address = object.Get("address");
        const Napi::Value length = object.Get("length");
        const Napi::Value written = object.Get("written");
        if (env_.IsExceptionPending() || !bytes.IsTypedArray() ||
            bytes.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array ||
            !address.IsNumber() || !length.IsNumber() || !written.IsBoolean()) {
            Fail(name, "has something that is no memory");
            return {};
        }
        memories.push_back({bytes.As<Napi::Uint8Array>(), address.As<Napi::Number>().Int64Value(),
                            length.As<Napi::Number>().Int64Value(),
                            written.As<Napi::Boolean>().Value()});
    }
    return memories;
}

} // namespace dextgen
