// The C library's sys/cdefs.h plus the attributes of Apple's, which drivers use by name.
#include_next <sys/cdefs.h>
#ifndef DRIVERKIT_SYS_CDEFS_H
#define DRIVERKIT_SYS_CDEFS_H

#define __unused __attribute__((__unused__))
#define __used __attribute__((__used__))
#define __dead2 __attribute__((__noreturn__))
#define __pure2 __attribute__((__const__))
#define __cold __attribute__((__cold__))
#define __deprecated __attribute__((__deprecated__))
#define __deprecated_msg(text) __attribute__((__deprecated__(text)))
#define __unavailable __attribute__((__unavailable__))
#define __exported __attribute__((__visibility__("default")))
#define __printflike(format, first) __attribute__((__format__(__printf__, format, first)))
#define __probable(x) __builtin_expect(!!(x), 1)
#define __improbable(x) __builtin_expect(!!(x), 0)
#ifndef __packed
#define __packed __attribute__((__packed__))
#endif
#ifndef __aligned
#define __aligned(bytes) __attribute__((__aligned__(bytes)))
#endif
#ifndef __header_always_inline
#define __header_always_inline static inline __attribute__((__always_inline__))
#endif
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#ifndef __has_extension
#define __has_extension(extension) 0
#endif

#endif
