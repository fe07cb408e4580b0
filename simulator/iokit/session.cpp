// See session.h.
#include "session.h"

#include "notification_port.h"
#include "shared_pages.h"

#include "ipc/machine.h"
#include "ipc/os.h"
#include "ipc/plist.h"
#include "ipc/starved.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <pthread.h>
#include <sys/stat.h>
#include <thread>

namespace dextsim::client {

namespace {

// Once per sentence: look-ups may be repeated until a simulator is there.
void complain(const std::string & text) {
    static auto & lock = *new std::mutex();
    static auto & said = *new std::set<std::string>();
    std::lock_guard guard(lock);
    if (said.insert(text).second) {
        fprintf(stderr, "IOKit simulator: %s\n", text.c_str());
    }
}

constexpr const char * kStarved = "no file descriptor is left in this process for what the "
                                  "simulator passes to it";

std::string variable(const char * name) {
    const char * value = getenv(name);
    return value == nullptr ? "" : value;
}

// The entitlements that a signed app would carry.
Value readEntitlements() {
    std::string path = variable(kEntitlementsVariable);
    Value entitlements = Value::dictionary();
    std::string error;
    if (!path.empty() && !readPlist(path, entitlements, error)) {
        complain(error);
    }
    return entitlements;
}

} // namespace

SessionRef Session::current() {
    // Never destroyed: other threads may be in a call while the process exits.
    static auto & lock = *new std::mutex();
    static auto & session = *new SessionRef();
    std::lock_guard guard(lock);
    std::string path = variable(kSocketVariable);
    if (session && session->alive() && (path.empty() || path == session->path_)) {
        return session;
    }
    session.reset();
    if (path.empty()) {
        complain(std::string(kSocketVariable) + " is not set: no simulator is running");
        return nullptr;
    }
    Fd socket;
    if (int error = connectLocal(path, socket)) {
        complain("cannot reach the simulator at " + path + ": " + strerror(error));
        return nullptr;
    }
    auto made = std::make_shared<Session>(path, std::move(socket));
    if (!made->greet()) {
        complain(hasStarved() ? kStarved : "the simulator at " + path + " refused the connection");
        return nullptr;
    }
    session = made;
    return session;
}

Session::Session(std::string path, Fd socket)
    : path_(std::move(path)), connection_(std::move(socket)) {}

Session::~Session() {
    unmapShared(states_, statesSize_);
}

bool Session::greet() {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([self = shared_from_this()] { self->serve(); }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    Writer hello;
    hello.u32(kProtocolVersion).u8(static_cast<uint8_t>(Role::Client)).string(programName());
    hello.value(readEntitlements());
    Reply reply = connection_.request(MessageType::Hello, hello);
    Fd page = reply.takeFd();
    Fd machine = reply.takeFd(1);
    struct stat status;
    if (!reply.delivered || reply.status != 0 || !page.valid() || fstat(page.get(), &status) != 0) {
        connection_.shutdown();
        return false;
    }
    useMachine(machine, false);
    Reader welcome = reply.reader();
    id_ = welcome.u64();
    watchdog_ = welcome.u32() * UINT64_C(1'000'000'000);
    statesSize_ = static_cast<size_t>(status.st_size);
    states_ = static_cast<uint32_t *>(mapShared(page, statesSize_, false));
    return states_ != nullptr;
}

void Session::serve() {
    connection_.serve(
        [](void * self, Message & message) {
            if (message.type == MessageType::ShareMemory) {
                shareMemory(static_cast<Session *>(self)->connection_, message);
            } else {
                deliverPortMessage(message);
            }
        },
        this);
    if (hasStarved()) {
        complain(kStarved);
    }
    alive_.store(false, std::memory_order_release);
}

ConnectionState Session::state(uint32_t slot) const {
    return static_cast<ConnectionState>(
        std::atomic_ref(states_[slot]).load(std::memory_order_seq_cst));
}

} // namespace dextsim::client
