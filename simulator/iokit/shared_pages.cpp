// A copy is what a driver gets by default (contract §1.10). Pages that are to be shared move into
// one shared memory of the process, the arena, and stay there; each has one place in it, so that
// whoever shares it again gets the same.
#include "shared_pages.h"

#include "ipc/os.h"

#include <IOKit/IOReturn.h>

#include <atomic>
#include <cstring>
#include <map>
#include <mutex>

namespace dextsim::client {

namespace {

struct Range {
    uint64_t address;
    uint64_t length;
};

struct Piece {
    uint64_t offset;
    uint64_t length;
};

constexpr uint64_t kMost = UINT64_C(4) << 30;

uint64_t pageOf(uint64_t address) {
    return address & ~(uint64_t{pageSize()} - 1);
}

uint64_t pagesEnd(const Range & range) {
    return pageOf(range.address + range.length + pageSize() - 1);
}

bool checkRanges(const std::vector<Range> & ranges) {
    uint64_t total = 0;
    for (const Range & range : ranges) {
        if (range.length > kMost || !isReadable(range.address, range.length)) {
            return false;
        }
        total += range.length;
    }
    return total <= kMost;
}

// ── the arena ──

struct Arena {
    std::mutex lock;
    Fd memory;
    size_t size = 0;
    std::map<uint64_t, uint64_t> places; // by page address
};

Arena & arena() {
    static Arena & instance = *new Arena;
    return instance;
}

// Where a page lives in the arena; false: there is no memory for it.
bool placePage(Arena & shared, uint64_t page, uint64_t & offset) {
    auto known = shared.places.find(page);
    if (known != shared.places.end() && isPageOf(page, shared.memory, known->second)) {
        offset = known->second;
        return true;
    }
    offset = shared.size;
    if (!growSharedMemory(shared.memory, shared.size + pageSize()) ||
        !replacePages(page, pageSize(), shared.memory, offset)) {
        return false;
    }
    shared.size += pageSize();
    shared.places[page] = offset;
    return true;
}

// Appends to the last piece when it goes on there.
void append(std::vector<Piece> & pieces, size_t first, uint64_t offset, uint64_t length) {
    if (pieces.size() > first && pieces.back().offset + pieces.back().length == offset) {
        pieces.back().length += length;
    } else {
        pieces.push_back({offset, length});
    }
}

bool shareRange(Arena & shared, const Range & range, std::vector<Piece> & pieces) {
    const size_t first = pieces.size();
    for (uint64_t page = pageOf(range.address); page < pagesEnd(range); page += pageSize()) {
        uint64_t place = 0;
        if (!placePage(shared, page, place)) {
            return false;
        }
        const uint64_t begin = std::max(page, range.address);
        const uint64_t end = std::min(page + pageSize(), range.address + range.length);
        append(pieces, first, place + (begin - page), end - begin);
    }
    return true;
}

Fd shareRanges(const std::vector<Range> & ranges, std::vector<Piece> & pieces, uint64_t & size) {
    Arena & shared = arena();
    std::lock_guard lock(shared.lock);
    if (!shared.memory.valid()) {
        shared.memory = createSharedMemory(0);
    }
    for (const Range & range : ranges) {
        if (!shared.memory.valid() || !shareRange(shared, range, pieces)) {
            return Fd();
        }
    }
    size = shared.size;
    return Fd(dup(shared.memory.get()));
}

// ── copies ──

// Every range keeps its place in the page, so that what can be mapped is the same either way.
Fd copyRanges(const std::vector<Range> & ranges, std::vector<Piece> & pieces, uint64_t & size) {
    size = 0;
    for (const Range & range : ranges) {
        pieces.push_back({size + (range.address - pageOf(range.address)), range.length});
        size += pagesEnd(range) - pageOf(range.address);
    }
    Fd memory = createSharedMemory(size);
    void * const bytes = memory.valid() ? mapShared(memory, size, true) : nullptr;
    if (bytes == nullptr) {
        return Fd();
    }
    for (size_t i = 0; i < ranges.size(); ++i) {
        memcpy(static_cast<uint8_t *>(bytes) + pieces[i].offset,
               reinterpret_cast<const void *>(ranges[i].address), ranges[i].length);
    }
    unmapShared(bytes, size);
    return memory;
}

} // namespace

void orderStores() {
    static std::atomic<uint64_t> order;
    order.fetch_add(1, std::memory_order_acq_rel);
}

void shareMemory(Connection & kernel, Message & message) {
    orderStores();
    Reader reader = message.reader();
    const bool copy = reader.u8() != 0;
    std::vector<Range> ranges;
    for (uint32_t count = reader.u32(); count > 0 && reader.ok(); --count) {
        const uint64_t address = reader.u64();
        ranges.push_back({address, reader.u64()});
    }
    std::vector<Piece> pieces;
    uint64_t size = 0;
    Fd memory;
    if (checkRanges(ranges)) {
        memory = copy ? copyRanges(ranges, pieces, size) : shareRanges(ranges, pieces, size);
    }
    orderStores();
    if (!memory.valid()) {
        kernel.reply(message.id, kIOReturnVMError);
        return;
    }
    Writer body;
    body.u64(size).u32(static_cast<uint32_t>(pieces.size()));
    for (const Piece & piece : pieces) {
        body.u64(piece.offset).u64(piece.length);
    }
    const int fd = memory.get();
    kernel.reply(message.id, kIOReturnSuccess, body, std::span(&fd, 1));
}

} // namespace dextsim::client
