// The kernel's log: one line per event, to a file, to followers, and kept for late followers.
#ifndef DEXTSIM_KERNEL_LOG_H
#define DEXTSIM_KERNEL_LOG_H

#include "ipc/fd.h"

#include <deque>
#include <functional>
#include <map>
#include <string>

namespace dextsim {

class Log {
  public:
    // `time`: ns since 1970 by the clock of the machine that this runs on, which nothing holds.
    using Follower = std::function<void(const std::string & line, uint64_t time)>;

    // False with errno when the file cannot be written.
    bool openFile(const std::string & path);
    // `source` is "kernel" or the name of a dext.
    void write(const std::string & source, const std::string & text);
    // Gets the lines that are kept, then every new one.
    void follow(uint64_t key, Follower follower);
    void unfollow(uint64_t key) { followers_.erase(key); }

  private:
    struct Line {
        std::string text;
        uint64_t time;
    };
    Fd file_;
    std::deque<Line> kept_;
    std::map<uint64_t, Follower> followers_;
};

// "0xe00002c2" for messages.
std::string hex(uint64_t number);
std::string hexStatus(int32_t status);

} // namespace dextsim

#endif
