// Memory descriptors that live in the kernel: the pages behind them, descriptors over parts of
// others, and how long each is kept (contract §2). Where an app's pages come from: client_memory.h.
#ifndef DEXTSIM_KERNEL_MEMORY_H
#define DEXTSIM_KERNEL_MEMORY_H

#include "ipc/fd.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace dextsim {

// The pages behind one or more descriptors. The kernel maps them for the life of the backing, so
// that device data is copied straight into place.
struct MemoryBacking {
    Fd fd;
    size_t size = 0; // whole pages
    uint8_t * address = nullptr;
    bool writable = true;
    ~MemoryBacking();

    // Null when it cannot be mapped.
    static std::shared_ptr<MemoryBacking> map(Fd fd, size_t size, bool writable);
};

struct MemoryPiece {
    std::shared_ptr<MemoryBacking> backing;
    uint64_t offset = 0;
    uint64_t length = 0;

    std::span<uint8_t> bytes() const { return {backing->address + offset, length}; }
};

// What [offset, offset + length) of them is.
std::vector<MemoryPiece> slicePieces(const std::vector<MemoryPiece> & pieces, uint64_t offset,
                                     uint64_t length);

struct ClientRange {
    uint64_t address = 0; // in the app
    uint64_t length = 0;
};

// What descriptors are made of. An app's ranges become pieces when they are first referenced.
struct MemorySource {
    std::vector<MemoryPiece> pieces;
    bool referenced = true;
    uint64_t session = 0; // of the app
    bool copied = false;  // a snapshot, not the app's own pages
    std::vector<ClientRange> ranges;
    std::vector<std::function<void(int32_t status)>> waiting;
};

struct MemoryPart {
    std::shared_ptr<MemorySource> source;
    uint64_t offset = 0; // in the source
    uint64_t length = 0;
};

struct MemoryDescriptor {
    uint64_t id = 0;
    uint32_t owner = 0; // dext process
    uint64_t options = 0;
    uint64_t length = 0;
    uint64_t capacity = 0;
    unsigned references = 1;
    std::vector<MemoryPart> parts;

    // In order; nothing of a part that is not referenced.
    std::vector<MemoryPiece> pieces() const;
    // Copies into the descriptor, as far as it reaches.
    void write(std::span<const uint8_t> from, uint64_t offset = 0) const;
};

class MemoryTable {
  public:
    // 0 or an IOReturn.
    int32_t create(uint32_t owner, uint64_t options, uint64_t capacity, MemoryDescriptor *& made);
    int32_t createSub(uint32_t owner, uint64_t options, uint64_t offset, uint64_t length,
                      uint64_t of, MemoryDescriptor *& made);
    int32_t createMulti(uint32_t owner, uint64_t options, const std::vector<uint64_t> & of,
                        MemoryDescriptor *& made);
    // Over a source that somebody else made.
    MemoryDescriptor & add(uint32_t owner, uint64_t options, uint64_t length,
                           std::shared_ptr<MemorySource> source);
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
