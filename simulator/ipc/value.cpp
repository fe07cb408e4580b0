// Values: construction, comparison and their encoding; see value.h.
#include "value.h"

#include "wire.h"

namespace dextsim {

namespace {
constexpr int kMaxDepth = 64;
}

Value Value::boolean(bool value) {
    Value result;
    result.kind_ = Kind::Boolean;
    result.number_ = value ? 1 : 0;
    return result;
}

Value Value::number(uint64_t value, uint8_t bits) {
    Value result;
    result.kind_ = Kind::Number;
    result.number_ = value;
    result.bits_ = bits;
    return result;
}

Value Value::string(std::string value) {
    Value result;
    result.kind_ = Kind::String;
    result.string_ = std::move(value);
    return result;
}

Value Value::data(Data value) {
    Value result;
    result.kind_ = Kind::Data;
    result.data_ = std::move(value);
    return result;
}

Value Value::array(Array value) {
    Value result;
    result.kind_ = Kind::Array;
    result.items_ = std::move(value);
    return result;
}

Value Value::set(Array value) {
    Value result = array(std::move(value));
    result.kind_ = Kind::Set;
    return result;
}

Value Value::dictionary(Dictionary value) {
    Value result;
    result.kind_ = Kind::Dictionary;
    result.entries_ = std::move(value);
    return result;
}

const Value * Value::find(std::string_view key) const {
    auto entry = entries_.find(key);
    return entry == entries_.end() ? nullptr : &entry->second;
}

void Value::put(std::string_view key, Value value) {
    if (kind_ == Kind::None) {
        kind_ = Kind::Dictionary;
    }
    entries_.insert_or_assign(std::string(key), std::move(value));
}

bool Value::operator==(const Value & other) const {
    return kind_ == other.kind_ && number_ == other.number_ && string_ == other.string_ &&
           data_ == other.data_ && items_ == other.items_ && entries_ == other.entries_;
}

void Value::encode(Writer & writer) const {
    writer.u8(static_cast<uint8_t>(kind_));
    switch (kind_) {
    case Kind::None:
        break;
    case Kind::Boolean:
        writer.u8(number_ != 0);
        break;
    case Kind::Number:
        writer.u64(number_);
        writer.u8(bits_);
        break;
    case Kind::String:
        writer.string(string_);
        break;
    case Kind::Data:
        writer.bytes(data_);
        break;
    case Kind::Array:
    case Kind::Set:
        writer.u32(static_cast<uint32_t>(items_.size()));
        for (const Value & item : items_) {
            item.encode(writer);
        }
        break;
    case Kind::Dictionary:
        writer.u32(static_cast<uint32_t>(entries_.size()));
        for (const auto & [key, member] : entries_) {
            writer.string(key);
            member.encode(writer);
        }
        break;
    }
}

Value Value::decode(Reader & reader) {
    return decodeAt(reader, 0);
}

Value Value::decodeAt(Reader & reader, int depth) {
    Value result;
    auto tag = static_cast<Kind>(reader.u8());
    if (depth > kMaxDepth || tag > Kind::Set) {
        reader.fail();
        return result;
    }
    result.kind_ = tag;
    switch (tag) {
    case Kind::None:
        break;
    case Kind::Boolean:
        result.number_ = reader.u8() != 0;
        break;
    case Kind::Number:
        result.number_ = reader.u64();
        result.bits_ = reader.u8();
        break;
    case Kind::String:
        result.string_ = reader.string();
        break;
    case Kind::Data: {
        auto bytes = reader.bytes();
        result.data_.assign(bytes.begin(), bytes.end());
        break;
    }
    case Kind::Array:
    case Kind::Set:
        for (uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
            result.items_.push_back(decodeAt(reader, depth + 1));
        }
        break;
    case Kind::Dictionary:
        for (uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
            std::string key = reader.string();
            result.entries_.insert_or_assign(std::move(key), decodeAt(reader, depth + 1));
        }
        break;
    }
    return result;
}

} // namespace dextsim
