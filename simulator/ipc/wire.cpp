// Message bodies: see wire.h. Both ends run on one machine, so integers go out as they are; the
// protocol is little-endian because every supported machine is.
#include "wire.h"

#include <bit>
#include <cstring>

static_assert(std::endian::native == std::endian::little, "the wire is little-endian");

namespace dextsim {

Writer & Writer::raw(const void * data, size_t size) {
    const auto * first = static_cast<const uint8_t *>(data);
    if (size != 0) {
        bytes_.insert(bytes_.end(), first, first + size);
    }
    return *this;
}

Writer & Writer::bytes(std::span<const uint8_t> value) {
    u32(static_cast<uint32_t>(value.size()));
    return raw(value.data(), value.size());
}

Writer & Writer::string(std::string_view value) {
    u32(static_cast<uint32_t>(value.size()));
    return raw(value.data(), value.size());
}

Writer & Writer::value(const Value & value) {
    value.encode(*this);
    return *this;
}

void Reader::raw(void * data, size_t size) {
    if (!ok_ || size > remaining()) {
        ok_ = false;
        if (size != 0) {
            memset(data, 0, size);
        }
        return;
    }
    if (size != 0) {
        memcpy(data, body_.data() + at_, size);
    }
    at_ += size;
}

std::span<const uint8_t> Reader::bytes() {
    uint32_t size = u32();
    if (!ok_ || size > remaining()) {
        ok_ = false;
        return {};
    }
    auto view = body_.subspan(at_, size);
    at_ += size;
    return view;
}

std::string Reader::string() {
    auto view = bytes();
    return std::string(view.begin(), view.end());
}

} // namespace dextsim
