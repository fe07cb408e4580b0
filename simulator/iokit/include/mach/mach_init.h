// The task of this process; it lies with the ports.
#ifndef _MACH_MACH_INIT_H_
#define _MACH_MACH_INIT_H_
#include <mach/mach_port.h>
#endif
