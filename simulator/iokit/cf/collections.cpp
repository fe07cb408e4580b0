// CFData, CFArray, CFSet and CFDictionary.
#include "object.h"

#include <algorithm>
#include <cstring>

using dextsim::cf::Type;

const CFArrayCallBacks kCFTypeArrayCallBacks = {0};
const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks = {0};
const CFDictionaryKeyCallBacks kCFCopyStringDictionaryKeyCallBacks = {0};
const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks = {0};

namespace {

void retain(const void * value, bool counted) {
    if (counted) {
        CFRetain(value);
    }
}

void release(const void * value, bool counted) {
    if (counted) {
        CFRelease(value);
    }
}

bool same(const void * one, const void * other, bool counted) {
    return one == other || (counted && CFEqual(one, other));
}

} // namespace

// ── data ──

CFTypeID CFDataGetTypeID(void) {
    return static_cast<CFTypeID>(Type::Data);
}

CFMutableDataRef CFDataCreateMutable(CFAllocatorRef, CFIndex) {
    return new __CFData();
}

CFDataRef CFDataCreate(CFAllocatorRef allocator, const UInt8 * bytes, CFIndex length) {
    CFMutableDataRef data = CFDataCreateMutable(allocator, length);
    CFDataAppendBytes(data, bytes, length);
    return data;
}

CFDataRef CFDataCreateCopy(CFAllocatorRef allocator, CFDataRef data) {
    return CFDataCreate(allocator, CFDataGetBytePtr(data), CFDataGetLength(data));
}

void CFDataAppendBytes(CFMutableDataRef data, const UInt8 * bytes, CFIndex length) {
    data->bytes.insert(data->bytes.end(), bytes, bytes + length);
}

CFIndex CFDataGetLength(CFDataRef data) {
    return static_cast<CFIndex>(data->bytes.size());
}
const UInt8 * CFDataGetBytePtr(CFDataRef data) {
    return data->bytes.data();
}

void CFDataGetBytes(CFDataRef data, CFRange range, UInt8 * buffer) {
    std::copy_n(data->bytes.begin() + range.location, range.length, buffer);
}

// ── arrays and sets ──

__CFArray::~__CFArray() {
    for (const void * value : values) {
        release(value, counted);
    }
}

bool __CFArray::equals(const Object & other) const {
    const auto & array = static_cast<const __CFArray &>(other);
    return std::equal(values.begin(), values.end(), array.values.begin(), array.values.end(),
                      [&](auto * one, auto * two) { return same(one, two, counted); });
}

void __CFArray::append(const void * value) {
    retain(value, counted);
    values.push_back(value);
}

CFTypeID CFArrayGetTypeID(void) {
    return static_cast<CFTypeID>(Type::Array);
}

CFMutableArrayRef CFArrayCreateMutable(CFAllocatorRef, CFIndex,
                                       const CFArrayCallBacks * callBacks) {
    return new __CFArray(Type::Array, callBacks != nullptr);
}

CFArrayRef CFArrayCreate(CFAllocatorRef allocator, const void ** values, CFIndex count,
                         const CFArrayCallBacks * callBacks) {
    CFMutableArrayRef array = CFArrayCreateMutable(allocator, count, callBacks);
    for (CFIndex i = 0; i < count; ++i) {
        array->append(values[i]);
    }
    return array;
}

void CFArrayAppendValue(CFMutableArrayRef array, const void * value) {
    array->append(value);
}
CFIndex CFArrayGetCount(CFArrayRef array) {
    return static_cast<CFIndex>(array->values.size());
}

const void * CFArrayGetValueAtIndex(CFArrayRef array, CFIndex index) {
    return array->values[static_cast<size_t>(index)];
}

Boolean CFArrayContainsValue(CFArrayRef array, CFRange range, const void * value) {
    auto first = array->values.begin() + range.location;
    return std::any_of(first, first + range.length,
                       [&](auto * item) { return same(item, value, array->counted); });
}

CFTypeID CFSetGetTypeID(void) {
    return static_cast<CFTypeID>(Type::Set);
}

CFIndex CFSetGetCount(CFSetRef set) {
    return static_cast<CFIndex>(reinterpret_cast<const __CFArray *>(set)->values.size());
}

void CFSetGetValues(CFSetRef set, const void ** values) {
    const auto & items = reinterpret_cast<const __CFArray *>(set)->values;
    std::copy(items.begin(), items.end(), values);
}

// ── dictionaries ──

__CFDictionary::~__CFDictionary() {
    clear();
}

void __CFDictionary::clear() {
    for (const Entry & entry : entries) {
        release(entry.first, keysCounted);
        release(entry.second, valuesCounted);
    }
    entries.clear();
}

