// Encodes and decodes message bodies: little-endian integers, length-prefixed bytes, Values.
// A Reader never reads past its bytes: after the first failure it returns zeros and ok() is false.
#ifndef DEXTSIM_IPC_WIRE_H
#define DEXTSIM_IPC_WIRE_H

#include "value.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dextsim {

class Writer {
  public:
    Writer & u8(uint8_t value) { return raw(&value, sizeof value); }
    Writer & u16(uint16_t value) { return raw(&value, sizeof value); }
    Writer & u32(uint32_t value) { return raw(&value, sizeof value); }
    Writer & i32(int32_t value) { return raw(&value, sizeof value); }
    Writer & u64(uint64_t value) { return raw(&value, sizeof value); }
    // u32 length, then the bytes.
    Writer & bytes(std::span<const uint8_t> value);
    Writer & string(std::string_view value);
    Writer & value(const Value & value);
    // `count` words without a length.
    Writer & words(const uint64_t * words, size_t count) {
        return raw(words, count * sizeof *words);
    }
    Writer & raw(const void * data, size_t size);

    std::span<const uint8_t> body() const { return bytes_; }
    std::vector<uint8_t> take() { return std::move(bytes_); }
    void clear() { bytes_.clear(); }

  private:
    std::vector<uint8_t> bytes_;
};

class Reader {
  public:
    explicit Reader(std::span<const uint8_t> body) : body_(body) {}

    uint8_t u8() { return fixed<uint8_t>(); }
    uint16_t u16() { return fixed<uint16_t>(); }
    uint32_t u32() { return fixed<uint32_t>(); }
    int32_t i32() { return fixed<int32_t>(); }
    uint64_t u64() { return fixed<uint64_t>(); }
    // A view into the body: valid as long as the body is.
    std::span<const uint8_t> bytes();
    std::string string();
    Value value() { return Value::decode(*this); }
    void words(uint64_t * words, size_t count) { raw(words, count * sizeof *words); }
    void raw(void * data, size_t size);

    size_t remaining() const { return body_.size() - at_; }
    bool ok() const { return ok_; }
    // Everything was read and nothing was missing.
    bool done() const { return ok_ && remaining() == 0; }
    void fail() { ok_ = false; }

  private:
    template <typename T> T fixed() {
        T value{};
        raw(&value, sizeof value);
        return value;
    }

    std::span<const uint8_t> body_;
    size_t at_ = 0;
    bool ok_ = true;
};

} // namespace dextsim

#endif
