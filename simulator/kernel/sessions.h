// The processes that talk to the kernel's socket: clients, devices, controllers. Who they are and
// what they own; their requests are handled in *_requests.cpp.
#ifndef DEXTSIM_KERNEL_SESSIONS_H
#define DEXTSIM_KERNEL_SESSIONS_H

#include "ipc/os.h"
#include "link.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace dextsim {

struct Kernel;

// The connection states of one client process, in a page that it can read (messages.h).
class StatePage {
  public:
    static constexpr size_t kSlots = 16384;
    bool create();
    ~StatePage();
    // False: every slot is taken.
    bool take(uint32_t & slot);
    void give(uint32_t slot);
    void set(uint32_t slot, ConnectionState state);
    Fd readOnly() const { return reopenReadOnly(fd_); }

  private:
    Fd fd_;
    uint32_t * words_ = nullptr;
    std::vector<uint32_t> free_;
    uint32_t used_ = 0;
};

struct Session {
    uint64_t id = 0;
    Role role{};
    bool greeted = false;
    Peer peer{};
    std::string name;
    Value entitlements;
    std::unique_ptr<Link> link;
    StatePage page;
    // User clients and their words in the page, until the app closes them: they may be gone before.
    std::map<uint64_t, uint32_t> connections;
    std::set<uint64_t> devices;
    bool portOverflow = false; // completions were lost; logged once
};

// Accepts what connects to the listener.
void acceptSessions(Kernel & kernel, const Fd & listener);
void endSession(Kernel & kernel, uint64_t session);

// Handlers by role.
void handleClient(Kernel & kernel, Session & session, Message & message);
void handleDevice(Kernel & kernel, Session & session, Message & message);
void handleControl(Kernel & kernel, Session & session, Message & message);
// The part of a controller's requests that is about time, faults, recording and power.
void handleMachine(Kernel & kernel, Session & session, Message & message);

} // namespace dextsim

#endif
