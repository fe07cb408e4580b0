// A property-list value as it travels between processes: the container types that DriverKit can
// marshal (contract §6.4). Plain data; knows its own encoding, nothing about CF or OS objects.
#ifndef DEXTSIM_IPC_VALUE_H
#define DEXTSIM_IPC_VALUE_H

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dextsim {

class Reader;
class Writer;

class Value {
  public:
    // The numbers are the tags on the wire.
    enum class Kind : uint8_t {
        None = 0,
        Boolean = 1,
        Number = 2,
        String = 3,
        Data = 4,
        Array = 5,
        Dictionary = 6,
        Set = 7, // an array whose order means nothing
    };
    using Array = std::vector<Value>;
    using Dictionary = std::map<std::string, Value, std::less<>>;
    using Data = std::vector<uint8_t>;

    Value() = default;
    static Value boolean(bool value);
    // `bits` is the width of the OSNumber (8, 16, 32, 64); the value is kept as 64 bits.
    static Value number(uint64_t value, uint8_t bits = 64);
    static Value string(std::string value);
    static Value data(Data value);
    static Value array(Array value = {});
    static Value set(Array value);
    static Value dictionary(Dictionary value = {});

    Kind kind() const { return kind_; }
    bool isNone() const { return kind_ == Kind::None; }
    bool isNumber() const { return kind_ == Kind::Number; }
    bool isString() const { return kind_ == Kind::String; }
    bool isDictionary() const { return kind_ == Kind::Dictionary; }
    bool isArray() const { return kind_ == Kind::Array; }

    // Accessors of another kind return an empty value: false, 0, "", {}.
    bool asBoolean() const { return kind_ == Kind::Boolean && number_ != 0; }
    uint64_t asNumber() const { return kind_ == Kind::Number ? number_ : 0; }
    uint8_t bits() const { return bits_; }
    const std::string & asString() const { return string_; }
    const Data & asData() const { return data_; }
    const Array & items() const { return items_; }
    Array & items() { return items_; }
    const Dictionary & entries() const { return entries_; }
    Dictionary & entries() { return entries_; }

    // The member of a dictionary, or null.
    const Value * find(std::string_view key) const;
    // Sets a member; turns an empty value into a dictionary.
    void put(std::string_view key, Value value);

    // Equality as OSObject::isEqualTo sees it: numbers compare by value, not by width.
    bool operator==(const Value & other) const;

    // Tag u8, then: Boolean u8 · Number u64, bits u8 · String and Data bytes · Array and Set u32
    // count, values · Dictionary u32 count, (string, value)….
    void encode(Writer & writer) const;
    // Nesting deeper than 64 or a bad tag fails the reader.
    static Value decode(Reader & reader);

  private:
    static Value decodeAt(Reader & reader, int depth);

    Kind kind_ = Kind::None;
    uint8_t bits_ = 0;
    uint64_t number_ = 0;
    std::string string_;
    Data data_;
    Array items_;
    Dictionary entries_;
};

} // namespace dextsim

#endif
