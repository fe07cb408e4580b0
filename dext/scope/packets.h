// Cuts the bytes of transfers into the packets of the wire. Knows bytes only: neither USB nor
// DriverKit.
#ifndef SCOPE_PACKETS_H
#define SCOPE_PACKETS_H

#include "scope.h"

#include <string.h>

namespace scope {

/// The packet that one transfer began and the next one ends. Zeroed, it is empty.
struct Tail {
    uint8_t bytes[sizeof(ScopePacket)];
    uint32_t length;
};

/// What one transfer held, in the order of its members.
struct Cut {
    bool completed; // `first` is the packet that the transfer before began
    ScopePacket first;
    const ScopePacket * whole; // into the transfer's own bytes
    uint32_t count;
    bool broken; // bytes were left over that nothing will complete
};

/// The packets lie behind an odd tail: moves them down to where a ScopePacket may lie. `bytes` has
/// room before it.
inline uint8_t * Align(uint8_t * bytes, uint32_t count) {
    const size_t excess = reinterpret_cast<uintptr_t>(bytes) % alignof(ScopePacket);
    if (excess > 0 && count > 0) {
        memmove(bytes - excess, bytes, count * sizeof(ScopePacket));
    }
    return bytes - excess;
}

/// `bytes` are aligned as a ScopePacket. A transfer that is `full` may cut a packet, which the next
/// one completes; after a short one the device has nothing more, so what is left over is a packet
/// that was never finished.
inline Cut CutTransfer(Tail * tail, uint8_t * bytes, uint32_t length, bool full) {
    constexpr uint32_t kSize = sizeof(ScopePacket);
    Cut cut = {};
    if (tail->length > 0) {
        const uint32_t missing = kSize - tail->length;
        const uint32_t taken = length < missing ? length : missing;
        memcpy(tail->bytes + tail->length, bytes, taken);
        tail->length += taken;
        bytes += taken;
        length -= taken;
        if (tail->length == kSize) {
            memcpy(&cut.first, tail->bytes, kSize);
            cut.completed = true;
            tail->length = 0;
        }
    }
    cut.count = length / kSize;
    const uint32_t rest = length % kSize;
    if (rest > 0) {
        memcpy(tail->bytes, bytes + cut.count * kSize, rest);
        tail->length = rest;
    }
    cut.whole = reinterpret_cast<const ScopePacket *>(Align(bytes, cut.count));
    cut.broken = !full && tail->length > 0;
    tail->length = cut.broken ? 0 : tail->length;
    return cut;
}

} // namespace scope

#endif
