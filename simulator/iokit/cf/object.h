// The base of every CoreFoundation object: a type, a reference count, equality.
#ifndef DEXTSIM_IOKIT_CF_OBJECT_H
#define DEXTSIM_IOKIT_CF_OBJECT_H

#include <CoreFoundation/CoreFoundation.h>

#include <array>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

namespace dextsim::cf {

enum class Type : CFTypeID {
    String = 7,
    Dictionary = 18,
    Array = 19,
    Set = 20,
    Data = 21,
    Boolean = 22,
    Number = 23,
    Uuid = 35,
    RunLoop = 40,
    RunLoopSource = 41,
    RunLoopTimer = 42,
};

struct Object {
    explicit Object(Type kind) : type(kind) {}
    virtual ~Object() = default;
    Object(const Object &) = delete;
    Object & operator=(const Object &) = delete;
    // The other has the same type.
    virtual bool equals(const Object & other) const { return this == &other; }
    virtual CFHashCode hash() const { return reinterpret_cast<CFHashCode>(this); }

    const Type type;
    std::atomic<CFIndex> references{1};
    bool immortal = false; // constants
};

inline const Object * objectOf(CFTypeRef reference) {
    return static_cast<const Object *>(reference);
}
// True when it is an object of this type; false for null.
inline bool isA(CFTypeRef reference, Type type) {
    return reference != nullptr && objectOf(reference)->type == type;
}

} // namespace dextsim::cf

struct __CFString final : dextsim::cf::Object {
    explicit __CFString(std::string value, bool changes = false)
        : Object(dextsim::cf::Type::String), isMutable(changes), text(std::move(value)) {}
    bool equals(const Object & other) const override {
        return text == static_cast<const __CFString &>(other).text;
    }
    CFHashCode hash() const override { return std::hash<std::string>()(text); }
    const bool isMutable;
    std::string text; // of a mutable one, only its owner's thread may look
};

struct __CFUUID final : dextsim::cf::Object {
    explicit __CFUUID(const std::array<UInt8, 16> & value)
        : Object(dextsim::cf::Type::Uuid), bytes(value) {}
    bool equals(const Object & other) const override {
        return bytes == static_cast<const __CFUUID &>(other).bytes;
    }
    CFHashCode hash() const override { return bytes[0]; }
    std::string text() const;
    const std::array<UInt8, 16> bytes;
};

struct __CFBoolean final : dextsim::cf::Object {
    explicit __CFBoolean(bool on) : Object(dextsim::cf::Type::Boolean), value(on) {
        immortal = true;
    }
    const bool value;
};

struct __CFNumber final : dextsim::cf::Object {
    __CFNumber(CFNumberType kind, int64_t value)
        : Object(dextsim::cf::Type::Number), numberType(kind), integer(value) {}
    __CFNumber(CFNumberType kind, double value)
        : Object(dextsim::cf::Type::Number), numberType(kind), isFloat(true), real(value) {}
    bool equals(const Object & other) const override;
    CFHashCode hash() const override { return static_cast<CFHashCode>(integer); }
    const CFNumberType numberType;
    const bool isFloat = false;
    const int64_t integer = 0;
    const double real = 0;
};

struct __CFData final : dextsim::cf::Object {
    __CFData() : Object(dextsim::cf::Type::Data) {}
    bool equals(const Object & other) const override {
        return bytes == static_cast<const __CFData &>(other).bytes;
    }
    CFHashCode hash() const override { return bytes.size(); }
    std::vector<UInt8> bytes;
};

// Arrays and sets: `counted` when the elements are objects that are retained.
struct __CFArray final : dextsim::cf::Object {
    __CFArray(dextsim::cf::Type kind, bool retains) : Object(kind), counted(retains) {}
    ~__CFArray() override;
    bool equals(const Object & other) const override;
    CFHashCode hash() const override { return values.size(); }
    void append(const void * value);
    const bool counted;
    std::vector<const void *> values;
};

struct __CFDictionary final : dextsim::cf::Object {
    __CFDictionary(bool keys, bool values)
        : Object(dextsim::cf::Type::Dictionary), keysCounted(keys), valuesCounted(values) {}
    ~__CFDictionary() override;
    bool equals(const Object & other) const override;
    CFHashCode hash() const override { return entries.size(); }

    using Entry = std::pair<const void *, const void *>;
    const Entry * find(const void * key) const;
    void set(const void * key, const void * value, bool replace);
    void remove(const void * key);
    void clear();

    const bool keysCounted;
    const bool valuesCounted;
    std::vector<Entry> entries; // few: matching dictionaries and property tables
};

#endif
