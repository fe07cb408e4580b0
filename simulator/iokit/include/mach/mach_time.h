// Absolute time. Its unit here is the nanosecond.
#ifndef _MACH_MACH_TIME_H_
#define _MACH_MACH_TIME_H_

#include <mach/mach_types.h>

#ifdef __cplusplus
extern "C" {
#endif

// The system gives a struct and a function the same name.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
struct mach_timebase_info {
    uint32_t numer;
    uint32_t denom;
};
typedef struct mach_timebase_info * mach_timebase_info_t;
typedef struct mach_timebase_info mach_timebase_info_data_t;

uint64_t mach_absolute_time(void);
uint64_t mach_continuous_time(void);
kern_return_t mach_timebase_info(mach_timebase_info_t info);
#pragma GCC diagnostic pop

#ifdef __cplusplus
}
#endif

#endif
