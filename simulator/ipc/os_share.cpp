// Lends pages of this process's own address space to others: looks at what is mapped where, and
// moves pages into shared memory. Looking differs between systems, moving does not.
#include "os.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach/mach.h>
#include <mach/mach_vm.h>
#endif

namespace dextsim {

namespace {

// The kernel reads a byte of each page for us, and says so when it cannot.
bool probe(int pipe, const std::vector<iovec> & bytes) {
    const auto count = static_cast<int>(bytes.size());
    return writev(pipe, bytes.data(), count) == static_cast<ssize_t>(bytes.size());
}

} // namespace

bool isReadable(uint64_t address, uint64_t length) {
    const uint64_t page = pageSize();
    int ends[2];
    if (length == 0 || address + length < address || pipe(ends) != 0) {
        return length == 0;
    }
    Fd out(ends[0]);
    Fd in(ends[1]);
    constexpr size_t kAtOnce = 256; // fewer than a pipe holds and writev takes
    char drained[kAtOnce];
    std::vector<iovec> bytes;
    bool readable = true;
    for (uint64_t at = address & ~(page - 1); readable && at < address + length; at += page) {
        bytes.push_back({reinterpret_cast<void *>(at), 1});
        if (bytes.size() == kAtOnce || at + page >= address + length) {
            readable = probe(in.get(), bytes) && read(out.get(), drained, bytes.size()) > 0;
            bytes.clear();
        }
    }
    return readable;
}

bool replacePages(uint64_t address, size_t size, const Fd & memory, uint64_t offset) {
    void * const place = reinterpret_cast<void *>(address);
    const auto at = static_cast<off_t>(offset);
    const int protection = PROT_READ | PROT_WRITE;
    void * const alias = mmap(nullptr, size, protection, MAP_SHARED, memory.get(), at);
    if (alias == MAP_FAILED) {
        return false;
    }
    memcpy(alias, place, size);
    munmap(alias, size);
    return mmap(place, size, protection, MAP_SHARED | MAP_FIXED, memory.get(), at) != MAP_FAILED;
}

#ifdef __APPLE__

namespace {

bool objectAt(uint64_t address, uint32_t & object, uint64_t & offset) {
    mach_vm_address_t start = address;
    mach_vm_size_t size = 0;
    natural_t depth = 32;
    vm_region_submap_info_data_64_t info;
    mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_COUNT_64;
    if (mach_vm_region_recurse(mach_task_self(), &start, &size, &depth,
                               reinterpret_cast<vm_region_recurse_info_t>(&info),
                               &count) != KERN_SUCCESS ||
        start > address) {
        return false;
    }
    object = info.object_id;
    offset = info.offset + (address - start);
    return true;
}

} // namespace

bool regionFrom(uint64_t address, Region & region) {
    mach_vm_address_t start = address;
    mach_vm_size_t size = 0;
    natural_t depth = 32;
    vm_region_submap_info_data_64_t info;
    mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_COUNT_64;
    if (mach_vm_region_recurse(mach_task_self(), &start, &size, &depth,
                               reinterpret_cast<vm_region_recurse_info_t>(&info),
                               &count) != KERN_SUCCESS) {
        return false;
    }
    region = {start,
              size,
              (info.protection & VM_PROT_READ) != 0,
              (info.protection & VM_PROT_WRITE) != 0,
              (info.protection & VM_PROT_EXECUTE) != 0,
              info.share_mode == SM_SHARED || info.share_mode == SM_TRUESHARED};
    return true;
}

bool isPageOf(uint64_t address, const Fd & memory, uint64_t offset) {
    void * const alias =
        mmap(nullptr, pageSize(), PROT_READ, MAP_SHARED, memory.get(), static_cast<off_t>(offset));
    if (alias == MAP_FAILED) {
        return false;
    }
    uint32_t there = 0;
    uint32_t here = 0;
    uint64_t thereAt = 0;
    uint64_t hereAt = 0;
    const bool same = objectAt(address, there, thereAt) &&
                      objectAt(reinterpret_cast<uint64_t>(alias), here, hereAt) && there == here &&
                      thereAt == hereAt;
    munmap(alias, pageSize());
    return same;
}

#else

bool regionFrom(uint64_t address, Region & region) {
    FILE * const maps = fopen("/proc/self/maps", "re");
    if (maps == nullptr) {
        return false;
    }
    char line[512];
    bool found = false;
    while (!found && fgets(line, sizeof line, maps) != nullptr) {
        unsigned long start = 0;
        unsigned long end = 0;
        char rights[5];
        if (sscanf(line, "%lx-%lx %4s", &start, &end, rights) == 3 && end > address) {
            region = {
                start,           end - start, rights[0] == 'r', rights[1] == 'w', rights[2] == 'x',
                rights[3] == 's'};
            found = true;
        }
    }
    fclose(maps);
    return found;
}

bool isPageOf(uint64_t address, const Fd & memory, uint64_t offset) {
    struct stat status;
    FILE * const maps = fopen("/proc/self/maps", "re");
    if (maps == nullptr || fstat(memory.get(), &status) != 0) {
        if (maps != nullptr) {
            fclose(maps);
        }
        return false;
    }
    char line[512];
    bool same = false;
    while (fgets(line, sizeof line, maps) != nullptr) {
        unsigned long start = 0;
        unsigned long end = 0;
        unsigned long at = 0;
        unsigned long inode = 0;
        if (sscanf(line, "%lx-%lx %*s %lx %*s %lu", &start, &end, &at, &inode) == 4 &&
            address >= start && address < end) {
            same = inode == status.st_ino && at + (address - start) == offset;
            break;
        }
    }
    fclose(maps);
    return same;
}

#endif

} // namespace dextsim
