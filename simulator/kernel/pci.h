// The PCI side: functions that other processes play, their configuration space, their memory as
// files that both sides see, accesses that the device answers itself, and DMA.
#ifndef DEXTSIM_KERNEL_PCI_H
#define DEXTSIM_KERNEL_PCI_H

#include "memory.h"

#include "ipc/value.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dextsim {

struct Kernel;

constexpr uint16_t kPciCommand = 0x04;
constexpr uint16_t kPciMemorySpace = 0x0002;
constexpr uint16_t kPciBusMaster = 0x0004;

struct PciBar {
    uint8_t bar = 0;  // register number, 0 to 5
    uint8_t type = 0; // low bits of the register
    uint64_t size = 0;
    bool registers = false; // every access goes to the device
    uint64_t address = 0;
    std::string path; // the file behind the memory
    std::shared_ptr<MemoryBacking> backing;
    std::map<uint32_t, uint64_t> descriptors; // the one descriptor of each dext process
};

struct PciDevice {
    uint64_t id = 0; // registry entry
    uint64_t session = 0;
    uint8_t number = 0; // on bus 0
    uint64_t openedBy = 0;
    uint32_t openedIn = 0; // process
    uint64_t nextDma = UINT64_C(0x100000000);
    std::vector<uint8_t> config;
    std::vector<uint8_t> writable; // a bit for each bit of `config`
    std::vector<PciBar> bars;      // by memory index

    uint64_t read(uint64_t offset, unsigned width) const;
    void write(uint64_t offset, unsigned width, uint64_t value);
    uint16_t command() const { return static_cast<uint16_t>(read(kPciCommand, 2)); }
};

// A driver's access that the device has not answered.
struct PciAccess {
    uint64_t device = 0;
    uint32_t process = 0;
    uint64_t reply = 0;
};

// Memory that a device may reach at `address`.
struct DmaMapping {
    uint64_t device = 0;
    uint32_t process = 0;
    uint64_t address = 0;
    uint64_t length = 0;
    uint64_t direction = 0; // kIOMemoryDirection…
    std::vector<MemoryPiece> pieces;
};

struct PciBus {
    std::map<uint64_t, PciDevice> devices;
    std::map<uint64_t, PciAccess> accesses;
    std::map<uint64_t, DmaMapping> mappings;
    uint64_t nextAccess = 1;
    uint64_t nextMapping = 1;
    uint64_t nextAddress = UINT64_C(0x80000000);
    unsigned plugged = 0;

    PciDevice * device(uint64_t id);
};

// ── pci_device.cpp ──
bool unplugPci(Kernel & kernel, uint64_t device);
// Begins or ends: what a device stores in its own memory is told from then on.
void tellPciRecording(Kernel & kernel);
void closePci(Kernel & kernel, uint64_t device, uint64_t client);
void dropProcessPci(Kernel & kernel, uint32_t process);

// ── pci_matching.cpp ──
// "" when the criteria's IOPCI… keys agree with a configuration space; else which differs.
std::string comparePciKeys(const Value & criteria, const Value & nub);
bool hasPciKeys(const Value & criteria);

} // namespace dextsim

#endif
