// The C library's time.h plus the nanosecond clocks of Apple's.
#include_next <time.h>
#ifndef DRIVERKIT_TIME_H
#define DRIVERKIT_TIME_H

#include <stdint.h>

#if !defined(__APPLE__)

// The C library asks for parts of time.h by macros and includes it more than once; only a whole
// inclusion defines clockid_t.
#ifndef CLOCK_UPTIME_RAW
#define CLOCK_UPTIME_RAW 8
#define CLOCK_UPTIME_RAW_APPROX 9
#endif

#ifdef __cplusplus
extern "C"
#endif
    // 0 for an unknown clock.
    uint64_t
    clock_gettime_nsec_np(int clock_id);

#endif
#endif
