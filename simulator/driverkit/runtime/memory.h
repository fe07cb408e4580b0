// Memory behind descriptors: shared memory of the system, mapped once for the process.
#ifndef DEXTSIM_DRIVERKIT_MEMORY_H
#define DEXTSIM_DRIVERKIT_MEMORY_H

#include "../../ipc/fd.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

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

struct MemoryPiece {
    std::shared_ptr<SharedMemory> memory;
    uint64_t offset = 0; // in the memory
    uint64_t length = 0;
};
using MemoryPieces = std::vector<MemoryPiece>;

// A mapping of pieces behind each other, gone with this object.
class PiecesMapping {
  public:
    // How a driver wants it: at this address (0: at any), which is of its first byte; with guard
    // pages before and behind it.
    struct Wish {
        bool writable = true;
        uint64_t address = 0;
        bool guarded = false;
    };

    // Null when the pieces do not meet at page boundaries, or when the system cannot map them.
    static std::shared_ptr<PiecesMapping> make(const MemoryPieces & pieces, const Wish & wish);
    PiecesMapping(uint8_t * base, size_t size, size_t first)
        : base_(base), size_(size), first_(first) {}
    ~PiecesMapping();
    PiecesMapping(const PiecesMapping &) = delete;
    PiecesMapping & operator=(const PiecesMapping &) = delete;

    uint64_t address() const { return reinterpret_cast<uint64_t>(base_) + first_; }

  private:
    uint8_t * const base_; // with the guard
    const size_t size_;    // whole pages, with both guards
    const size_t first_;   // where the first byte is
};

} // namespace dextsim

struct IOMemoryDescriptor_IVars {
    std::mutex lock;
    dextsim::MemoryPieces pieces;
    bool referenced; // the kernel has told the pieces; until then only it knows them
    uint64_t length;
    uint64_t capacity;
    uint64_t options; // kIOMemoryDirection…
    bool isCreator;   // Out does not make its own mappings read-only (contract §2.5)
    std::shared_ptr<dextsim::PiecesMapping> ownMapping; // of Map, when there are several pieces
};

namespace dextsim {

struct MemoryDescription {
    MemoryPieces pieces = {};
    bool referenced = true;
    uint64_t length = 0;
    uint64_t options = 0;
    bool isCreator = false;
    uint64_t kernelId = 0; // 0: the kernel does not know it
};

// With a reference for the caller, or null.
IOMemoryDescriptor * makeDescriptor(OSMetaClass * meta, MemoryDescription description);
// The descriptor of a large structure in a client's call; `direction` as the driver sees it.
IOMemoryDescriptor * makeClientDescriptor(Fd memory, uint64_t length, uint64_t direction);

// What a range of the descriptor is made of; asks the kernel at the first time. False: nobody can
// reach it.
bool piecesOf(IOMemoryDescriptor * descriptor, uint64_t offset, uint64_t length,
              MemoryPieces & pieces);
// The number of the descriptor in the kernel, which gets to know the memory of a client's call when
// a device is to reach it. 0: it cannot.
uint64_t kernelMemory(IOMemoryDescriptor * descriptor);

} // namespace dextsim

#endif
