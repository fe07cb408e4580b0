// Clocks in ticks. Here a tick is a nanosecond, as on Intel Macs; drivers must not rely on that.
#ifndef MACH_MACH_TIME_H
#define MACH_MACH_TIME_H

// One name for a structure and a function, as on a Mac; -Wshadow would complain of it everywhere.
#pragma GCC system_header

#include <stdint.h>
#include <sys/cdefs.h>
#include <mach/kern_return.h>

__BEGIN_DECLS

struct mach_timebase_info {
    uint32_t numer;
    uint32_t denom;
};
typedef struct mach_timebase_info * mach_timebase_info_t;
typedef struct mach_timebase_info mach_timebase_info_data_t;

// Nanoseconds = ticks * numer / denom.
kern_return_t mach_timebase_info(mach_timebase_info_t info);
// Stands still while the system sleeps.
uint64_t mach_absolute_time(void);
// Goes on while the system sleeps.
uint64_t mach_continuous_time(void);

__END_DECLS

#endif
