// IOMalloc and IOFree. The allocator of the system is told no size on free; a driver that passes a
// wrong one corrupts memory on a Mac, so that here it ends the process. Memory of `new` and malloc
// is freed as it is there, without a look at the length.
#include "driverkit/runtime/log.h"
#include <DriverKit/IOLib.h>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace {

// Lies in front of every allocation and keeps its alignment.
struct alignas(16) Header {
    size_t length;
    uint64_t tag;
};
constexpr uint64_t liveTag = 0x494f4d616c6c6f63;
constexpr uint64_t freedTag = 0x494f467265656421;

// In front of memory of another kind there is something of the allocator's.
[[gnu::no_sanitize_address]] uint64_t tagOf(const Header * header) {
    return header->tag;
}

[[noreturn]] void fail(const char * what, const void * address, size_t length) {
    char line[128];
    snprintf(line, sizeof(line), "IOFree(%p, %zu): %s", address, length, what);
    dextsim::dieOfFault(line);
}

} // namespace

// On a Mac one allocator is below `new`, malloc and IOMalloc, and AddressSanitizer does not ask
// which of them memory came from. Where it would ask, it is told not to, in dexts alone.
extern "C" [[gnu::visibility("default")]] const char * __asan_default_options();
const char * __asan_default_options() {
    return "alloc_dealloc_mismatch=0";
}

extern "C" uint64_t IOVMPageSize;
uint64_t IOVMPageSize = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));

void * IOMallocZero(size_t length) {
    size_t total = 0;
    if (length == 0 || os_add_overflow(length, sizeof(Header), &total))
        return nullptr;
    Header * header = static_cast<Header *>(calloc(1, total));
    if (header == nullptr)
        return nullptr;
    header->length = length;
    header->tag = liveTag;
    return header + 1;
}

void * IOMalloc(size_t length) {
    void * memory = IOMallocZero(length);
    if (memory != nullptr)
        memset(memory, 0xa5, length); // so that nobody relies on zeros
    return memory;
}

void IOFree(void * address, size_t length) {
    if (address == nullptr)
        return;
    Header * header = static_cast<Header *>(address) - 1;
    const uint64_t tag = tagOf(header);
    if (tag == freedTag)
        fail("already freed", address, length);
    if (tag != liveTag) {
        ::free(address);
        return;
    }
    if (header->length != length)
        fail("the allocation has another length", address, length);
    header->tag = freedTag;
    ::free(header);
}
