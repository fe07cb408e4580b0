// The HID side: devices that dexts make or other processes play, their interfaces, and the system
// behind them, which sessions can be.
#ifndef DEXTSIM_KERNEL_HID_H
#define DEXTSIM_KERNEL_HID_H

#include "ipc/value.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace dextsim {

struct Kernel;

// A device as the process that plays it described it.
struct HidPlugged {
    std::string name;
    Value properties;
    std::vector<uint8_t> descriptor;
};

struct HidDevice {
    uint64_t id = 0; // registry entry
    uint64_t interface = 0;
    uint32_t process = 0; // of the dext that made it, or
    uint64_t session = 0; // of the session that plays it
    bool usesIds = false; // reports begin with an id
    uint64_t openedBy = 0;
    uint32_t openedIn = 0;                               // process of that client
    std::shared_ptr<const HidPlugged> plugged = nullptr; // null: a dext made it
};

using HidDone = std::function<void(int32_t status, std::span<const uint8_t> report)>;

struct HidBus {
    std::map<uint64_t, HidDevice> devices;
    std::map<uint64_t, HidDone> requests;             // of devices that sessions play
    std::map<uint64_t, uint64_t> requestDevices;      // request → device
    std::map<uint64_t, std::set<uint64_t>> followers; // object → sessions
    uint64_t nextRequest = 1;

    HidDevice * device(uint64_t id);
    HidDevice * deviceOf(uint64_t interface);
};

bool unplugHid(Kernel & kernel, uint64_t device);
void closeHid(Kernel & kernel, uint64_t interface, uint64_t client);
void dropProcessHid(Kernel & kernel, uint32_t process);
void dropSessionHid(Kernel & kernel, uint64_t session);
// An entry leaves the registry.
void hidEntryGone(Kernel & kernel, uint64_t id);

// ── hid_descriptor.cpp ──
struct HidFacts {
    struct Usage {
        uint32_t page;
        uint32_t usage;
    };
    std::vector<Usage> usages; // of the top-level collections
    bool usesIds = false;
    uint32_t reportSize[3] = {}; // bytes of the largest input, output, feature report, id included
};
// "" or what is wrong with the descriptor.
std::string readHidDescriptor(std::span<const uint8_t> descriptor, HidFacts & facts);

// ── hid_matching.cpp ──
bool isHidProviderClass(const std::string & className);
std::string compareHidKeys(const Value & criteria, const Value & nub);

} // namespace dextsim

#endif
