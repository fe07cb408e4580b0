// Memory behind descriptors: shared memory of the system, mapped once for the process.
#ifndef DEXTSIM_DRIVERKIT_MEMORY_H
#define DEXTSIM_DRIVERKIT_MEMORY_H

#include "../../ipc/fd.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>

#include <cstdint>
#include <memory>
#include <mutex>

namespace dextsim {

class SharedMemory {
  public:
    // `size` is the whole of the memory, in pages; not writable = cannot be mapped so.
    SharedMemory(Fd memory, uint64_t size, bool writable)
        : memory_(std::move(memory)), size_(size), writable_(writable) {}
    ~SharedMemory();
    SharedMemory(const SharedMemory &) = delete;
    SharedMemory & operator=(const SharedMemory &) = delete;

    // The process's own mapping, made at the first request; null on failure.
    uint8_t * address();
    const Fd & memory() const { return memory_; }
    uint64_t size() const { return size_; }
    bool writable() const { return writable_; }

  private:
    const Fd memory_;
    const uint64_t size_;
    const bool writable_;
    std::mutex lock_;
    uint8_t * address_ = nullptr;
};

} // namespace dextsim

struct IOMemoryDescriptor_IVars {
    std::shared_ptr<dextsim::SharedMemory> memory;
    uint64_t offset; // of the descriptor in the memory
    uint64_t length;
    uint64_t capacity;
    uint64_t options; // kIOMemoryDirection…
    bool isCreator;   // Out does not make its own mappings read-only (contract §2.5)
};

namespace dextsim {

struct MemoryDescription {
    std::shared_ptr<SharedMemory> memory;
    uint64_t offset = 0;
    uint64_t length = 0;
    uint64_t options = 0;
    bool isCreator = false;
    uint64_t kernelId = 0; // 0: the kernel does not know it
};

// With a reference for the caller, or null.
IOMemoryDescriptor * makeDescriptor(OSMetaClass * meta, const MemoryDescription & description);
// The descriptor of a large structure in a client's call; `direction` as the driver sees it.
IOMemoryDescriptor * makeClientDescriptor(Fd memory, uint64_t length, uint64_t direction);

} // namespace dextsim

#endif
