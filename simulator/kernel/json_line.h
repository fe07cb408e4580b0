// One line of a recording: a JSON object whose members are added in the order of the calls. Shared
// by recorder*.cpp alone.
#ifndef DEXTSIM_KERNEL_JSON_LINE_H
#define DEXTSIM_KERNEL_JSON_LINE_H

#include "ipc/value.h"
#include "usb_descriptors.h"

#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace dextsim {

inline void appendHex(std::string & text, uint64_t number) {
    char digits[24];
    snprintf(digits, sizeof digits, "\"0x%llx\"", static_cast<unsigned long long>(number));
    text += digits;
}

inline void appendString(std::string & text, const std::string & value) {
    text += '"';
    for (const char each : value) {
        const auto byte = static_cast<uint8_t>(each);
        if (byte == '"' || byte == '\\') {
            text += '\\';
            text += each;
        } else if (byte < 0x20) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", byte);
            text += escape;
        } else {
            text += each;
        }
    }
    text += '"';
}

class Line {
  public:
    Line(uint64_t time, const char * event) {
        text_ = "{\"t\":" + std::to_string(time) + ",\"event\":\"" + event + "\"";
    }
    Line & number(const char * key, uint64_t value) {
        begin(key) += std::to_string(value);
        return *this;
    }
    // As a string, since JSON's numbers end at 2^53.
    Line & hex(const char * key, uint64_t value) {
        appendHex(begin(key), value);
        return *this;
    }
    Line & status(int32_t value) { return hex("status", static_cast<uint32_t>(value)); }
    Line & string(const char * key, const std::string & value) {
        appendString(begin(key), value);
        return *this;
    }
    Line & bytes(const char * key, std::span<const uint8_t> value) {
        begin(key);
        appendBytes(value);
        return *this;
    }
    Line & words(const char * key, std::span<const uint64_t> values) {
        begin(key) += '[';
        for (size_t i = 0; i < values.size(); ++i) {
            text_ += i == 0 ? "" : ",";
            appendHex(text_, values[i]);
        }
        text_ += ']';
        return *this;
    }
    Line & numbers(const char * key, const std::vector<uint32_t> & values) {
        begin(key) += '[';
        for (size_t i = 0; i < values.size(); ++i) {
            text_ += (i == 0 ? "" : ",") + std::to_string(values[i]);
        }
        text_ += ']';
        return *this;
    }
    // What JSON has no kind for is an object with one member: {"$data":"00ff"},
    // {"$number":"18446744073709551615"}.
    Line & value(const char * key, const Value & value) {
        begin(key);
        appendValue(value);
        return *this;
    }
    Line & list(const char * key, const std::vector<Bytes> & values) {
        begin(key) += '[';
        for (size_t i = 0; i < values.size(); ++i) {
            text_ += i == 0 ? "" : ",";
            appendBytes(values[i]);
        }
        text_ += ']';
        return *this;
    }
    Line & table(const char * key, const std::map<uint8_t, Bytes> & values) {
        begin(key) += '{';
        for (bool first = true; const auto & [index, value] : values) {
            text_ += (first ? "\"" : ",\"") + std::to_string(index) + "\":";
            appendBytes(value);
            first = false;
        }
        text_ += '}';
        return *this;
    }
    std::string text() const { return text_ + "}\n"; }

  private:
    std::string & begin(const char * key) {
        text_ += std::string(",\"") + key + "\":";
        return text_;
    }
    void appendValue(const Value & value) {
        constexpr uint64_t kMaxNumber = (uint64_t{1} << 53) - 1;
        switch (value.kind()) {
        case Value::Kind::None:
            text_ += "null";
            break;
        case Value::Kind::Boolean:
            text_ += value.asBoolean() ? "true" : "false";
            break;
        case Value::Kind::Number: {
            const std::string digits = std::to_string(value.asNumber());
            text_ += value.asNumber() <= kMaxNumber ? digits : "{\"$number\":\"" + digits + "\"}";
            break;
        }
        case Value::Kind::String:
            appendString(text_, value.asString());
            break;
        case Value::Kind::Data:
            text_ += "{\"$data\":";
            appendBytes(value.asData());
            text_ += '}';
            break;
        case Value::Kind::Array:
        case Value::Kind::Set:
            appendItems(value.items());
            break;
        case Value::Kind::Dictionary:
            appendMembers(value.entries());
            break;
        }
    }
    void appendItems(const Value::Array & items) {
        text_ += '[';
        for (size_t i = 0; i < items.size(); ++i) {
            text_ += i == 0 ? "" : ",";
            appendValue(items[i]);
        }
        text_ += ']';
    }
    void appendMembers(const Value::Dictionary & members) {
        text_ += '{';
        for (bool first = true; const auto & [key, each] : members) {
            text_ += first ? "" : ",";
            appendString(text_, key);
            text_ += ':';
            appendValue(each);
            first = false;
        }
        text_ += '}';
    }
    void appendBytes(std::span<const uint8_t> value) {
        constexpr char kDigits[] = "0123456789abcdef";
        text_ += '"';
        for (const uint8_t byte : value) {
            text_ += kDigits[byte >> 4];
            text_ += kDigits[byte & 15];
        }
        text_ += '"';
    }
    std::string text_;
};

} // namespace dextsim

#endif
