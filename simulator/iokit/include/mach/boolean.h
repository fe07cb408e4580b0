// boolean_t; it lies with the other types.
#ifndef _MACH_BOOLEAN_H_
#define _MACH_BOOLEAN_H_
#include <mach/mach_types.h>
#endif
