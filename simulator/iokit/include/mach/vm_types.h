// Addresses and sizes; they lie with the other types.
#ifndef _MACH_VM_TYPES_H_
#define _MACH_VM_TYPES_H_
#include <mach/mach_types.h>
#endif
