#ifndef _MACH_PORT_H_
#define _MACH_PORT_H_
#include <mach/mach_types.h>
#endif
