// CFString; UTF-8 inside.
#include "object.h"

#include <cstring>
#include <map>
#include <mutex>

namespace {

bool isSupported(CFStringEncoding encoding) {
    return encoding == kCFStringEncodingUTF8 || encoding == kCFStringEncodingASCII ||
           encoding == kCFStringEncodingMacRoman;
}

// The length of the UTF-8 sequence at `at`, 0 when it is malformed.
size_t sequenceLength(const std::string & text, size_t at) {
    auto first = static_cast<unsigned char>(text[at]);
    size_t length = first < 0x80           ? 1
                    : (first >> 5) == 0x6  ? 2
                    : (first >> 4) == 0xE  ? 3
                    : (first >> 3) == 0x1E ? 4
                                           : 0;
    if (length == 0 || at + length > text.size()) {
        return 0;
    }
    for (size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

bool isValid(const std::string & text) {
    for (size_t at = 0; at < text.size();) {
        size_t length = sequenceLength(text, at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

} // namespace

CFTypeID CFStringGetTypeID(void) {
    return static_cast<CFTypeID>(dextsim::cf::Type::String);
}

CFStringRef __CFStringMakeConstantString(const char * text) {
    // Constants live as long as the process.
    static auto & constants = *new std::map<std::string, __CFString *>();
    static auto & lock = *new std::mutex();
    std::lock_guard guard(lock);
    __CFString *& constant = constants[text];
    if (constant == nullptr) {
        constant = new __CFString(text);
        constant->immortal = true;
    }
    return constant;
}

CFStringRef CFStringCreateWithCString(CFAllocatorRef, const char * text,
                                      CFStringEncoding encoding) {
    if (text == nullptr || !isSupported(encoding)) {
        return nullptr;
    }
    std::string copy(text);
    return isValid(copy) ? new __CFString(std::move(copy)) : nullptr;
}

CFStringRef CFStringCreateWithBytes(CFAllocatorRef, const UInt8 * bytes, CFIndex count,
                                    CFStringEncoding encoding, Boolean) {
    if (!isSupported(encoding) || count < 0) {
        return nullptr;
    }
    std::string copy(reinterpret_cast<const char *>(bytes), static_cast<size_t>(count));
    return isValid(copy) ? new __CFString(std::move(copy)) : nullptr;
}

CFStringRef CFStringCreateCopy(CFAllocatorRef, CFStringRef string) {
    return string->isMutable ? new __CFString(string->text)
                             : static_cast<CFStringRef>(CFRetain(string));
}

CFIndex CFStringGetLength(CFStringRef string) {
    CFIndex units = 0;
    for (size_t at = 0; at < string->text.size();) {
        size_t length = sequenceLength(string->text, at);
        units += length == 4 ? 2 : 1;
        at += length == 0 ? 1 : length;
    }
    return units;
}

CFIndex CFStringGetMaximumSizeForEncoding(CFIndex length, CFStringEncoding encoding) {
    return encoding == kCFStringEncodingUTF8 ? length * 3 : length;
}

Boolean CFStringGetCString(CFStringRef string, char * buffer, CFIndex size,
                           CFStringEncoding encoding) {
    size_t needed = string->text.size() + 1;
    if (!isSupported(encoding) || size < 0 || static_cast<size_t>(size) < needed) {
        return false;
    }
    memcpy(buffer, string->text.c_str(), needed);
    return true;
}

const char * CFStringGetCStringPtr(CFStringRef string, CFStringEncoding encoding) {
    return isSupported(encoding) ? string->text.c_str() : nullptr;
}

Boolean CFStringHasPrefix(CFStringRef string, CFStringRef prefix) {
    return string->text.starts_with(prefix->text);
}
