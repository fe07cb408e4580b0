// Memory of a driver, mapped into this process by one connection. Read and written by copying only,
// within the size that the kernel returned (contract §2.1). Who unmaps it is the connection's
// business.
#ifndef DEXTGEN_ADDON_MAPPING_H
#define DEXTGEN_ADDON_MAPPING_H

#include <cstdint>

namespace dextgen {

/// Used on the JavaScript thread. `address` is null once the mapping is closed; a ring over it then
/// refuses to read, and the pages may go.
struct Mapping {
    uint8_t * address = nullptr;
    uint64_t size = 0;
    bool writable = false;

    bool Contains(uint64_t offset, uint64_t length) const {
        return address != nullptr && offset <= size && length <= size - offset;
    }
    /// Not every processor reads a whole word elsewhere, and the driver chooses where in its pages
    /// the memory begins.
    bool IsAligned(uint64_t offset, uint64_t word) const {
        return (reinterpret_cast<uintptr_t>(address) + offset) % word == 0;
    }
};

} // namespace dextgen

#endif
