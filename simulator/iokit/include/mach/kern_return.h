// Result codes of Mach; they lie with its types.
#ifndef _MACH_KERN_RETURN_H_
#define _MACH_KERN_RETURN_H_
#include <mach/mach_types.h>
#endif
