// The SCSI side: controllers that dexts make, their targets, and the tasks that sessions send.
#ifndef DEXTSIM_KERNEL_SCSI_H
#define DEXTSIM_KERNEL_SCSI_H

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

namespace dextsim {

struct Kernel;

struct ScsiController {
    uint64_t id = 0; // registry entry
    uint32_t process = 0;
    std::map<uint64_t, uint64_t> targets; // identifier → registry entry
    uint64_t nextTag = 1;
};

struct ScsiTask {
    uint64_t target = 0;
    uint64_t lun = 0;
    std::vector<uint8_t> command;
    uint32_t attribute = 0;
    uint32_t timeoutMs = 0;
    std::span<const uint8_t> out; // to the target
    uint32_t inLength = 0;        // or from it
    bool probe = false;           // the system's own question
};

struct ScsiResult {
    int32_t status = 0; // of UserProcessParallelTask, or that there is no controller any more
    uint32_t immediate = 0;
    uint32_t completion = 0;
    uint32_t service = 0;
    uint64_t transferred = 0;
    std::vector<uint8_t> sense;
    std::vector<uint8_t> data;
};
using ScsiDone = std::function<void(const ScsiResult & result)>;

struct ScsiBus {
    std::map<uint64_t, ScsiController> controllers;
    ScsiController * controller(uint64_t id);
};

void scsiEntryGone(Kernel & kernel, uint64_t id);

// ── scsi_tasks.cpp ──
// `done` is called once.
void sendScsiTask(Kernel & kernel, ScsiController & controller, const ScsiTask & task,
                  ScsiDone done);

} // namespace dextsim

#endif
