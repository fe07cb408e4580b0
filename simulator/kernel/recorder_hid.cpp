// What HID devices that processes play say and hear, in a recording.
#include "hid.h"
#include "hid_reports.h"
#include "json_line.h"
#include "recorder.h"

namespace dextsim {

void Recorder::hidPlugged(const HidDevice & device) {
    if (active() && device.plugged != nullptr) {
        write(line("hid-plug")
                  .number("device", number(devices_, device.id))
                  .string("name", device.plugged->name)
                  .value("properties", device.plugged->properties)
                  .bytes("reportDescriptor", device.plugged->descriptor));
    }
}

void Recorder::hidSent(uint64_t device, uint32_t type, std::span<const uint8_t> report,
                       bool taken) {
    if (active()) {
        write(line("hid-report")
                  .number("device", number(devices_, device))
                  .number("type", type)
                  .number("taken", taken ? 1 : 0)
                  .bytes("data", report));
    }
}

void Recorder::hidAsked(uint64_t device, uint64_t request, const HidReportCall & call) {
    if (!active()) {
        return;
    }
    reports_[request] = ++lastTransfer_;
    Line entry = line(call.get ? "hid-get" : "hid-set");
    entry.number("device", number(devices_, device)).number("transfer", lastTransfer_);
    entry.number("type", call.type).number("id", call.id);
    if (call.get) {
        entry.number("length", call.length);
    } else {
        entry.bytes("data", call.report);
    }
    write(entry);
}

void Recorder::hidAnswered(uint64_t request, int32_t status, std::span<const uint8_t> report) {
    const auto found = reports_.extract(request);
    if (active() && !found.empty()) {
        write(line("data").number("transfer", found.mapped()).status(status).bytes("data", report));
    }
}

} // namespace dextsim
