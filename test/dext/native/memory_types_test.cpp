// Memory types: every number against what the schema's bits say, hostile ones included.
#include "check.h"
#include "memory-types.h"

using namespace dextgen;

namespace {

constexpr ValueRule kAny32 = {.scalar = Scalar::U32};
constexpr uint64_t kKinds[] = {0, 2};

constexpr MemoryPart kChannel[] = {{.at = 0, .width = 4, .value = kAny32}};
constexpr MemoryPart kFields[] = {
    {.at = 16, .width = 2, .value = {.scalar = Scalar::U8, .values = kKinds, .valueCount = 2}},
    {.at = 0, .width = 16, .value = {.scalar = Scalar::U16, .bounds = kHasMax, .max = {.u = 99}}}};
constexpr MemoryPart kWide[] = {{.at = 0, .width = 32, .value = kAny32}};

Buffer Computed(uint64_t base, const MemoryPart * parts, uint32_t count) {
    return {.memoryType = base,
            .size = 4096,
            .readOnly = true,
            .shared = false,
            .parts = parts,
            .partCount = count};
}

Buffer Fixed(uint64_t type) {
    return Computed(type, nullptr, 0);
}

void TestFixed() {
    uint64_t parts[kMaxMemoryParts] = {};
    const Buffer buffer = Fixed(7);
    for (uint64_t type = 0; type < 64; type++) {
        CHECK(MemoryTypeMatches(buffer, type, parts) == (type == 7));
    }
    CHECK(!MemoryTypeMatches(buffer, 7 + (UINT64_C(1) << 32), parts));
    CHECK(!MemoryTypeMatches(buffer, UINT64_MAX, parts));
}

/// A base need not be a multiple of its part: the part is what is added.
void TestBase() {
    const uint64_t bases[] = {0, 0x10000, 0x10009};
    for (const uint64_t base : bases) {
        const Buffer buffer = Computed(base, kChannel, 1);
        for (uint64_t type = 0; type < 0x10100; type++) {
            uint64_t parts[kMaxMemoryParts] = {};
            const bool mine = type >= base && type - base < 16;
            CHECK(MemoryTypeMatches(buffer, type, parts) == mine);
            CHECK(!mine || parts[0] == type - base);
        }
        uint64_t parts[kMaxMemoryParts] = {};
        CHECK(!MemoryTypeMatches(buffer, base + (UINT64_C(1) << 63), parts));
        CHECK(!MemoryTypeMatches(buffer, UINT64_MAX, parts));
    }
}

void TestFields() {
    const uint64_t base = UINT64_C(3) << 24;
    const Buffer buffer = Computed(base, kFields, 2);
    uint32_t matched = 0;
    for (uint64_t kind = 0; kind < 4; kind++) {
        for (uint64_t index = 0; index < 0x10000; index++) {
            uint64_t parts[kMaxMemoryParts] = {};
            const bool sound = (kind == 0 || kind == 2) && index <= 99;
            const bool mine = MemoryTypeMatches(buffer, base | kind << 16 | index, parts);
            CHECK(mine == sound);
            CHECK(!mine || (parts[0] == kind && parts[1] == index));
            matched += mine ? 1 : 0;
        }
    }
    CHECK(matched == 200);
    // One bit more, anywhere outside the parts, is another number.
    for (uint32_t bit = 0; bit < 64; bit++) {
        uint64_t parts[kMaxMemoryParts] = {};
        const uint64_t type = (base | 5) ^ UINT64_C(1) << bit;
        const bool index = bit < 7; // 5 with another low bit is at most 69
        CHECK(MemoryTypeMatches(buffer, type, parts) == (index || bit == 17));
    }
}

void TestWide() {
    uint64_t parts[kMaxMemoryParts] = {};
    const Buffer buffer = Computed(0, kWide, 1);
    CHECK(MemoryTypeMatches(buffer, UINT32_MAX, parts) && parts[0] == UINT32_MAX);
    CHECK(!MemoryTypeMatches(buffer, UINT64_C(1) << 32, parts));
}

/// What no other buffer has goes to the one that takes any number, wherever it stands.
void TestOwner() {
    const Buffer buffers[] = {
        Fixed(1),
        {.memoryType = 0, .size = 4096, .readOnly = true, .shared = false, .any = true},
        Computed(0x100, kChannel, 1),
        Fixed(0x200)};
    const Interface all = {.buffers = buffers, .bufferCount = 4};
    CHECK(MemoryTypeOwner(all, 1) == 0);
    CHECK(MemoryTypeOwner(all, 0x10F) == 2);
    CHECK(MemoryTypeOwner(all, 0x200) == 3);
    const uint64_t others[] = {0, 0x110, 0xFF, UINT64_MAX};
    for (const uint64_t other : others) {
        CHECK(MemoryTypeOwner(all, other) == 1);
    }
    const Interface without = {.buffers = buffers + 2, .bufferCount = 2};
    CHECK(MemoryTypeOwner(without, 0x201) == -1 && MemoryTypeOwner(without, UINT64_MAX) == -1);
    const Interface none = {.buffers = nullptr, .bufferCount = 0};
    CHECK(MemoryTypeOwner(none, 0) == -1);
}

} // namespace

int main() {
    TestFixed();
    TestBase();
    TestFields();
    TestWide();
    TestOwner();
    return Finish();
}
