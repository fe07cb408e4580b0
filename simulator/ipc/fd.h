// Owns one file descriptor. Move-only; closes on destruction.
#ifndef DEXTSIM_IPC_FD_H
#define DEXTSIM_IPC_FD_H

#include <unistd.h>

namespace dextsim {

class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd && other) noexcept : fd_(other.release()) {}
    Fd & operator=(Fd && other) noexcept {
        if (this != &other) {
            reset(other.release());
        }
        return *this;
    }
    Fd(const Fd &) = delete;
    Fd & operator=(const Fd &) = delete;
    ~Fd() { reset(); }

    int get() const { return fd_; }
    bool valid() const { return fd_ >= 0; }
    int release() {
        int fd = fd_;
        fd_ = -1;
        return fd;
    }
    void reset(int fd = -1) {
        if (fd_ >= 0) {
            close(fd_);
        }
        fd_ = fd;
    }

  private:
    int fd_ = -1;
};

} // namespace dextsim

#endif
