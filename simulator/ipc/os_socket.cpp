// Local stream sockets with descriptor passing and the peer's identity.
#include "os.h"

#include "channel.h"
#include "starved.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

namespace dextsim {

namespace {

#ifdef __linux__
constexpr int kSendFlags = MSG_NOSIGNAL;
constexpr int kReceiveFlags = MSG_CMSG_CLOEXEC;
#else
constexpr int kSendFlags = 0;
constexpr int kReceiveFlags = 0;
#endif

std::atomic<bool> gStarved{false};

Fd prepared(int fd) {
    Fd socket(fd);
    if (socket.valid()) {
        fcntl(fd, F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
        int on = 1;
        setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    }
    return socket;
}

int addressOf(const std::string & path, sockaddr_un & address) {
    address = {};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) {
        return ENAMETOOLONG;
    }
    memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return 0;
}

} // namespace

size_t maxSocketPath() {
    return sizeof(sockaddr_un::sun_path) - 1;
}

bool createSocketPair(Fd & one, Fd & other) {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) {
        return false;
    }
    one = prepared(fds[0]);
    other = prepared(fds[1]);
    return true;
}

int listenLocal(const std::string & path, Fd & listener) {
    sockaddr_un address;
    if (int error = addressOf(path, address)) {
        return error;
    }
    Fd socket = prepared(::socket(AF_UNIX, SOCK_STREAM, 0));
    if (!socket.valid()) {
        return errno;
    }
    mode_t mask = umask(0177);
    int bound = bind(socket.get(), reinterpret_cast<sockaddr *>(&address), sizeof address);
    int error = errno;
    umask(mask);
    if (bound != 0) {
        return error;
    }
    if (listen(socket.get(), 128) != 0) {
        return errno;
    }
    setNonBlocking(socket);
    listener = std::move(socket);
    return 0;
}

int connectLocal(const std::string & path, Fd & socket) {
    sockaddr_un address;
    if (int error = addressOf(path, address)) {
        return error;
    }
    Fd made = prepared(::socket(AF_UNIX, SOCK_STREAM, 0));
    if (!made.valid() ||
        connect(made.get(), reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
        return errno;
    }
    socket = std::move(made);
    return 0;
}

Fd acceptLocal(const Fd & listener) {
    return prepared(accept(listener.get(), nullptr, nullptr));
}

bool peerOf(const Fd & socket, Peer & peer) {
#ifdef __linux__
    ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return false;
    }
    peer = {credentials.uid, credentials.pid};
#else
    gid_t group;
    socklen_t size = sizeof peer.process;
    if (getpeereid(socket.get(), &peer.user, &group) != 0 ||
        getsockopt(socket.get(), SOL_LOCAL, LOCAL_PEERPID, &peer.process, &size) != 0) {
        return false;
    }
#endif
    return true;
}

void setReceiveTimeout(const Fd & socket) {
    timeval second = {1, 0};
    setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
}

void setNonBlocking(const Fd & socket) {
    fcntl(socket.get(), F_SETFL, fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
}

ssize_t sendParts(int socket, std::span<const uint8_t> head, std::span<const uint8_t> body,
                  std::span<const int> fds) {
    iovec parts[2] = {{const_cast<uint8_t *>(head.data()), head.size()},
                      {const_cast<uint8_t *>(body.data()), body.size()}};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxMessageFds)] = {};
    msghdr message{};
    message.msg_iov = parts;
    message.msg_iovlen = body.empty() ? 1 : 2;
    if (!fds.empty()) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(fds.size_bytes());
        cmsghdr * rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(fds.size_bytes());
        memcpy(CMSG_DATA(rights), fds.data(), fds.size_bytes());
    }
    return sendmsg(socket, &message, kSendFlags);
}

ssize_t receivePart(int socket, std::span<uint8_t> buffer, std::vector<Fd> & fds) {
    iovec part = {buffer.data(), buffer.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxMessageFds)];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t size = recvmsg(socket, &message, kReceiveFlags);
    if (size <= 0) {
        return size;
    }
    const bool starved = (message.msg_flags & MSG_CTRUNC) != 0;
    for (cmsghdr * rights = CMSG_FIRSTHDR(&message); rights != nullptr;
         rights = CMSG_NXTHDR(&message, rights)) {
        if (rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        size_t count = (rights->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; ++i) {
            int fd;
            memcpy(&fd, CMSG_DATA(rights) + i * sizeof fd, sizeof fd);
            fcntl(fd, F_SETFD, FD_CLOEXEC);
            fds.emplace_back(fd);
        }
    }
    if (starved) {
        gStarved.store(true);
        errno = EMFILE;
        return -1;
    }
    return size;
}

bool hasStarved() {
    return gStarved.load();
}

bool takeStarvation() {
    return gStarved.exchange(false);
}

} // namespace dextsim
