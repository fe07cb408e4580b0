// What the simulator needs from the operating system beyond POSIX files. One .cpp per need:
// os_memory, os_share, os_socket, os_spawn, os_poll.
#ifndef DEXTSIM_IPC_OS_H
#define DEXTSIM_IPC_OS_H

#include "fd.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace dextsim {

// ── os_memory ──
size_t pageSize();
size_t roundToPages(size_t size);
// Anonymous shared memory of `size` bytes, zeroed. Invalid on failure.
Fd createSharedMemory(size_t size);
// The same as a new file of mode 0600 at `path`, which others can open.
Fd createSharedFile(const std::string & path, size_t size);
// A second descriptor of the same memory that cannot be mapped writable.
Fd reopenReadOnly(const Fd & memory);
// nullptr on failure, and when the object is shorter. The mapping outlives the descriptor.
void * mapShared(const Fd & memory, size_t size, bool writable);
void unmapShared(void * address, size_t size);
// Whole pages of shared memory, to be mapped behind each other.
struct SharedPart {
    const Fd * memory;
    uint64_t offset;
    size_t size;
};
// Where: at this address and nowhere else unless it is null, and between two guards of so many
// bytes, which nobody can access.
struct SharedPlace {
    void * at = nullptr;
    size_t guard = 0; // whole pages
};
// The first byte; nullptr on failure. unmapShared takes parts and guards away, from the first guard
// on.
void * mapSharedParts(std::span<const SharedPart> parts, bool writable,
                      const SharedPlace & place = {});

// ── os_share ──
// Whether every page of this process from `address` on can be read.
bool isReadable(uint64_t address, uint64_t length);
// Whether this process sees `memory` at `offset` in the page at `address`.
bool isPageOf(uint64_t address, const Fd & memory, uint64_t offset);
// What this process has mapped at `address`, or above it first. False: nothing.
struct Region {
    uint64_t address;
    uint64_t size;
    bool readable;
    bool writable;
    bool executable;
    bool shared;
};
bool regionFrom(uint64_t address, Region & region);
// Puts `memory` at `offset` in the place of whole pages of this process, which keep their contents.
// What another thread stores into them in between is lost.
bool replacePages(uint64_t address, size_t size, const Fd & memory, uint64_t offset);
// Makes shared memory larger.
bool growSharedMemory(const Fd & memory, size_t size);

// ── os_socket ──
// Close-on-exec, and writing to a closed peer is an error, not a signal.
bool createSocketPair(Fd & one, Fd & other);
// 0 or an errno. The file gets mode 0600; ENAMETOOLONG when the path does not fit.
int listenLocal(const std::string & path, Fd & listener);
int connectLocal(const std::string & path, Fd & socket);
Fd acceptLocal(const Fd & listener);
size_t maxSocketPath();
struct Peer {
    uid_t user;
    pid_t process;
};
bool peerOf(const Fd & socket, Peer & peer);
void setNonBlocking(const Fd & socket);
// Receiving gives up with EAGAIN after a second without anything.
void setReceiveTimeout(const Fd & socket);
// Writes header and body, with descriptors attached to the first byte. Returns the bytes written,
// -1 with errno as sendmsg does.
ssize_t sendParts(int socket, std::span<const uint8_t> head, std::span<const uint8_t> body,
                  std::span<const int> fds);
// Reads once; received descriptors are appended, close-on-exec.
ssize_t receivePart(int socket, std::span<uint8_t> buffer, std::vector<Fd> & fds);

// ── os_spawn ──
struct SpawnRequest {
    std::string executable;
    std::vector<std::string> arguments;        // argv[0] included
    std::vector<std::string> extraEnvironment; // NAME=value, over the caller's environment
    const Fd * inherited = nullptr;            // becomes descriptor `inheritedAs` of the child
    int inheritedAs = 3;
    const Fd * output = nullptr; // becomes stdout and stderr
};
// The child's id, or -1 with errno. The child gets no other descriptor than 0, 1, 2 and the
// inherited.
pid_t spawn(const SpawnRequest & request);
// Number of descriptors this process has open.
size_t countDescriptors();
// The name of this process's program, without its folder.
std::string programName();

// ── os_poll ──
// Waits for readiness of many descriptors.
class Poller {
  public:
    struct Event {
        int fd;
        bool readable;
        bool writable;
    };
    Poller();
    bool usable() const { return queue_.valid(); }
    void add(int fd);
    void wantWrite(int fd, bool want);
    void remove(int fd);
    // Milliseconds; -1 waits for ever.
    const std::vector<Event> & wait(int timeoutMs);

  private:
    Fd queue_;
    std::vector<Event> events_;
};
// Delivers SIGCHLD, SIGTERM and SIGINT as bytes of the signal number on a descriptor.
Fd signalDescriptor();

} // namespace dextsim

#endif
