// See log.h.
#include "log.h"

#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace dextsim {

namespace {
constexpr size_t kKeptLines = 2000;

uint64_t wallNanoseconds() {
    timespec now = {};
    clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}
} // namespace

bool Log::openFile(const std::string & path) {
    file_.reset(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    return file_.valid();
}

void Log::write(const std::string & source, const std::string & text) {
    std::string line = source + ": " + text;
    const uint64_t time = wallNanoseconds();
    for (auto & [key, follower] : followers_) {
        follower(line, time);
    }
    if (file_.valid()) {
        std::string ended = line + "\n";
        // A full disk must not stop the kernel; the followers still have the line.
        [[maybe_unused]] ssize_t size = ::write(file_.get(), ended.data(), ended.size());
    }
    kept_.push_back({std::move(line), time});
    if (kept_.size() > kKeptLines) {
        kept_.pop_front();
    }
}

void Log::follow(uint64_t key, Follower follower) {
    for (const Line & line : kept_) {
        follower(line.text, line.time);
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
