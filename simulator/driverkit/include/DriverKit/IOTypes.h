// Plain types and option words shared by all families.
#ifndef DRIVERKIT_IOTYPES_H
#define DRIVERKIT_IOTYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <DriverKit/IOReturn.h>
#include <DriverKit/OSTypes.h>
#include <mach/message.h>

#ifndef NULL
#define NULL 0
#endif

typedef uint32_t IOOptionBits;
typedef int32_t IOFixed;
typedef uint32_t IOVersion;
typedef uint32_t IOItemCount;
typedef uint32_t IOCacheMode;
typedef uint32_t IOByteCount32;
typedef uint64_t IOByteCount64;
typedef IOByteCount64 IOByteCount;
typedef uint64_t IOPhysicalAddress64;
typedef uint32_t IOPhysicalAddress32;
typedef IOPhysicalAddress64 IOPhysicalAddress;
typedef uint32_t IOPhysicalLength32;
typedef uint64_t IOPhysicalLength64;
typedef IOPhysicalLength64 IOPhysicalLength;
typedef uint64_t IOVirtualAddress;
typedef IOVirtualAddress IOLogicalAddress;

enum {
    kIODefaultCache = 0,
    kIOInhibitCache = 1,
    kIOWriteThruCache = 2,
    kIOCopybackCache = 3,
};

// Nanoseconds for IOService::RequireMaxBusStall.
enum {
    kIOMaxBusStall40usec = 40000,
    kIOMaxBusStall30usec = 30000,
    kIOMaxBusStall25usec = 25000,
    kIOMaxBusStall20usec = 20000,
    kIOMaxBusStall10usec = 10000,
    kIOMaxBusStall5usec = 5000,
    kIOMaxBusStallNone = 0,
};

enum { kIODefaultMemoryType = 0 };

#endif
