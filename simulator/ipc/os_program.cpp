// See program.h.
#include "program.h"

#include <array>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

namespace dextsim {

#ifdef __linux__

std::string programPath() {
    std::array<char, 4096> path{};
    const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
    return length > 0 ? std::string(path.data(), static_cast<size_t>(length)) : "";
}

#else

std::string programPath() {
    std::array<char, 4096> path{};
    auto size = static_cast<uint32_t>(path.size());
    return _NSGetExecutablePath(path.data(), &size) == 0 ? path.data() : "";
}

#endif

} // namespace dextsim
