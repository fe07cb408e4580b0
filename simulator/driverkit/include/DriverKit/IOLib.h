// The library of plain functions: memory, logs, clocks, locks, byte order (contract §9.7).
#ifndef DRIVERKIT_IOLIB_H
#define DRIVERKIT_IOLIB_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cdefs.h>
#include <DriverKit/IOReturn.h>
#include <DriverKit/IOTypes.h>
#include <TargetConditionals.h>
#include <mach/mach_time.h>
#include <os/log.h>
#include <os/overflow.h>

__BEGIN_DECLS

// ── Logs ──

int IOLog(const char * format, ...) __attribute__((format(printf, 1, 2)));
int IOLogv(const char * format, va_list ap) __attribute__((format(printf, 1, 0)));
void IOLogBuffer(const char * title, const void * buffer, size_t size);
void OSReportWithBacktrace(const char * str, ...) __attribute__((format(printf, 1, 2)));

// The polynomial of zlib; `crc` is 0 or the value of the bytes before.
uint32_t crc32(uint32_t crc, const void * buf, size_t size);

// ── Memory ──

void * IOMalloc(size_t length) __attribute__((alloc_size(1)));
void * IOMallocZero(size_t length) __attribute__((alloc_size(1)));
// `length` must be the one of the allocation: the simulator ends the process when it is not.
void IOFree(void * address, size_t length);

#define IONew(type, count)                                                                         \
    ({                                                                                             \
        size_t __size;                                                                             \
        (os_mul_overflow(sizeof(type), (count), &__size) ? ((type *)NULL)                          \
                                                         : ((type *)IOMalloc(__size)));            \
    })
#define IONewZero(type, count)                                                                     \
    ({                                                                                             \
        size_t __size;                                                                             \
        (os_mul_overflow(sizeof(type), (count), &__size) ? ((type *)NULL)                          \
                                                         : ((type *)IOMallocZero(__size)));        \
    })
#define IODelete(ptr, type, count)                                                                 \
    ({                                                                                             \
        size_t __size;                                                                             \
        if (!os_mul_overflow(sizeof(type), (count), &__size))                                      \
            IOFree(ptr, __size);                                                                   \
    })
#define IOSafeDeleteNULL(ptr, type, count)                                                         \
    do {                                                                                           \
        if (NULL != (ptr)) {                                                                       \
            IODelete((ptr), type, count);                                                          \
            (ptr) = NULL;                                                                          \
        }                                                                                          \
    } while (0)

extern uint64_t IOVMPageSize;

// ── Time ──

void IOSleep(uint64_t ms);
void IODelay(uint64_t us);

#ifndef NSEC_PER_SEC
#define NSEC_PER_SEC 1000000000ull
enum {
    kNanosecondScale = 1,
    kMicrosecondScale = 1000,
    kMillisecondScale = 1000 * 1000,
    kSecondScale = 1000 * 1000 * 1000,
};
#endif

// ── Others ──

void OSSynchronizeIO(void);
// The simulator has no boot arguments: false.
bool IOParseBootArgNumber(const char * arg_string, void * arg_ptr, int max_len);
bool IOParseBootArgString(const char * arg_string, char * arg_ptr, int strlen);

// Numbers with 16 bits behind the point.
static inline IOFixed IOFixedMultiply(IOFixed a, IOFixed b) {
    return (IOFixed)(((int64_t)a * (int64_t)b) >> 16);
}
static inline IOFixed IOFixedDivide(IOFixed a, IOFixed b) {
    return (IOFixed)((int64_t)a * 65536 / (int64_t)b);
}

// ── Locks ──

struct IOLock;
struct IOLock * IOLockAlloc(void);
void IOLockFree(struct IOLock * lock);
void IOLockLock(struct IOLock * lock);
void IOLockUnlock(struct IOLock * lock);
bool IOLockTryLock(struct IOLock * lock);

typedef enum { kIOLockAssertOwned = 1, kIOLockAssertNotOwned = 2 } IOLockAssertState;
// Ends the process when the state is another.
void IOLockAssert(struct IOLock * lock, IOLockAssertState type);

