// What drivers and PCI functions that processes play say to each other, in a recording.
#include "json_line.h"
#include "pci.h"
#include "recorder.h"

#include <algorithm>

namespace dextsim {

namespace {

Value barsOf(const PciDevice & device) {
    std::vector<Value> bars;
    for (const PciBar & bar : device.bars) {
        bars.push_back(Value::dictionary({{"bar", Value::number(bar.bar)},
                                          {"type", Value::number(bar.type)},
                                          {"size", Value::number(bar.size)},
                                          {"registers", Value::boolean(bar.registers)}}));
    }
    return Value::array(std::move(bars));
}

} // namespace

void Recorder::pciPlugged(const PciDevice & device, std::span<const uint8_t> config) {
    if (active()) {
        write(line("pci-plug")
                  .number("device", number(devices_, device.id))
                  .bytes("config", config)
                  .value("bars", barsOf(device)));
    }
}

void Recorder::pciAsked(uint64_t device, uint64_t access, const PciAccess & asked) {
    if (!active()) {
        return;
    }
    accesses_[access] = {++lastTransfer_, asked.writes ? uint8_t{0} : asked.width};
    Line entry = line(asked.writes ? "pci-write" : "pci-read");
    entry.number("device", number(devices_, device)).number("transfer", lastTransfer_);
    entry.number("bar", asked.bar).number("offset", asked.offset).number("width", asked.width);
    if (asked.writes) {
        entry.hex("value", asked.value);
    }
    write(entry);
}

void Recorder::pciAnswered(uint64_t access, int32_t status, uint64_t value) {
    const auto found = accesses_.extract(access);
    if (!active() || found.empty()) {
        return;
    }
    uint8_t bytes[sizeof value];
    const size_t width = std::min<size_t>(found.mapped().width, sizeof bytes);
    for (size_t i = 0; i < width; ++i) {
        bytes[i] = static_cast<uint8_t>(value >> (8 * i));
    }
    write(line("data")
              .number("transfer", found.mapped().number)
              .status(status)
              .bytes("data", {bytes, width}));
}

void Recorder::pciConfigured(uint64_t device, uint64_t offset, uint8_t width, uint64_t value) {
    if (active()) {
        write(line("pci-config")
                  .number("device", number(devices_, device))
                  .number("offset", offset)
                  .number("width", width)
                  .hex("value", value));
    }
}

void Recorder::pciInterrupted(uint64_t device, uint32_t message, bool taken) {
    if (active()) {
        write(line("pci-interrupt")
                  .number("device", number(devices_, device))
                  .number("message", message)
                  .number("taken", taken ? 1 : 0));
    }
}

void Recorder::pciMoved(uint64_t device, bool writes, uint64_t address,
                        std::span<const uint8_t> data) {
    if (active()) {
        write(line(writes ? "pci-dma-write" : "pci-dma-read")
                  .number("device", number(devices_, device))
                  .hex("address", address)
                  .bytes("data", data));
    }
}

void Recorder::pciStored(uint64_t device, uint8_t bar, uint64_t offset,
                         std::span<const uint8_t> data) {
    if (active()) {
        write(line("pci-store")
                  .number("device", number(devices_, device))
                  .number("bar", bar)
                  .number("offset", offset)
                  .bytes("data", data));
    }
}

} // namespace dextsim