const __CFDictionary::Entry * __CFDictionary::find(const void * key) const {
    auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry & entry) {
        return same(entry.first, key, keysCounted);
    });
    return found == entries.end() ? nullptr : &*found;
}

bool __CFDictionary::equals(const Object & other) const {
    const auto & dictionary = static_cast<const __CFDictionary &>(other);
    return entries.size() == dictionary.entries.size() &&
           std::all_of(entries.begin(), entries.end(), [&](const Entry & entry) {
               const Entry * twin = dictionary.find(entry.first);
               return twin != nullptr && same(entry.second, twin->second, valuesCounted);
           });
}

void __CFDictionary::set(const void * key, const void * value, bool replace) {
    auto * known = const_cast<Entry *>(find(key));
    if (known != nullptr && !replace) {
        return;
    }
    retain(value, valuesCounted);
    if (known != nullptr) {
        release(known->second, valuesCounted);
        known->second = value;
        return;
    }
    retain(key, keysCounted);
    entries.emplace_back(key, value);
}

void __CFDictionary::remove(const void * key) {
    if (const Entry * known = find(key)) {
        Entry removed = *known;
        entries.erase(entries.begin() + (known - entries.data()));
        release(removed.first, keysCounted);
        release(removed.second, valuesCounted);
    }
}

CFTypeID CFDictionaryGetTypeID(void) {
    return static_cast<CFTypeID>(Type::Dictionary);
}

CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef, CFIndex,
                                                 const CFDictionaryKeyCallBacks * keys,
                                                 const CFDictionaryValueCallBacks * values) {
    return new __CFDictionary(keys != nullptr, values != nullptr);
}

CFDictionaryRef CFDictionaryCreate(CFAllocatorRef allocator, const void ** keys,
                                   const void ** values, CFIndex count,
                                   const CFDictionaryKeyCallBacks * keyCallBacks,
                                   const CFDictionaryValueCallBacks * valueCallBacks) {
    CFMutableDictionaryRef dictionary =
        CFDictionaryCreateMutable(allocator, count, keyCallBacks, valueCallBacks);
    for (CFIndex i = 0; i < count; ++i) {
        dictionary->set(keys[i], values[i], true);
    }
    return dictionary;
}

CFMutableDictionaryRef CFDictionaryCreateMutableCopy(CFAllocatorRef, CFIndex,
                                                     CFDictionaryRef dictionary) {
    auto * copy = new __CFDictionary(dictionary->keysCounted, dictionary->valuesCounted);
    for (const auto & [key, value] : dictionary->entries) {
        copy->set(key, value, true);
    }
    return copy;
}

CFIndex CFDictionaryGetCount(CFDictionaryRef dictionary) {
    return static_cast<CFIndex>(dictionary->entries.size());
}

Boolean CFDictionaryContainsKey(CFDictionaryRef dictionary, const void * key) {
    return dictionary->find(key) != nullptr;
}

const void * CFDictionaryGetValue(CFDictionaryRef dictionary, const void * key) {
    const auto * entry = dictionary->find(key);
    return entry == nullptr ? nullptr : entry->second;
}

Boolean CFDictionaryGetValueIfPresent(CFDictionaryRef dictionary, const void * key,
                                      const void ** value) {
    const auto * entry = dictionary->find(key);
    if (entry != nullptr && value != nullptr) {
        *value = entry->second;
    }
    return entry != nullptr;
}

void CFDictionaryGetKeysAndValues(CFDictionaryRef dictionary, const void ** keys,
                                  const void ** values) {
    for (size_t i = 0; i < dictionary->entries.size(); ++i) {
        if (keys != nullptr) {
            keys[i] = dictionary->entries[i].first;
        }
        if (values != nullptr) {
            values[i] = dictionary->entries[i].second;
        }
    }
}

void CFDictionaryApplyFunction(CFDictionaryRef dictionary, CFDictionaryApplierFunction applier,
                               void * context) {
    for (const auto & [key, value] : dictionary->entries) {
        applier(key, value, context);
    }
}

void CFDictionaryAddValue(CFMutableDictionaryRef dictionary, const void * key, const void * value) {
    dictionary->set(key, value, false);
}

void CFDictionarySetValue(CFMutableDictionaryRef dictionary, const void * key, const void * value) {
    dictionary->set(key, value, true);
}

void CFDictionaryRemoveValue(CFMutableDictionaryRef dictionary, const void * key) {
    dictionary->remove(key);
}

void CFDictionaryRemoveAllValues(CFMutableDictionaryRef dictionary) {
    dictionary->clear();
}
