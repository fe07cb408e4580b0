// Protections of memory; they lie with the types.
#ifndef _MACH_VM_PROT_H_
#define _MACH_VM_PROT_H_
#include <mach/mach_types.h>
#endif
