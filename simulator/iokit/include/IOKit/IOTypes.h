// Types and constants that IOKit's client interfaces share.
#ifndef _IOKIT_IOTYPES_H
#define _IOKIT_IOTYPES_H

#include <IOKit/IOReturn.h>
#include <mach/mach_types.h>

#ifndef __MACTYPES__
typedef uint8_t UInt8;
typedef uint16_t UInt16;
typedef uint32_t UInt32;
typedef uint64_t UInt64;
typedef int8_t SInt8;
typedef int16_t SInt16;
typedef int32_t SInt32;
typedef int64_t SInt64;
typedef unsigned char Boolean;
#define __MACTYPES__
#endif

typedef uint32_t IOOptionBits;
typedef int32_t IOFixed;
typedef uint32_t IOVersion;
typedef uint32_t IOItemCount;
typedef uint32_t IOCacheMode;
typedef uint32_t IOByteCount32;
typedef uint64_t IOByteCount64;
typedef uintptr_t IOByteCount;

typedef mach_port_t io_object_t;
typedef io_object_t io_connect_t;
typedef io_object_t io_enumerator_t;
typedef io_object_t io_ident_t;
typedef io_object_t io_iterator_t;
typedef io_object_t io_registry_entry_t;
typedef io_object_t io_service_t;
typedef io_object_t uext_object_t;

#define IO_OBJECT_NULL ((io_object_t)0)

// Options of IOConnectMapMemory. kIOMapReadOnly from a client is ignored (contract §2.1).
enum {
    kIODefaultMemoryType = 0,
};
enum {
    kIODefaultCache = 0,
    kIOInhibitCache = 1,
    kIOWriteThruCache = 2,
    kIOCopybackCache = 3,
    kIOWriteCombineCache = 4,
    kIOCopybackInnerCache = 5,
    kIOPostedWrite = 6,
    kIORealTimeCache = 7,
    kIOPostedReordered = 8,
    kIOPostedCombinedReordered = 9,
};
enum {
    kIOMapAnywhere = 0x00000001,
    kIOMapCacheMask = 0x00000f00,
    kIOMapCacheShift = 8,
    kIOMapDefaultCache = kIODefaultCache << kIOMapCacheShift,
    kIOMapInhibitCache = kIOInhibitCache << kIOMapCacheShift,
    kIOMapWriteThruCache = kIOWriteThruCache << kIOMapCacheShift,
    kIOMapCopybackCache = kIOCopybackCache << kIOMapCacheShift,
    kIOMapWriteCombineCache = kIOWriteCombineCache << kIOMapCacheShift,
    kIOMapCopybackInnerCache = kIOCopybackInnerCache << kIOMapCacheShift,
    kIOMapPostedWrite = kIOPostedWrite << kIOMapCacheShift,
    kIOMapRealTimeCache = kIORealTimeCache << kIOMapCacheShift,
    kIOMapPostedReordered = kIOPostedReordered << kIOMapCacheShift,
    kIOMapPostedCombinedReordered = kIOPostedCombinedReordered << kIOMapCacheShift,
    kIOMapUserOptionsMask = 0x00000fff,
    kIOMapReadOnly = 0x00001000,
    kIOMapStatic = 0x01000000,
    kIOMapReference = 0x02000000,
    kIOMapUnique = 0x04000000,
    kIOMapPrefault = 0x10000000,
    kIOMapOverwrite = 0x20000000,
};

#endif
