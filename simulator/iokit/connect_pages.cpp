// The pieces of a driver's memory side by side in the application (contract §2.1).
#include "connect.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <sys/mman.h>

namespace dextsim::client {

namespace {

// Puts one piece to `at` in the range that is kept for them; false when it does not fit in there.
bool mapPiece(const Fd & pages, uint64_t offset, uint64_t length, bool readOnly, uint8_t * at,
              size_t left) {
    const size_t inPage = offset % pageSize();
    const size_t size = roundToPages(inPage + length);
    const int protection = readOnly ? PROT_READ : PROT_READ | PROT_WRITE;
    return size <= left && mmap(at, size, protection, MAP_SHARED | MAP_FIXED, pages.get(),
                                static_cast<off_t>(offset - inPage)) != MAP_FAILED;
}

} // namespace

// A range of addresses for the mapping's bytes, which begin where the first piece does in its page.
bool Connect::reserve(Reader pieces, void * wanted, Mapping & mapping) {
    pieces.u32();
    if (pieces.u32() == 0) {
        return false;
    }
    const size_t inPage = pieces.u64() % pageSize();
    mapping.size = roundToPages(inPage + mapping.length);
    void * const base = mmap(wanted, mapping.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) {
        return false;
    }
    mapping.base = base;
    mapping.address = reinterpret_cast<mach_vm_address_t>(base) + inPage;
    return wanted == nullptr || base == wanted;
}

// `reader` is at the pieces. What `mapping` has already is the range for them.
bool Connect::mapPages(Reply & first, Reader & reader, Mapping & mapping) {
    Reply more;
    Reply * reply = &first;
    Reader pieces = reader;
    auto * const base = static_cast<uint8_t *>(mapping.base);
    size_t mapped = 0;
    for (uint32_t done = 0, all = 1; done < all;) {
        if (done > 0) {
            Writer body;
            body.u64(id_).u32(done).u64(mapping.memory).u8(mapping.readOnly);
            more = session_->request(MessageType::MapMore, body);
            if (!more.delivered || more.status != kIOReturnSuccess) {
                return false;
            }
            reply = &more;
            pieces = more.reader();
        }
        all = pieces.u32();
        const uint32_t here = pieces.u32();
        for (uint32_t i = 0; i < here; ++i) {
            const uint64_t offset = pieces.u64();
            const uint64_t length = pieces.u64();
            if (!mapPiece(reply->takeFd(i), offset, length, mapping.readOnly, base + mapped,
                          mapping.size - mapped)) {
                return false;
            }
            mapped += roundToPages(offset % pageSize() + length);
        }
        done += here;
        if (here == 0) {
            return false;
        }
    }
    return true;
}

} // namespace dextsim::client
