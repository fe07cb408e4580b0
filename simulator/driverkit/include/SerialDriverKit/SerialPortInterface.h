// What a serial driver and the system share: where each is in the two queues of bytes.
#ifndef SERIALDRIVERKIT_SERIALPORTINTERFACE_H
#define SERIALDRIVERKIT_SERIALPORTINTERFACE_H

#include <stdint.h>

// Drivers use atomic_int and the like with nothing but these headers. What C++ has by those names
// comes first, in both of these: <stdatomic.h> defines macros of the same names.
#include <atomic>
#ifdef __clang__
#include <memory>
#include <stdatomic.h>
#else
using std::atomic_bool, std::atomic_int, std::atomic_uint, std::atomic_flag;
using std::atomic_long, std::atomic_ulong, std::atomic_llong, std::atomic_ullong;
#endif

#include <SerialDriverKit/SerialDriverKitTypes.h>

namespace driverkit {
namespace serial {

enum { kSerialQueueLogSizeMax = 30 };

// Producer and consumer indices of queues of 2^logsz bytes, which begin at the offset of their
// memory. An index may be beyond the queue's size: what counts is its remainder. Equal ones mean
// that the queue is empty. The driver writes rxPI and txCI, the system the others.
struct SerialPortInterface {
    mutable uint32_t rxPI;
    mutable uint32_t rxCI;
    mutable uint32_t txPI;
    mutable uint32_t txCI;
    uint32_t rxqoffset;
    uint32_t txqoffset;
    uint8_t rxqlogsz;
    uint8_t txqlogsz;
};

} // namespace serial
} // namespace driverkit

#endif
