// OSBundle and OSMappedFile: files of the driver's own bundle, or of any path that its process can
// read.
#include "../../ipc/program.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/OSBundle.h>

#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct OSMappedFile_IVars {
    void * bytes = nullptr;
    size_t size = 0, mapped = 0;
};

struct OSBundle_IVars {
    std::string folder;
};

namespace {

size_t wholePages(size_t bytes) {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    return (bytes + page - 1) / page * page;
}

// The guard is what is mapped behind the file, which lies over the beginning of zeros.
kern_return_t mapFile(int file, size_t guard, OSMappedFile_IVars & place) {
    struct stat facts = {};
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return kIOReturnBadArgument;
    }
    const auto size = static_cast<size_t>(facts.st_size);
    if (guard > SIZE_MAX / 4) {
        return kIOReturnNoMemory;
    }
    if (size == 0) {
        return kIOReturnSuccess;
    }
    const size_t mapped = wholePages(size + guard);
    void * const bytes = mmap(nullptr, mapped, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED) {
        return kIOReturnNoMemory;
    }
    place = {bytes, size, mapped};
    return mmap(bytes, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED
               ? kIOReturnIOError
               : kIOReturnSuccess;
}

// A resource is of the bundle: no way leads out of it.
bool isInside(std::string_view name) {
    return !name.empty() && name.front() != '/' && name != ".." && !name.starts_with("../") &&
           !name.ends_with("/..") && name.find("/../") == std::string_view::npos;
}

} // namespace

bool OSMappedFile::init() {
    ivars = new OSMappedFile_IVars;
    return OSObject::init();
}

void OSMappedFile::free() {
    if (ivars != nullptr) {
        if (ivars->bytes != nullptr) {
            munmap(ivars->bytes, ivars->mapped);
        }
        delete ivars;
        ivars = nullptr;
    }
    OSObject::free();
}

kern_return_t OSMappedFile::createFromPath(const char * path, uint64_t, size_t minGuardSize,
                                           OSMappedFile ** outputMappedFile) {
    if (path == nullptr || outputMappedFile == nullptr) {
        return kIOReturnBadArgument;
    }
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return kIOReturnNotFound;
    }
    OSMappedFile * const made = OSTypeAlloc(OSMappedFile);
    made->init();
    const kern_return_t status = mapFile(file, minGuardSize, *made->ivars);
    close(file);
    if (status != kIOReturnSuccess) {
        made->release();
        return status;
    }
    *outputMappedFile = made;
    return kIOReturnSuccess;
}

const void * OSMappedFile::data() const {
    return ivars->bytes;
}

size_t OSMappedFile::size() const {
    return ivars->size;
}

bool OSBundle::init() {
    ivars = new OSBundle_IVars;
    return OSObject::init();
}

void OSBundle::free() {
    delete ivars;
    ivars = nullptr;
    OSObject::free();
}

// A driver's bundle is flat: its program lies beside its resources.
OSBundle * OSBundle::mainBundle() {
    const std::string path = dextsim::programPath();
    if (path.empty()) {
        return nullptr;
    }
    return createFromPath(path.substr(0, path.rfind('/')).c_str());
}

OSBundle * OSBundle::createFromPath(const char * path) {
    struct stat facts = {};
    if (path == nullptr || stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode)) {
        return nullptr;
    }
    OSBundle * const made = OSTypeAlloc(OSBundle);
    made->init();
    made->ivars->folder = path;
    return made;
}

kern_return_t OSBundle::loadResource(const char * name, uint64_t options, size_t minGuardSize,
                                     OSMappedFile ** outputMap) {
    if (name == nullptr || !isInside(name)) {
        return kIOReturnBadArgument;
    }
    const std::string path = ivars->folder + '/' + name;
    return OSMappedFile::createFromPath(path.c_str(), options, minGuardSize, outputMap);
}
