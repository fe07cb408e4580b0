// The Mach subset that IOKit clients include.
#ifndef _MACH_MACH_H_
#define _MACH_MACH_H_

#include <mach/clock_types.h>
#include <mach/mach_error.h>
#include <mach/mach_init.h>
#include <mach/mach_port.h>
#include <mach/mach_time.h>
#include <mach/mach_types.h>
#include <mach/mach_vm.h>
#include <mach/message.h>

#endif
