// A computed type is a base and parts, each in bits of its own above it.
#include "memory-types.h"

namespace dextgen {

bool MemoryTypeMatches(const Buffer & buffer, uint64_t type, uint64_t * parts) {
    if (buffer.any) {
        return true;
    }
    if (type < buffer.memoryType) {
        return false;
    }
    uint64_t rest = type - buffer.memoryType;
    for (uint32_t i = 0; i < buffer.partCount; i++) {
        const MemoryPart & part = buffer.parts[i];
        const uint64_t mask = ((UINT64_C(1) << part.width) - 1) << part.at;
        parts[i] = (rest & mask) >> part.at;
        rest &= ~mask;
        Fault fault = {};
        if (!CheckWord(part.value, parts[i], &fault)) {
            return false;
        }
    }
    return rest == 0;
}

int32_t MemoryTypeOwner(const Interface & interface, uint64_t type) {
    uint64_t parts[kMaxMemoryParts] = {};
    int32_t any = -1;
    for (uint32_t i = 0; i < interface.bufferCount; i++) {
        const Buffer & buffer = interface.buffers[i];
        if (buffer.any) {
            any = static_cast<int32_t>(i);
        } else if (MemoryTypeMatches(buffer, type, parts)) {
            return static_cast<int32_t>(i);
        }
    }
    return any;
}

} // namespace dextgen
