// Readiness of many descriptors: epoll on Linux, kqueue elsewhere; and signals as a descriptor.
#include "os.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/epoll.h>
#else
#include <sys/event.h>
#include <sys/time.h>
#endif

namespace dextsim {

namespace {
constexpr int kMaxEvents = 64;
int gSignalPipe = -1;

void forwardSignal(int number) {
    int saved = errno;
    auto byte = static_cast<uint8_t>(number);
    // A full pipe already tells the reader to look.
    [[maybe_unused]] ssize_t written = write(gSignalPipe, &byte, 1);
    errno = saved;
}
} // namespace

#ifdef __linux__

Poller::Poller() : queue_(epoll_create1(EPOLL_CLOEXEC)) {}

static void control(const Fd & queue, int operation, int fd, bool write) {
    epoll_event event{};
    event.events = EPOLLIN | (write ? EPOLLOUT : 0u);
    event.data.fd = fd;
    epoll_ctl(queue.get(), operation, fd, &event);
}

void Poller::add(int fd) {
    control(queue_, EPOLL_CTL_ADD, fd, false);
}
void Poller::wantWrite(int fd, bool want) {
    control(queue_, EPOLL_CTL_MOD, fd, want);
}
void Poller::remove(int fd) {
    control(queue_, EPOLL_CTL_DEL, fd, false);
}

const std::vector<Poller::Event> & Poller::wait(int timeoutMs) {
    epoll_event ready[kMaxEvents];
    int count = epoll_wait(queue_.get(), ready, kMaxEvents, timeoutMs);
    events_.clear();
    for (int i = 0; i < count; ++i) {
        uint32_t flags = ready[i].events;
        bool ended = (flags & (EPOLLHUP | EPOLLERR)) != 0;
        events_.push_back(
            {ready[i].data.fd, (flags & EPOLLIN) != 0 || ended, (flags & EPOLLOUT) != 0});
    }
    return events_;
}

#else

Poller::Poller() : queue_(kqueue()) {
    fcntl(queue_.get(), F_SETFD, FD_CLOEXEC);
}

static void control(const Fd & queue, int fd, int16_t filter, uint16_t flags) {
    struct kevent change;
    EV_SET(&change, fd, filter, flags, 0, 0, nullptr);
    kevent(queue.get(), &change, 1, nullptr, 0, nullptr);
}

void Poller::add(int fd) {
    control(queue_, fd, EVFILT_READ, EV_ADD);
}
void Poller::wantWrite(int fd, bool want) {
    control(queue_, fd, EVFILT_WRITE, want ? EV_ADD : EV_DELETE);
}
void Poller::remove(int fd) {
    control(queue_, fd, EVFILT_READ, EV_DELETE);
    control(queue_, fd, EVFILT_WRITE, EV_DELETE);
}

const std::vector<Poller::Event> & Poller::wait(int timeoutMs) {
    struct kevent ready[kMaxEvents];
    timespec limit = {timeoutMs / 1000, (timeoutMs % 1000) * 1000000L};
    int count =
        kevent(queue_.get(), nullptr, 0, ready, kMaxEvents, timeoutMs < 0 ? nullptr : &limit);
    events_.clear();
    for (int i = 0; i < count; ++i) {
        bool write = ready[i].filter == EVFILT_WRITE;
        events_.push_back({static_cast<int>(ready[i].ident), !write, write});
    }
    return events_;
}

#endif

Fd signalDescriptor() {
    int ends[2];
    if (pipe(ends) != 0) {
        return {};
    }
    for (int end : ends) {
        fcntl(end, F_SETFD, FD_CLOEXEC);
        fcntl(end, F_SETFL, O_NONBLOCK);
    }
    gSignalPipe = ends[1];
    struct sigaction action {};
    action.sa_handler = forwardSignal;
    action.sa_flags = SA_RESTART;
    for (int number : {SIGCHLD, SIGTERM, SIGINT}) {
        sigaction(number, &action, nullptr);
    }
    signal(SIGPIPE, SIG_IGN);
    return Fd(ends[0]);
}

} // namespace dextsim
