// os_log and IOLog.
#include "log.h"
#include "driverkit/runtime/log.h"
#include "ipc/assumptions.h"
#include <DriverKit/IOLib.h>
#include <cstdarg>
#include <cstdio>
#include <cstring>

const struct os_log_s _os_log_default = {"", ""};

namespace dextsim {
namespace {

struct Conversion {
    std::string annotation; // without braces
    std::string flags;      // between % and the letter
    char letter;
    size_t length; // of all, from the %
};

// `text` points behind a %. False for a conversion that breaks off.
bool readConversion(const char * text, Conversion & conversion) {
    const char * at = text;
    if (*at == '{') {
        const char * end = strchr(at, '}');
        if (end == nullptr)
            return false;
        conversion.annotation.assign(at + 1, end);
        at = end + 1;
    }
    const size_t flags = strspn(at, "#0- +'123456789.*hlqjzt");
    conversion.flags.assign(at, flags);
    at += flags;
    if (*at == '\0')
        return false;
    conversion.letter = *at;
    conversion.length = static_cast<size_t>(at + 1 - text);
    return true;
}

bool isPublic(const std::string & annotation) {
    return annotation.find("public") != std::string::npos;
}

void append(std::string & format, const Conversion & conversion) {
    // %.0s prints nothing and takes the argument.
    if (conversion.letter == 's' && !isPublic(conversion.annotation) &&
        !dextsim::assumed(Assumption::LogStrings))
        format += "<private>%.0s";
    else
        format += '%' + conversion.flags + conversion.letter;
}

} // namespace

LogFormat plainFormat(const char * format) {
    LogFormat plain = {"", true};
    for (const char * at = format; *at != '\0'; at++) {
        if (*at != '%') {
            plain.format += *at;
            continue;
        }
        Conversion conversion;
        if (!readConversion(at + 1, conversion) || conversion.letter == 'n' ||
            conversion.letter == '@')
            return {plain.format, false};
        if (conversion.letter == '%')
            plain.format += "%%";
        else if (conversion.letter == 'm')
            plain.format += "%m";
        else
            append(plain.format, conversion);
        at += conversion.length;
    }
    return plain;
}

namespace {

void logLine(LogLevel level, const char * format, va_list arguments) {
    char text[1024]; // os_log keeps no longer lines either
    vsnprintf(text, sizeof(text), format, arguments);
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    writeLog(level, text);
}

} // namespace
} // namespace dextsim

os_log_t os_log_create(const char * subsystem, const char * category) {
    return new os_log_s{strdup(subsystem), strdup(category)};
}

bool os_log_type_enabled(os_log_t log, os_log_type_t) {
    return log != OS_LOG_DISABLED;
}

void _os_log_simulated(os_log_t log, os_log_type_t, const char * format, ...) {
    if (log == OS_LOG_DISABLED)
        return;
    const dextsim::LogFormat plain = dextsim::plainFormat(format);
    if (!plain.isValid) {
        dextsim::writeLog(dextsim::kLogOs, format);
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    dextsim::logLine(dextsim::kLogOs, plain.format.c_str(), arguments);
    va_end(arguments);
}

int IOLogv(const char * format, va_list ap) {
    dextsim::logLine(dextsim::kLogIO, format, ap);
    return 0;
}

int IOLog(const char * format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const int result = IOLogv(format, arguments);
    va_end(arguments);
    return result;
}

void OSReportWithBacktrace(const char * str, ...) {
    va_list arguments;
    va_start(arguments, str);
    IOLogv(str, arguments);
    va_end(arguments);
}

void IOLogBuffer(const char * title, const void * buffer, size_t size) {
    const uint8_t * bytes = static_cast<const uint8_t *>(buffer);
    for (size_t offset = 0; offset < size; offset += 16) {
        char line[3 * 16 + 1] = "";
        for (size_t index = 0; index < 16 && offset + index < size; index++)
            snprintf(line + 3 * index, 4, " %02x", bytes[offset + index]);
        IOLog("%s %04zx:%s", title, offset, line);
    }
}

bool IOParseBootArgNumber(const char *, void *, int) {
    return false;
}

bool IOParseBootArgString(const char *, char *, int) {
    return false;
}
