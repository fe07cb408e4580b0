// The process's one socket to the kernel, and the log that goes through it.
#include "kernel.h"

#include "log.h"

#include "../library/log.h"

#include <DriverKit/IOReturn.h>

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace dextsim {

namespace {
// Never destroyed: threads may use it while the process ends.
Connection * connection = nullptr;
} // namespace

bool connectToKernel() {
    const char * text = getenv(kDextFdVariable);
    if (text == nullptr) {
        return false;
    }
    const int fd = atoi(text);
    if (fd < 0 || fcntl(fd, F_GETFD) < 0) {
        return false;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    connection = new Connection(Fd(fd));
    return true;
}

Connection * kernelConnection() {
    return connection;
}

Reply askKernel(MessageType type, const Writer & body, std::span<const int> fds) {
    Reply reply = connection != nullptr ? connection->request(type, body, fds) : Reply();
    if (!reply.delivered) {
        reply.status = kIOReturnOffline;
    }
    return reply;
}

int32_t tellKernel(MessageType type, const Writer & body) {
    return askKernel(type, body).status;
}

void notifyKernel(MessageType type, const Writer & body) {
    if (connection != nullptr) {
        connection->send(type, body);
    }
}

void writeLog(uint8_t level, std::string_view line) {
    if (connection != nullptr) {
        Writer body;
        body.u8(level).string(line);
        connection->send(MessageType::Log, body);
    } else {
        dprintf(STDERR_FILENO, "%.*s\n", static_cast<int>(line.size()), line.data());
    }
}

void reportFault(std::string_view line) {
    writeLog(kLogFault, line);
}

void dieOfFault(std::string_view line) {
    reportFault(line);
    abort();
}

} // namespace dextsim

void dextsimLog(int, const char * text) {
    dextsim::writeLog(dextsim::kLogOs, text);
}
