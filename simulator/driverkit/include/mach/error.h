// Layout of error codes, which IOReturn.h shares with Mach.
#ifndef MACH_ERROR_H
#define MACH_ERROR_H

#include <DriverKit/IOReturn.h>

typedef kern_return_t mach_error_t;

#endif
