// Ports: only what clients do with the names they were given.
#ifndef _MACH_MACH_PORT_H_
#define _MACH_MACH_PORT_H_

#include <mach/mach_types.h>

#ifdef __cplusplus
extern "C" {
#endif

extern mach_port_t mach_task_self_;
#define mach_task_self() mach_task_self_

#define MACH_PORT_RIGHT_SEND ((mach_port_right_t)0)
#define MACH_PORT_RIGHT_RECEIVE ((mach_port_right_t)1)

// Receive rights only.
kern_return_t mach_port_allocate(task_t task, mach_port_right_t right, mach_port_name_t * name);
kern_return_t mach_port_insert_right(task_t task, mach_port_name_t name, mach_port_t port,
                                     unsigned int disposition);
kern_return_t mach_port_destroy(task_t task, mach_port_name_t name);
kern_return_t mach_port_deallocate(task_t task, mach_port_name_t name);
kern_return_t mach_port_mod_refs(task_t task, mach_port_name_t name, mach_port_right_t right,
                                 mach_port_delta_t delta);
const char * mach_error_string(kern_return_t error);

#ifdef __cplusplus
}
#endif

#endif
