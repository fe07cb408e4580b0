// Shared memory by descriptor: memfd on Linux, an unlinked shm object elsewhere.
#include "os.h"

#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dextsim {

size_t pageSize() {
    static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    return size;
}

size_t roundToPages(size_t size) {
    size_t mask = pageSize() - 1;
    return (size + mask) & ~mask;
}

#ifdef __linux__

static Fd createObject() {
    return Fd(memfd_create("dextsim", MFD_CLOEXEC));
}

Fd reopenReadOnly(const Fd & memory) {
    std::string path = "/proc/self/fd/" + std::to_string(memory.get());
    return Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

#else

static Fd createObject() {
    static unsigned counter = 0;
    char name[32];
    snprintf(name, sizeof name, "/dextsim.%d.%u", static_cast<int>(getpid()), ++counter);
    Fd fd(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600));
    if (fd.valid()) {
        shm_unlink(name);
    }
    return fd;
}

// An unlinked object has no name to open again; /dev/fd gives a descriptor with the wanted mode.
Fd reopenReadOnly(const Fd & memory) {
    std::string path = "/dev/fd/" + std::to_string(memory.get());
    return Fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

#endif

Fd createSharedMemory(size_t size) {
    Fd fd = createObject();
    if (fd.valid() && ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
        fd.reset();
    }
    return fd;
}

Fd createSharedFile(const std::string & path, size_t size) {
    Fd fd(open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fd.valid() && ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
        unlink(path.c_str());
        fd.reset();
    }
    return fd;
}

// A look behind the end of an object is a signal. Its last page is there as a whole.
static bool reaches(const Fd & memory, uint64_t offset, size_t size) {
    struct stat status;
    if (fstat(memory.get(), &status) != 0 || status.st_size < 0) {
        return false;
    }
    const size_t whole = roundToPages(static_cast<size_t>(status.st_size));
    return offset <= whole && size <= whole - offset;
}

void * mapShared(const Fd & memory, size_t size, bool writable) {
    if (!reaches(memory, 0, size)) {
        return nullptr;
    }
    int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    void * address = mmap(nullptr, size, protection, MAP_SHARED, memory.get(), 0);
    return address == MAP_FAILED ? nullptr : address;
}

void * mapSharedParts(std::span<const SharedPart> parts, bool writable, const SharedPlace & place) {
    const int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    size_t size = 2 * place.guard;
    for (const SharedPart & part : parts) {
        if (!reaches(*part.memory, part.offset, part.size)) {
            return nullptr;
        }
        size += part.size;
    }
    // Holds the place for the parts.
    void * const base = mmap(place.at, size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (base == MAP_FAILED) {
        return nullptr;
    }
    if (place.at != nullptr && base != place.at) {
        munmap(base, size);
        return nullptr;
    }
    auto * const first = static_cast<uint8_t *>(base) + place.guard;
    auto * at = first;
    for (const SharedPart & part : parts) {
        if (mmap(at, part.size, protection, MAP_SHARED | MAP_FIXED, part.memory->get(),
                 static_cast<off_t>(part.offset)) == MAP_FAILED) {
            munmap(base, size);
            return nullptr;
        }
        at += part.size;
    }
    return first;
}

bool growSharedMemory(const Fd & memory, size_t size) {
    return ftruncate(memory.get(), static_cast<off_t>(size)) == 0;
}

void unmapShared(void * address, size_t size) {
    if (address != nullptr) {
        munmap(address, size);
    }
}

} // namespace dextsim
