// os_log of an application; see os/log.h.
#include "cf/format.h"

#include <os/log.h>

#include <cstdio>
#include <cstring>

const struct os_log_s _os_log_default = {"", ""};

os_log_t os_log_create(const char * subsystem, const char * category) {
    return new os_log_s{strdup(subsystem), strdup(category)};
}

bool os_log_type_enabled(os_log_t log, os_log_type_t) {
    return log != OS_LOG_DISABLED;
}

void _os_log_simulated(os_log_t log, os_log_type_t, const char * format, ...) {
    if (log == OS_LOG_DISABLED) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    const std::string text = dextsim::cf::formatText(format, arguments);
    va_end(arguments);
    const bool isNamed = *log->subsystem != 0;
    fprintf(stderr, "%s%s%s%s%s%s\n", isNamed ? "[" : "", log->subsystem, isNamed ? ":" : "",
            log->category, isNamed ? "] " : "", text.c_str());
}
