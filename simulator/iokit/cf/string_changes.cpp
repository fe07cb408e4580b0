// Strings that are made of others: formats, comparisons, numbers in them, mutable ones.
#include "format.h"
#include "object.h"

#include <climits>
#include <cstdlib>
#include <string_view>

namespace {

bool isDigit(char letter) {
    return letter >= '0' && letter <= '9';
}

// The run of digits at the front, without it in `rest`, and without the zeros that lead it.
std::string_view takeNumber(std::string_view & rest) {
    size_t count = 0;
    while (count < rest.size() && isDigit(rest[count])) {
        ++count;
    }
    std::string_view number = rest.substr(0, count);
    rest.remove_prefix(count);
    while (number.size() > 1 && number.front() == '0') {
        number.remove_prefix(1);
    }
    return number;
}

unsigned char folded(char letter, bool anyCase) {
    const bool isUpper = letter >= 'A' && letter <= 'Z';
    return static_cast<unsigned char>(anyCase && isUpper ? letter - 'A' + 'a' : letter);
}

int compareNumbers(std::string_view one, std::string_view other) {
    return one.size() != other.size() ? (one.size() < other.size() ? -1 : 1) : one.compare(other);
}

int compare(std::string_view one, std::string_view other, CFStringCompareFlags options) {
    const bool anyCase = (options & kCFCompareCaseInsensitive) != 0;
    while (!one.empty() && !other.empty()) {
        const bool isNumber = isDigit(one.front()) && isDigit(other.front());
        if ((options & kCFCompareNumerically) != 0 && isNumber) {
            const std::string_view number = takeNumber(one);
            if (const int order = compareNumbers(number, takeNumber(other))) {
                return order;
            }
            continue;
        }
        const unsigned char mine = folded(one.front(), anyCase);
        const unsigned char its = folded(other.front(), anyCase);
        if (mine != its) {
            return mine < its ? -1 : 1;
        }
        one.remove_prefix(1);
        other.remove_prefix(1);
    }
    return one.empty() ? (other.empty() ? 0 : -1) : 1;
}

} // namespace

CFComparisonResult CFStringCompare(CFStringRef one, CFStringRef other,
                                   CFStringCompareFlags options) {
    const int order = compare(one->text, other->text, options);
    return order < 0 ? kCFCompareLessThan : order == 0 ? kCFCompareEqualTo : kCFCompareGreaterThan;
}

Boolean CFStringHasSuffix(CFStringRef string, CFStringRef suffix) {
    return string->text.ends_with(suffix->text);
}

SInt32 CFStringGetIntValue(CFStringRef string) {
    const long long value = strtoll(string->text.c_str(), nullptr, 10);
    return static_cast<SInt32>(value < INT_MIN ? INT_MIN : value > INT_MAX ? INT_MAX : value);
}

double CFStringGetDoubleValue(CFStringRef string) {
    return strtod(string->text.c_str(), nullptr);
}

CFStringRef CFStringCreateWithFormatAndArguments(CFAllocatorRef, CFDictionaryRef,
                                                 CFStringRef format, va_list arguments) {
    return new __CFString(dextsim::cf::formatText(format->text.c_str(), arguments));
}

CFStringRef CFStringCreateWithFormat(CFAllocatorRef allocator, CFDictionaryRef options,
                                     CFStringRef format, ...) {
    va_list arguments;
    va_start(arguments, format);
    CFStringRef made = CFStringCreateWithFormatAndArguments(allocator, options, format, arguments);
    va_end(arguments);
    return made;
}

CFMutableStringRef CFStringCreateMutable(CFAllocatorRef, CFIndex) {
    return new __CFString("", true);
}

CFMutableStringRef CFStringCreateMutableCopy(CFAllocatorRef, CFIndex, CFStringRef string) {
    return new __CFString(string->text, true);
}

void CFStringAppend(CFMutableStringRef string, CFStringRef appended) {
    string->text += std::string(appended->text);
}

void CFStringAppendCString(CFMutableStringRef string, const char * text,
                           CFStringEncoding encoding) {
    if (CFStringRef made = CFStringCreateWithCString(nullptr, text, encoding)) {
        CFStringAppend(string, made);
        CFRelease(made);
    }
}

void CFStringAppendFormatAndArguments(CFMutableStringRef string, CFDictionaryRef,
                                      CFStringRef format, va_list arguments) {
    string->text += dextsim::cf::formatText(format->text.c_str(), arguments);
}

void CFStringAppendFormat(CFMutableStringRef string, CFDictionaryRef options, CFStringRef format,
                          ...) {
    va_list arguments;
    va_start(arguments, format);
    CFStringAppendFormatAndArguments(string, options, format, arguments);
    va_end(arguments);
}
