// See plist_text.h.
#include "plist_text.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace dextsim {

namespace {

static std::string_view trimmed(std::string_view text) {
    size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

} // namespace

void appendUtf8(std::string & content, uint32_t code) {
    auto put = [&](uint32_t byte) { content += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

bool parsePlistInteger(const std::string & content, Value & value) {
    std::string digits(trimmed(content));
    bool negative = digits.starts_with('-');
    const char * first = digits.c_str() + (negative || digits.starts_with('+') ? 1 : 0);
    char * rest = nullptr;
    errno = 0;
    bool isHex = strncmp(first, "0x", 2) == 0 || strncmp(first, "0X", 2) == 0;
    unsigned long long number = strtoull(first, &rest, isHex ? 16 : 10);
    if (*first < '0' || *first > '9' || *rest != 0 || errno != 0) {
        return false;
    }
    value = Value::number(negative ? 0 - number : number);
    return true;
}

bool parsePlistData(const std::string & content, Value & value) {
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Value::Data bytes;
    uint32_t bits = 0;
    int count = 0;
    for (char character : content) {
        if (strchr(" \t\r\n=", character) != nullptr) {
            continue;
        }
        size_t digit = kAlphabet.find(character);
        if (digit == std::string_view::npos) {
            return false;
        }
        bits = bits << 6 | static_cast<uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<uint8_t>(bits >> count));
        }
    }
    value = Value::data(std::move(bytes));
    return true;
}

} // namespace dextsim
