// Fast traps of connections. A dext's user client has those that set up event links (0) and work
// groups (1), which apps here cannot make: every trap is refused as one that does not exist.
#include "names.h"

#include <IOKit/IOKitLib.h>

using dextsim::client::Names;

kern_return_t IOConnectTrap0(io_connect_t connect, uint32_t) {
    return Names::shared().find(connect) == nullptr ? MACH_SEND_INVALID_DEST : kIOReturnBadArgument;
}

kern_return_t IOConnectTrap1(io_connect_t connect, uint32_t index, uintptr_t) {
    return IOConnectTrap0(connect, index);
}
kern_return_t IOConnectTrap2(io_connect_t connect, uint32_t index, uintptr_t, uintptr_t) {
    return IOConnectTrap0(connect, index);
}
kern_return_t IOConnectTrap3(io_connect_t connect, uint32_t index, uintptr_t, uintptr_t,
                             uintptr_t) {
    return IOConnectTrap0(connect, index);
}
kern_return_t IOConnectTrap4(io_connect_t connect, uint32_t index, uintptr_t, uintptr_t, uintptr_t,
                             uintptr_t) {
    return IOConnectTrap0(connect, index);
}
kern_return_t IOConnectTrap5(io_connect_t connect, uint32_t index, uintptr_t, uintptr_t, uintptr_t,
                             uintptr_t, uintptr_t) {
    return IOConnectTrap0(connect, index);
}
kern_return_t IOConnectTrap6(io_connect_t connect, uint32_t index, uintptr_t, uintptr_t, uintptr_t,
                             uintptr_t, uintptr_t, uintptr_t) {
    return IOConnectTrap0(connect, index);
}
