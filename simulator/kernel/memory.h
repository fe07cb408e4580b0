// Memory descriptors that live in the kernel: shared memory with an owner, sub-descriptors, and how
// long each is kept (contract §2).
#ifndef DEXTSIM_KERNEL_MEMORY_H
#define DEXTSIM_KERNEL_MEMORY_H

#include "ipc/fd.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>

namespace dextsim {

// The pages behind one or more descriptors. The kernel maps them for the life of the backing, so
// that device data is copied straight into place.
struct MemoryBacking {
    Fd fd;
    size_t size = 0; // whole pages
    uint8_t * address = nullptr;
    ~MemoryBacking();
};

struct MemoryDescriptor {
    uint64_t id = 0;
    uint32_t owner = 0; // dext process
    uint64_t options = 0;
    uint64_t offset = 0; // in the backing
    uint64_t length = 0;
    uint64_t capacity = 0;
    unsigned references = 1;
    std::shared_ptr<MemoryBacking> backing;

    std::span<uint8_t> bytes() const { return {backing->address + offset, length}; }
};

class MemoryTable {
  public:
    // 0 or an IOReturn.
    int32_t create(uint32_t owner, uint64_t options, uint64_t capacity, MemoryDescriptor *& made);
    int32_t createSub(uint32_t owner, uint64_t options, uint64_t offset, uint64_t length,
                      uint64_t of, MemoryDescriptor *& made);
    MemoryDescriptor * find(uint64_t id);
    void retain(uint64_t id);
    void release(uint64_t id);
    // Forgets everything of a dext that is gone; pages that somebody mapped stay alive (§2.3).
    void releaseOwner(uint32_t owner);
    size_t size() const { return table_.size(); }

  private:
    std::map<uint64_t, MemoryDescriptor> table_;
    uint64_t nextId_ = 1;
};

} // namespace dextsim

#endif
