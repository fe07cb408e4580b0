// What both ends of every socket of the simulator agree on besides the messages themselves
// (messages.h): where the sockets are, roles, states, flags and limits.
#ifndef DEXTSIM_IPC_PROTOCOL_H
#define DEXTSIM_IPC_PROTOCOL_H

#include <cstdint>

namespace dextsim {

constexpr uint32_t kProtocolVersion = 1;

// Environment: the kernel's socket, the client's entitlements plist, and, in a dext, the descriptor
// of its socket to the kernel.
constexpr const char * kSocketVariable = "DEXTGEN_SIM_SOCKET";
constexpr const char * kEntitlementsVariable = "DEXTGEN_SIM_ENTITLEMENTS";
// Seconds after which the kernel says that a call has not returned; --watchdog-seconds of dextsim.
constexpr const char * kWatchdogVariable = "DEXTGEN_SIM_WATCHDOG";
constexpr const char * kDextFdVariable = "DEXTGEN_SIM_DEXT_FD";

constexpr uint64_t kUnsetOptions = UINT64_C(0xdecaf00ddecaf00d);
constexpr uint64_t kAfterTermination = UINT64_C(1) << 63;

enum class Role : uint8_t { Client = 1, Device = 2, Control = 3 };

enum class PortMessageKind : uint8_t { Completion = 1, Matching = 2, Interest = 3 };

// Which lock of its connection a call takes: beside other calls, alone, or none (contract §1.8).
enum class ConnectionLocking : uint8_t { Shared, Single, None };

// A word of the shared page, one per connection; written by the kernel before the dext hears
// anything, read by the client before each call (contract §4.6).
enum class ConnectionState : uint32_t {
    Free = 0,
    Open = 1,
    Closed = 2,     // calls: MACH_SEND_INVALID_DEST
    Terminated = 3, // never mapped memory: MACH_SEND_INVALID_DEST
    Mapped = 4,     // terminated, had mapped memory: kIOReturnBadArgument
};

// What CallLasts is about.
enum class LastingCall : uint8_t {
    Method = 1,   // has not returned
    Returned = 2, // and now it has
    Close = 3,    // waits for methods, as the two below (contract §1.8)
    Map = 4,
    Unmap = 5,
    AddClient = 6,
    SetNotificationPort = 7,
};

// Why the app no longer needs the memory of one answer to Map.
enum class MapDrop : uint8_t {
    Gone = 0,   // unmapped, or it is a mapping that was there before
    Failed = 1, // the app's address space did not take it
};

// Flags of Call.
enum CallFlags : uint8_t {
    kCallAsync = 1,            // a wake port was given; completion is not NULL
    kCallVariableOutput = 2,   // kIOConnectMethodVarOutputSize: structOutputSize is 0xffffffff
    kCallInputDescriptor = 4,  // > 4096 bytes, in the first descriptor
    kCallOutputDescriptor = 8, // > 4096 bytes, in the last descriptor
};

constexpr uint32_t kAsyncReferenceWords = 8;
constexpr uint32_t kMaxScalars = 16;
constexpr uint32_t kMaxInline = 4096;
constexpr uint32_t kMaxCompletionWords = 16;
constexpr uint32_t kMaxPortMessages = 65534;

enum class UsbSpeed : uint8_t { Low = 1, Full = 2, High = 3, Super = 4, SuperPlus = 5 };

} // namespace dextsim

#endif
