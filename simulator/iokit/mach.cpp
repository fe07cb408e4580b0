// The few Mach calls that IOKit clients make about their own task.
#include "notification_port.h"

#include "ipc/machine.h"
#include "ipc/os.h"

#include <IOKit/IOKitLib.h>
#include <mach/mach_error.h>

#include <cstdio>
#include <cstring>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

mach_port_t mach_task_self_ = 0x103;

// The send rights of a port of this process's own are not counted.
kern_return_t mach_port_deallocate(task_t, mach_port_name_t name) {
    return dextsim::client::NotificationPort::find(name) != nullptr ? KERN_SUCCESS
                                                                    : IOObjectRelease(name);
}

kern_return_t mach_port_mod_refs(task_t task, mach_port_name_t name, mach_port_right_t right,
                                 mach_port_delta_t delta) {
    if (right == MACH_PORT_RIGHT_RECEIVE) {
        return delta == -1 ? mach_port_destroy(task, name) : KERN_INVALID_VALUE;
    }
    kern_return_t status = KERN_SUCCESS;
    for (; delta > 0 && status == KERN_SUCCESS; --delta) {
        status = IOObjectRetain(name);
    }
    for (; delta < 0 && status == KERN_SUCCESS; ++delta) {
        status = IOObjectRelease(name);
    }
    return status;
}

const char * mach_error_string(kern_return_t error) {
    static thread_local char text[40];
    snprintf(text, sizeof text, "(iokit/common) 0x%08x", static_cast<unsigned>(error));
    return text;
}

static size_t rounded(uint64_t size) {
    auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
    return static_cast<size_t>((size + page - 1) / page * page);
}

kern_return_t mach_vm_allocate(vm_map_t, mach_vm_address_t * address, mach_vm_size_t size,
                               int flags) {
    if (size == 0) {
        *address = 0;
        return KERN_SUCCESS;
    }
    void * wanted = (flags & VM_FLAGS_ANYWHERE) != 0 ? nullptr : reinterpret_cast<void *>(*address);
    void * made =
        mmap(wanted, rounded(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED) {
        return KERN_NO_SPACE;
    }
    if (wanted != nullptr && made != wanted) {
        munmap(made, rounded(size));
        return KERN_NO_SPACE;
    }
    *address = reinterpret_cast<mach_vm_address_t>(made);
    return KERN_SUCCESS;
}

kern_return_t mach_vm_deallocate(vm_map_t, mach_vm_address_t address, mach_vm_size_t size) {
    if (size == 0) {
        return KERN_SUCCESS;
    }
    int result = munmap(reinterpret_cast<void *>(address), rounded(size));
    return result == 0 ? KERN_SUCCESS : KERN_INVALID_ADDRESS;
}

kern_return_t vm_allocate(vm_map_t target, vm_address_t * address, vm_size_t size, int flags) {
    mach_vm_address_t wide = *address;
    kern_return_t status = mach_vm_allocate(target, &wide, size, flags);
    *address = static_cast<vm_address_t>(wide);
    return status;
}

kern_return_t vm_deallocate(vm_map_t target, vm_address_t address, vm_size_t size) {
    return mach_vm_deallocate(target, address, size);
}

kern_return_t mach_vm_region(vm_map_read_t, mach_vm_address_t * address, mach_vm_size_t * size,
                             vm_region_flavor_t flavor, vm_region_info_t info,
                             mach_msg_type_number_t * count, mach_port_t * object) {
    if (flavor != VM_REGION_BASIC_INFO_64 || *count < VM_REGION_BASIC_INFO_COUNT_64) {
        return KERN_INVALID_ARGUMENT;
    }
    *count = VM_REGION_BASIC_INFO_COUNT_64;
    if (object != nullptr) {
        *object = MACH_PORT_NULL;
    }
    dextsim::Region found;
    if (!dextsim::regionFrom(*address, found)) {
        return KERN_INVALID_ADDRESS;
    }
    vm_region_basic_info_data_64_t region = {};
    region.protection = (found.readable ? VM_PROT_READ : 0) | (found.writable ? VM_PROT_WRITE : 0) |
                        (found.executable ? VM_PROT_EXECUTE : 0);
    region.max_protection = region.protection;
    region.shared = found.shared;
    memcpy(info, &region, sizeof region);
    *address = found.address;
    *size = found.size;
    return KERN_SUCCESS;
}

uint64_t mach_absolute_time(void) {
    return dextsim::machineNanoseconds();
}

uint64_t mach_continuous_time(void) {
    return mach_absolute_time();
}

kern_return_t mach_timebase_info(mach_timebase_info_t info) {
    *info = {1, 1};
    return KERN_SUCCESS;
}

#if !defined(__APPLE__)
uint64_t clock_gettime_nsec_np(int clock) {
    if (clock == CLOCK_UPTIME_RAW || clock == CLOCK_UPTIME_RAW_APPROX) {
        return mach_absolute_time();
    }
    timespec now = {};
    return clock_gettime(clock, &now) == 0 ? static_cast<uint64_t>(now.tv_sec) * NSEC_PER_SEC +
                                                 static_cast<uint64_t>(now.tv_nsec)
                                           : 0;
}
#endif
