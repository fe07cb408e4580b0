// See log.h.
#include "log.h"

#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace dextsim {

namespace {
constexpr size_t kKeptLines = 2000;
}

bool Log::openFile(const std::string & path) {
    file_.reset(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    return file_.valid();
}

void Log::write(const std::string & source, const std::string & text) {
    std::string line = source + ": " + text;
    for (auto & [key, follower] : followers_) {
        follower(line);
    }
    if (file_.valid()) {
        std::string ended = line + "\n";
        // A full disk must not stop the kernel; the followers still have the line.
        [[maybe_unused]] ssize_t size = ::write(file_.get(), ended.data(), ended.size());
    }
    kept_.push_back(std::move(line));
    if (kept_.size() > kKeptLines) {
        kept_.pop_front();
    }
}

void Log::follow(uint64_t key, Follower follower) {
    for (const std::string & line : kept_) {
        follower(line);
    }
    followers_[key] = std::move(follower);
}

std::string hex(uint64_t number) {
    char text[24];
    snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
    return text;
}

std::string hexStatus(int32_t status) {
    return hex(static_cast<uint32_t>(status));
}

} // namespace dextsim
