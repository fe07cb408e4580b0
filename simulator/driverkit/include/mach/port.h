#ifndef MACH_PORT_H
#define MACH_PORT_H
// mach_port_t and what belongs to it.
#include <mach/message.h>
#endif
