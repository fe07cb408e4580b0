// Reads the arguments of one call from JavaScript. The first one that is wrong is thrown as a
// TypeError; later reads then do nothing, and the function returns when it asks Ok().
#ifndef DEXTGEN_ADDON_ARGUMENTS_H
#define DEXTGEN_ADDON_ARGUMENTS_H

#include "handles.h"

namespace dextgen {

/// Bytes that JavaScript owns: valid until control returns to it.
struct Bytes {
    uint8_t * data;
    size_t length;
};

/// Memory for a driver as a program asks for it: bytes, and the scalars that carry its address and
/// its length.
struct MemoryArgument {
    Napi::Uint8Array bytes;
    int64_t address;
    int64_t length; // -1: the length does not travel
    bool written;
};

class Arguments {
  public:
    explicit Arguments(const Napi::CallbackInfo & info) : info_(info), env_(info.Env()) {}

    bool Ok() const { return !failed_; }
    Napi::Env Env() const { return env_; }

    template <typename Type> std::shared_ptr<Type> Handle(size_t index, const char * name) {
        if (failed_)
            return nullptr;
        auto object = UnwrapHandle<Type>(env_, info_[index]);
        if (object == nullptr)
            Fail(name, "is not a handle of this addon");
        return object;
    }
    uint32_t Uint32(size_t index, const char * name, uint32_t maximum = UINT32_MAX);
    /// An integer up to 2^53.
    uint64_t Integer(size_t index, const char * name);
    /// A bigint; its low 64 bits.
    uint64_t Word(size_t index, const char * name);
    bool Boolean(size_t index, const char * name);
    std::string String(size_t index, const char * name);
    /// `otherwise` for null and undefined.
    std::string StringOr(size_t index, const char * name, const char * otherwise);
    Napi::Function Function(size_t index, const char * name);
    Bytes Uint8Array(size_t index, const char * name);
    /// Null and undefined read as nothing.
    std::vector<uint8_t> CopyOfBytes(size_t index, const char * name, size_t maximum);
    std::vector<uint64_t> CopyOfWords(size_t index, const char * name, size_t maximum);
    std::vector<MemoryArgument> Memories(size_t index, const char * name);
    void Fail(const char * name, const char * problem);
    bool IsAbsent(size_t index) const {
        return info_[index].IsNull() || info_[index].IsUndefined();
    }

  private:
    double Number(size_t index, const char * name, double maximum);

    const Napi::CallbackInfo & info_;
    Napi::Env env_;
    bool failed_ = false;
};

} // namespace dextgen

#endif
