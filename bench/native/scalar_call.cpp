// What a scalar call costs between two processes, beside a bare exchange of the same bytes over the
// same kind of socket. Rounds of both alternate, so that both see the same machine. Prints
// nanoseconds per exchange and per call, the medians.
//   scalar_call SERVICE SELECTOR ROUNDS EXCHANGES
#include <IOKit/IOKitLib.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

// A call with one scalar in and one out, as simulator/ipc/messages.h lays it out: header, then
// body.
constexpr size_t kRequestBytes = 16 + 4 + 1 + 4 + 8 + 4 + 8 + 8;
constexpr size_t kReplyBytes = 16 + 4 + 4 + 8 + 1 + 4;

bool exactly(int socket, uint8_t * bytes, size_t size, bool send) {
    while (size > 0) {
        const ssize_t moved = send ? write(socket, bytes, size) : read(socket, bytes, size);
        if (moved <= 0) {
            return false;
        }
        bytes += moved;
        size -= static_cast<size_t>(moved);
    }
    return true;
}

// The other process: answers until the socket closes.
void answer(int socket) {
    uint8_t bytes[kRequestBytes] = {};
    while (exactly(socket, bytes, kRequestBytes, false)) {
        if (!exactly(socket, bytes, kReplyBytes, true)) {
            break;
        }
    }
    _exit(0);
}

template <typename Exchange> double nanosecondsPer(size_t count, Exchange exchange) {
    const auto started = std::chrono::steady_clock::now();
    for (size_t i = 0; i < count; i++) {
        if (!exchange(i)) {
            fprintf(stderr, "exchange %zu failed\n", i);
            exit(1);
        }
    }
    const auto passed = std::chrono::steady_clock::now() - started;
    return std::chrono::duration<double, std::nano>(passed).count() / static_cast<double>(count);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

io_connect_t openService(const char * name) {
    const io_service_t service =
        IOServiceGetMatchingService(kIOMainPortDefault, IOServiceNameMatching(name));
    io_connect_t connection = 0;
    const kern_return_t status = IOServiceOpen(service, mach_task_self(), 0, &connection);
    if (status != kIOReturnSuccess) {
        fprintf(stderr, "%s does not open: 0x%x\n", name, static_cast<unsigned>(status));
        exit(1);
    }
    IOObjectRelease(service);
    return connection;
}

} // namespace

int main(int count, char ** arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: scalar_call SERVICE SELECTOR ROUNDS EXCHANGES\n");
        return 2;
    }
    const uint32_t selector = static_cast<uint32_t>(atoi(arguments[2]));
    const size_t rounds = static_cast<size_t>(atoi(arguments[3]));
    const size_t exchanges = static_cast<size_t>(atoi(arguments[4]));

    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) {
        perror("socketpair");
        return 1;
    }
    const pid_t other = fork();
    if (other == 0) {
        close(sockets[0]);
        answer(sockets[1]);
    }
    close(sockets[1]);
    const io_connect_t connection = openService(arguments[1]);

    const auto bare = [&](size_t) {
        uint8_t bytes[kRequestBytes] = {};
        return exactly(sockets[0], bytes, kRequestBytes, true) &&
               exactly(sockets[0], bytes, kReplyBytes, false);
    };
    const auto call = [&](size_t i) {
        const uint64_t input = i % 100;
        uint64_t output = 0;
        uint32_t outputCount = 1;
        const kern_return_t status =
            IOConnectCallScalarMethod(connection, selector, &input, 1, &output, &outputCount);
        return status == kIOReturnSuccess && outputCount == 1;
    };
    std::vector<double> bareTimes;
    std::vector<double> callTimes;
    for (size_t round = 0; round <= rounds; round++) {
        const double bareTime = nanosecondsPer(exchanges, bare);
        const double callTime = nanosecondsPer(exchanges, call);
        if (round > 0) { // the first is for warming up
            bareTimes.push_back(bareTime);
            callTimes.push_back(callTime);
        }
    }
    printf("%.0f %.0f\n", median(bareTimes), median(callTimes));
    IOServiceClose(connection);
    close(sockets[0]);
    waitpid(other, nullptr, 0);
    return 0;
}
