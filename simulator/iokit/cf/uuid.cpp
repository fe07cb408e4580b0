// CFUUID.
#include "object.h"

#include <array>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <random>

using dextsim::cf::Type;
using Bytes = std::array<UInt8, 16>;

static_assert(sizeof(CFUUIDBytes) == sizeof(Bytes));

namespace {

Bytes arrayOf(const CFUUIDBytes & bytes) {
    Bytes array;
    memcpy(array.data(), &bytes, array.size());
    return array;
}

int digit(char letter) {
    return letter >= '0' && letter <= '9'   ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
           : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                                            : -1;
}

bool parse(const std::string & text, Bytes & bytes) {
    size_t at = 0;
    if (text.size() != 36) {
        return false;
    }
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            if (text[at++] != '-') {
                return false;
            }
        }
        const int high = digit(text[at]);
        const int low = digit(text[at + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = static_cast<UInt8>(high << 4 | low);
        at += 2;
    }
    return true;
}

} // namespace

std::string __CFUUID::text() const {
    std::string text;
    for (size_t i = 0; i < bytes.size(); ++i) {
        char hex[4];
        snprintf(hex, sizeof hex, "%02X", bytes[i]);
        text += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
        text += hex;
    }
    return text;
}

CFTypeID CFUUIDGetTypeID(void) {
    return static_cast<CFTypeID>(Type::Uuid);
}

// A random one (version 4).
CFUUIDRef CFUUIDCreate(CFAllocatorRef) {
    std::random_device random;
    Bytes bytes;
    for (UInt8 & byte : bytes) {
        byte = static_cast<UInt8>(random());
    }
    bytes[6] = static_cast<UInt8>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<UInt8>((bytes[8] & 0x3f) | 0x80);
    return new __CFUUID(bytes);
}

CFUUIDRef CFUUIDCreateFromUUIDBytes(CFAllocatorRef, CFUUIDBytes bytes) {
    return new __CFUUID(arrayOf(bytes));
}

CFUUIDRef CFUUIDCreateWithBytes(CFAllocatorRef, UInt8 byte0, UInt8 byte1, UInt8 byte2, UInt8 byte3,
                                UInt8 byte4, UInt8 byte5, UInt8 byte6, UInt8 byte7, UInt8 byte8,
                                UInt8 byte9, UInt8 byte10, UInt8 byte11, UInt8 byte12, UInt8 byte13,
                                UInt8 byte14, UInt8 byte15) {
    return new __CFUUID({byte0, byte1, byte2, byte3, byte4, byte5, byte6, byte7, byte8, byte9,
                         byte10, byte11, byte12, byte13, byte14, byte15});
}

CFUUIDRef CFUUIDGetConstantUUIDWithBytes(CFAllocatorRef, UInt8 byte0, UInt8 byte1, UInt8 byte2,
                                         UInt8 byte3, UInt8 byte4, UInt8 byte5, UInt8 byte6,
                                         UInt8 byte7, UInt8 byte8, UInt8 byte9, UInt8 byte10,
                                         UInt8 byte11, UInt8 byte12, UInt8 byte13, UInt8 byte14,
                                         UInt8 byte15) {
    static auto & constants = *new std::map<Bytes, __CFUUID *>();
    static auto & lock = *new std::mutex();
    const Bytes bytes = {byte0, byte1, byte2,  byte3,  byte4,  byte5,  byte6,  byte7,
                         byte8, byte9, byte10, byte11, byte12, byte13, byte14, byte15};
    std::lock_guard guard(lock);
    __CFUUID *& constant = constants[bytes];
    if (constant == nullptr) {
        constant = new __CFUUID(bytes);
        constant->immortal = true;
    }
    return constant;
}

CFUUIDRef CFUUIDCreateFromString(CFAllocatorRef, CFStringRef string) {
    Bytes bytes;
    return string != nullptr && parse(string->text, bytes) ? new __CFUUID(bytes) : nullptr;
}

CFStringRef CFUUIDCreateString(CFAllocatorRef, CFUUIDRef uuid) {
    return new __CFString(uuid->text());
}

CFUUIDBytes CFUUIDGetUUIDBytes(CFUUIDRef uuid) {
    CFUUIDBytes bytes;
    memcpy(&bytes, uuid->bytes.data(), sizeof bytes);
    return bytes;
}
