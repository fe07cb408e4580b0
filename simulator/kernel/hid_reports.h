// Reports of HID devices between the files of the family.
#ifndef DEXTSIM_KERNEL_HID_REPORTS_H
#define DEXTSIM_KERNEL_HID_REPORTS_H

#include "families.h"

namespace dextsim {

struct HidReportCall {
    bool get;
    uint32_t type;
    uint32_t id;
    uint32_t timeoutMs;
    uint32_t length; // wanted
    std::span<const uint8_t> report;
};

// `timed`: a timeout comes before the report.
HidReportCall readReportCall(Reader & reader, bool get, bool timed);
// To a device; `done` is called once.
void transferReport(Kernel & kernel, const HidDevice & device, const HidReportCall & call,
                    HidDone done);
// From a device. Whether anybody takes it.
bool spreadReport(Kernel & kernel, HidDevice & device, uint64_t timestamp, uint32_t type,
                  std::span<const uint8_t> report);
// A device that is gone answers nothing more.
void abandonRequests(HidBus & bus, uint64_t device);

// ── hid_publish.cpp ──
void mergeProperties(Value & into, const Value & from);
void mergeFacts(Value & properties, const HidFacts & facts, std::span<const uint8_t> descriptor);
// The device is known from here on; its interface comes with it.
void publishHid(Kernel & kernel, HidDevice device, const HidFacts & facts);

} // namespace dextsim

#endif
