// What the system asks of SCSI controllers that dexts make, and what they answer, in a recording.
#include "json_line.h"
#include "recorder.h"
#include "scsi.h"

namespace dextsim {

void Recorder::scsiStarted(const ScsiController & controller, const std::string & name) {
    if (active()) {
        write(line("scsi-start")
                  .number("device", number(devices_, controller.id))
                  .string("name", name));
    }
}

void Recorder::scsiEnded(uint64_t controller) {
    if (active()) {
        write(line("unplug").number("device", number(devices_, controller)));
    }
}

uint64_t Recorder::scsiAsked(const ScsiController & controller, const ScsiTask & task) {
    if (!active()) {
        return 0;
    }
    write(line("scsi-task")
              .number("device", number(devices_, controller.id))
              .number("transfer", ++lastTransfer_)
              .number("probe", task.probe ? 1 : 0)
              .hex("target", task.target)
              .hex("lun", task.lun)
              .bytes("command", task.command)
              .number("attribute", task.attribute)
              .number("timeout", task.timeoutMs)
              .bytes("data", task.out)
              .number("length", task.inLength));
    return ticketFor(lastTransfer_);
}

void Recorder::scsiAnswered(uint64_t ticket, const ScsiResult & result) {
    if (isOwn(ticket)) {
        write(line("scsi-done")
                  .number("transfer", static_cast<uint32_t>(ticket))
                  .status(result.status)
                  .number("immediate", result.immediate)
                  .number("completion", result.completion)
                  .number("service", result.service)
                  .number("transferred", result.transferred)
                  .bytes("sense", result.sense)
                  .bytes("data", result.data));
    }
}

uint64_t Recorder::scsiManaged(const ScsiController & controller, const ScsiManaging & managing) {
    if (!active()) {
        return 0;
    }
    write(line("scsi-manage")
              .number("device", number(devices_, controller.id))
              .number("transfer", ++lastTransfer_)
              .number("function", managing.function)
              .hex("target", managing.target)
              .hex("lun", managing.lun)
              .hex("tag", managing.tag));
    return ticketFor(lastTransfer_);
}

void Recorder::scsiManagedBy(uint64_t ticket, int32_t status, uint32_t response) {
    if (isOwn(ticket)) {
        write(line("scsi-managed")
                  .number("transfer", static_cast<uint32_t>(ticket))
                  .status(status)
                  .number("response", response));
    }
}

} // namespace dextsim