struct IORecursiveLock;
struct IORecursiveLock * IORecursiveLockAlloc(void);
void IORecursiveLockFree(struct IORecursiveLock * lock);
void IORecursiveLockLock(struct IORecursiveLock * lock);
bool IORecursiveLockTryLock(struct IORecursiveLock * lock);
void IORecursiveLockUnlock(struct IORecursiveLock * lock);
bool IORecursiveLockHaveLock(struct IORecursiveLock * lock);

struct IORWLock;
struct IORWLock * IORWLockAlloc(void);
void IORWLockFree(struct IORWLock * lock);
void IORWLockRead(struct IORWLock * lock);
void IORWLockWrite(struct IORWLock * lock);
void IORWLockUnlock(struct IORWLock * lock);

// ── Sleeping on a lock, which is released meanwhile ──

#define THREAD_UNINT 0x00000000
#define THREAD_INTERRUPTIBLE 0x00000001
#define THREAD_ABORTSAFE 0x00000002
#define THREAD_AWAKENED 0
#define THREAD_TIMED_OUT 1
// `interType` is not looked at; nothing interrupts a thread. THREAD_AWAKENED.
int IOLockSleep(struct IOLock * lock, void * event, uint32_t interType);
// `deadline` in ticks of mach_absolute_time. THREAD_AWAKENED or THREAD_TIMED_OUT.
int IOLockSleepWithDeadline(struct IOLock * lock, void * event, uint64_t deadline,
                            uint32_t interType);
void IOLockWakeup(struct IOLock * lock, void * event, bool oneThread);
int IORecursiveLockSleep(struct IORecursiveLock * lock, void * event, uint32_t interType);
int IORecursiveLockSleepWithDeadline(struct IORecursiveLock * lock, void * event, uint64_t deadline,
                                     uint32_t interType);
void IORecursiveLockWakeup(struct IORecursiveLock * lock, void * event, bool oneThread);

// ── Once ──

typedef struct IOCallOnceFlag {
    intptr_t opaque;
} IOCallOnceFlag;
#if __BLOCKS__
typedef void (^IOCallOnceBlock)(void);
// The first call runs the block; others wait until it has returned.
void IOCallOnce(IOCallOnceFlag * flag, IOCallOnceBlock block);
#endif

#define IOLockFreeZero(l)                                                                          \
    do {                                                                                           \
        if (l) {                                                                                   \
            IOLockFree(l);                                                                         \
            l = NULL;                                                                              \
        }                                                                                          \
    } while (0)
#define IORecursiveLockFreeZero(l)                                                                 \
    do {                                                                                           \
        if (l) {                                                                                   \
            IORecursiveLockFree(l);                                                                \
            l = NULL;                                                                              \
        }                                                                                          \
    } while (0)
#define IORWLockFreeZero(l)                                                                        \
    do {                                                                                           \
        if (l) {                                                                                   \
            IORWLockFree(l);                                                                       \
            l = NULL;                                                                              \
        }                                                                                          \
    } while (0)

__END_DECLS

// ── Byte order (all targets are little-endian) ──

#define OSSwapInt16(x) __builtin_bswap16((uint16_t)(x))
#define OSSwapInt32(x) __builtin_bswap32((uint32_t)(x))
#define OSSwapInt64(x) __builtin_bswap64((uint64_t)(x))
#define OSSwapLittleToHostInt16(x) ((uint16_t)(x))
#define OSSwapHostToLittleInt16(x) ((uint16_t)(x))
#define OSSwapLittleToHostInt32(x) ((uint32_t)(x))
#define OSSwapHostToLittleInt32(x) ((uint32_t)(x))
#define OSSwapLittleToHostInt64(x) ((uint64_t)(x))
#define OSSwapHostToLittleInt64(x) ((uint64_t)(x))
#define OSSwapBigToHostInt16(x) OSSwapInt16(x)
#define OSSwapHostToBigInt16(x) OSSwapInt16(x)
#define OSSwapBigToHostInt32(x) OSSwapInt32(x)
#define OSSwapHostToBigInt32(x) OSSwapInt32(x)
#define OSSwapBigToHostInt64(x) OSSwapInt64(x)
#define OSSwapHostToBigInt64(x) OSSwapInt64(x)

#ifndef OSSafeReleaseNULL
#define OSSafeReleaseNULL(inst)                                                                    \
    {                                                                                              \
        if (NULL != (inst)) {                                                                      \
            (inst)->release();                                                                     \
            (inst) = NULL;                                                                         \
        }                                                                                          \
    }
#endif

#endif
