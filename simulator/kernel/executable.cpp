// See executable.h.
#include "executable.h"

#include "ipc/os.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

namespace dextsim {

Executable::Executable(const std::string & path) {
    const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status;
    if (file.valid() && fstat(file.get(), &status) == 0 && status.st_size > 0) {
        size_ = static_cast<size_t>(status.st_size);
        bytes_ = mapShared(file, size_, false);
    }
}

Executable::~Executable() {
    unmapShared(bytes_, size_);
}

bool Executable::hasClass(const std::string & name) const {
    constexpr size_t kNameSize = 96;
    std::array<char, kNameSize> padded{};
    if (bytes_ == nullptr || name.empty() || name.size() >= kNameSize) {
        return false;
    }
    std::copy(name.begin(), name.end(), padded.begin());
    return memmem(bytes_, size_, padded.data(), padded.size()) != nullptr;
}

} // namespace dextsim
