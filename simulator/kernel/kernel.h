// The simulated kernel's state, in one place: the tables that the other files work on. Everything
// runs on the thread of the event loop.
#ifndef DEXTSIM_KERNEL_KERNEL_H
#define DEXTSIM_KERNEL_KERNEL_H

#include "bundle.h"
#include "clock.h"
#include "dext_objects.h"
#include "event_loop.h"
#include "faults.h"
#include "families.h"
#include "interrupts.h"
#include "log.h"
#include "memory.h"
#include "notifications.h"
#include "options.h"
#include "recorder.h"
#include "registry.h"
#include "sessions.h"
#include "service_watches.h"
#include "usb.h"

#include <array>
#include <list>
#include <map>
#include <memory>
#include <set>

namespace dextsim {

struct Kernel {
    explicit Kernel(Options chosen);
    ~Kernel();

    Options options;
    EventLoop loop;
    Clock clock{loop};
    Fd machinePage; // ipc/machine.h
    std::array<ArmedFault, kFaultSlots> faults;
    Recorder recorder;
    std::set<std::string> deniedEntitlements;
    Log log;
    Registry registry;
    MemoryTable memory;
    Notifications notifications;
    std::list<Bundle> bundles; // addresses stay
    UsbBus usb;
    Families families;
    Interrupts interrupts;
    ServiceWatches watches;
    std::map<uint64_t, DextObject> objects; // services and user clients by registry entry id
    std::map<uint32_t, std::unique_ptr<DextProcess>> processes;
    std::map<uint64_t, std::unique_ptr<Session>> sessions;
    // Provider and match category whose driver is being started.
    std::set<std::pair<uint64_t, std::string>> starting;
    std::map<uint64_t, unsigned> relaunches; // per provider
    std::set<uint64_t> deferredMatches;      // providers that wait for the system to wake
    uint32_t nextProcess = 1;
    uint64_t nextSession = 1;
    bool shuttingDown = false;
    bool asleep = false;
    bool changingPower = false;

    void say(const std::string & text) { log.write("kernel", text); }
    DextObject * object(uint64_t id);
    DextProcess * process(uint32_t id);
    Session * session(uint64_t id);
    // The process that runs an object, or null when it is gone.
    DextProcess * processOf(uint64_t object);
};

// Entitlements without those that are denied at present.
Value granted(const Kernel & kernel, Value entitlements);

} // namespace dextsim

#endif
