// Codes of Mach and their names.
#ifndef _MACH_MACH_ERROR_H_
#define _MACH_MACH_ERROR_H_
#include <mach/error.h>
#include <mach/mach_port.h>
#endif
