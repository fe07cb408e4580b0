#ifndef _MACH_MACH_ERROR_H_
#define _MACH_MACH_ERROR_H_
#include <mach/mach_port.h>
#endif
