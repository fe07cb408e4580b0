// An application's log: to standard error, what is private included, since its user reads it.
// Formats are checked by the compiler only where it knows the annotations, which neither g++ nor
// clang outside Apple's does.
#ifndef OS_LOG_H
#define OS_LOG_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct os_log_s {
    const char * subsystem;
    const char * category;
};
typedef const struct os_log_s * os_log_t;

extern const struct os_log_s _os_log_default;

#define OS_LOG_DEFAULT (&_os_log_default)
#define OS_LOG_DISABLED ((os_log_t)0)

typedef enum {
    OS_LOG_TYPE_DEFAULT = 0x00,
    OS_LOG_TYPE_INFO = 0x01,
    OS_LOG_TYPE_DEBUG = 0x02,
    OS_LOG_TYPE_ERROR = 0x10,
    OS_LOG_TYPE_FAULT = 0x11,
} os_log_type_t;

os_log_t os_log_create(const char * subsystem, const char * category);
bool os_log_type_enabled(os_log_t log, os_log_type_t type);

// Not called by name: the macros below see to it that the format is a literal.
void _os_log_simulated(os_log_t log, os_log_type_t type, const char * format, ...);

#ifdef __cplusplus
}
#endif

#define os_log_with_type(log, type, format, ...)                                                   \
    _os_log_simulated(log, type, "" format, ##__VA_ARGS__)
#define os_log(log, format, ...) os_log_with_type(log, OS_LOG_TYPE_DEFAULT, format, ##__VA_ARGS__)
#define os_log_info(log, format, ...) os_log_with_type(log, OS_LOG_TYPE_INFO, format, ##__VA_ARGS__)
#define os_log_debug(log, format, ...)                                                             \
    os_log_with_type(log, OS_LOG_TYPE_DEBUG, format, ##__VA_ARGS__)
#define os_log_error(log, format, ...)                                                             \
    os_log_with_type(log, OS_LOG_TYPE_ERROR, format, ##__VA_ARGS__)
#define os_log_fault(log, format, ...)                                                             \
    os_log_with_type(log, OS_LOG_TYPE_FAULT, format, ##__VA_ARGS__)

#endif
