// Pages from the system rather than from the heap, which would put other objects next to them.
#include "client_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

namespace dextgen {

std::shared_ptr<Pages> Pages::Copy(const uint8_t * bytes, size_t length) {
    void * memory =
        mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return nullptr;
    std::memcpy(memory, bytes, length);
    return std::shared_ptr<Pages>(new Pages(static_cast<uint8_t *>(memory), length));
}

Pages::~Pages() {
    (void)munmap(bytes_, length_);
}

void CopyBack(const MemoryViews & views) {
    for (const MemoryView & view : views) {
        if (!view.written || view.target.IsEmpty())
            continue;
        Napi::Uint8Array target = view.target.Value();
        const size_t length = std::min(target.ByteLength(), view.pages->Length());
        if (length > 0)
            std::memcpy(target.Data(), view.pages->Bytes(), length);
    }
}

} // namespace dextgen
