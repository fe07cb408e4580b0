// What the kernel knows of dext processes and of the objects that live in them.
#ifndef DEXTSIM_KERNEL_DEXT_OBJECTS_H
#define DEXTSIM_KERNEL_DEXT_OBJECTS_H

#include "bundle.h"
#include "clock.h"
#include "link.h"

#include <functional>
#include <memory>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace dextsim {

struct DextProcess {
    enum class State { Launching, Running, Retired };

    uint32_t id = 0;
    pid_t pid = -1;
    State state = State::Launching;
    std::string serverName;
    const Bundle * bundle = nullptr;
    std::set<std::string, std::less<>> classes;
    std::unique_ptr<Link> link;
    std::vector<std::function<void(bool running)>> waiting; // for the check-in
    Clock::TimerId checkIn = 0;                             // the time it has for it
    EventLoop::TimerId timer = 0;                           // for its end
    EventLoop::Clock::time_point started;
    unsigned references = 0; // starts under way; an unused process is retired
    bool died = false;       // while it was in use
};

struct ServicePart {
    const Bundle * bundle = nullptr;
    const Personality * personality = nullptr; // null: made with Create
    std::string category;
    bool startSent = false;
    bool started = false;
    bool registerPending = false; // RegisterService came before Start returned (contract §4.4)
    std::set<uint64_t> opens;     // providers it holds open
};

struct UserClientPart {
    uint64_t session = 0; // 0: not open to an app (yet, or no more)
    uint64_t task = 0;    // of the app that it was opened for; it stays until the object is gone
    unsigned mapped = 0;  // times that the app has mapped memory
    // By memory descriptor and whether read-only: mappings that the memory is kept for.
    std::map<std::pair<uint64_t, bool>, unsigned> maps;
    std::set<uint64_t> actions; // completions that outlive their call
};

// What power management knows of an object (power.h).
struct PowerPart {
    bool joined = false;
    uint32_t desired = 2;              // what the driver asked for; kIOServicePowerCapabilityOn
    uint32_t current = 2;              // what it was told last
    bool pending = false;              // a change is neither acknowledged nor given up
    bool returned = false;             // of the pending one: SetPowerState has returned
    bool acknowledged = false;         // and it has reached IOService
    std::function<void()> whenSettled; // of the pending one
    EventLoop::TimerId timer = 0;
};

// The kernel's half of an object whose other half is in a dext. It stays until the dext's Stop
// reached super and the last action is gone, even when its registry entry was removed before.
struct DextObject {
    uint64_t id = 0;
    uint32_t process = 0;
    bool stopSent = false;
    bool stopAnswered = false; // or nobody waits for the answer
    bool didStop = false;      // Stop(provider, SUPERDISPATCH) was reached
    bool removed = false;      // no longer in the registry
    uint64_t stopTimer = 0;    // of the clock: how long Stop may take
    PowerPart power;
    std::unique_ptr<ServicePart> service;
    std::unique_ptr<UserClientPart> client;
};

} // namespace dextsim

#endif
