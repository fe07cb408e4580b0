// The C library's time.h plus the nanosecond clocks of Apple's.
#include_next <time.h>
#ifndef _IOKIT_SIM_TIME_H
#define _IOKIT_SIM_TIME_H

#if !defined(__APPLE__)

#include <stdint.h>

#ifndef CLOCK_UPTIME_RAW
#define CLOCK_UPTIME_RAW 8
#define CLOCK_UPTIME_RAW_APPROX 9
#endif

#ifdef __cplusplus
extern "C" {
#endif
// 0 for an unknown clock. The uptime is mach_absolute_time's; the others are the C library's.
uint64_t clock_gettime_nsec_np(int clock);
#ifdef __cplusplus
}
#endif

#endif
#endif
