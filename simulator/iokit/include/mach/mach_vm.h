// Virtual memory of one's own task: allocation, release, and what a region allows.
#ifndef _MACH_MACH_VM_H_
#define _MACH_MACH_VM_H_

#include <mach/mach_types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VM_FLAGS_FIXED 0x0000
#define VM_FLAGS_ANYWHERE 0x0001

typedef int vm_region_flavor_t;
typedef int * vm_region_info_t;
typedef natural_t mach_msg_type_number_t;

typedef struct vm_region_basic_info_64 {
    vm_prot_t protection;
    vm_prot_t max_protection;
    vm_inherit_t inheritance;
    boolean_t shared;
    boolean_t reserved;
    uint64_t offset;
    vm_behavior_t behavior;
    unsigned short user_wired_count;
} vm_region_basic_info_data_64_t;

#define VM_REGION_BASIC_INFO_64 9
#define VM_REGION_BASIC_INFO_COUNT_64                                                              \
    ((mach_msg_type_number_t)(sizeof(vm_region_basic_info_data_64_t) / sizeof(int)))

kern_return_t mach_vm_allocate(vm_map_t target, mach_vm_address_t * address, mach_vm_size_t size,
                               int flags);
kern_return_t mach_vm_deallocate(vm_map_t target, mach_vm_address_t address, mach_vm_size_t size);
kern_return_t vm_allocate(vm_map_t target, vm_address_t * address, vm_size_t size, int flags);
kern_return_t vm_deallocate(vm_map_t target, vm_address_t address, vm_size_t size);
// The region at or after *address. Fills protection and shared.
kern_return_t mach_vm_region(vm_map_read_t target, mach_vm_address_t * address,
                             mach_vm_size_t * size, vm_region_flavor_t flavor,
                             vm_region_info_t info, mach_msg_type_number_t * count,
                             mach_port_t * object);

#ifdef __cplusplus
}
#endif

#endif
