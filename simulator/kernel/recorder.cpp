// See recorder.h.
#include "recorder.h"

#include "ipc/machine.h"
#include "ipc/messages.h"
#include "json_line.h"
#include "usb.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace dextsim {

namespace {

constexpr size_t kBuffered = 64 * 1024;

} // namespace

int Recorder::open(const std::string & path) {
    close();
    file_.reset(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file_.valid()) {
        return errno;
    }
    started_ = machineNanoseconds();
    ++recordings_;
    waiting_ = "{\"dextgen\":\"recording\",\"version\":1,\"time\":\"ns\"}\n";
    flush();
    std::atomic_ref(machine()->recording).store(1);
    return 0;
}

void Recorder::close() {
    if (active()) {
        flush();
        file_.reset();
        std::atomic_ref(machine()->recording).store(0);
    }
    devices_.clear();
    connections_.clear();
    transfers_.clear();
    reports_.clear();
    accesses_.clear();
    calls_.clear();
    resetting_ = lastTransfer_ = lastCall_ = 0;
}

void Recorder::write(const Line & line) {
    waiting_ += line.text();
    if (waiting_.size() >= kBuffered) {
        flush();
    }
}

// A full disk ends the recording where it is; it must not stop the machine.
void Recorder::flush() {
    size_t at = 0;
    while (at < waiting_.size()) {
        const ssize_t size = ::write(file_.get(), waiting_.data() + at, waiting_.size() - at);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            break;
        }
        at += static_cast<size_t>(size);
    }
    waiting_.clear();
}

uint64_t Recorder::number(std::map<uint64_t, uint64_t> & numbers, uint64_t id) {
    return numbers.emplace(id, numbers.size() + 1).first->second;
}

Line Recorder::line(const char * event) const {
    return Line(machineNanoseconds() - started_, event);
}

void Recorder::plugged(const UsbDevice & device) {
    const char * const speeds[] = {"", "low", "full", "high", "super", "super-plus"};
    if (active() && resetting_ != 0) {
        devices_[device.id] = resetting_;
        write(line("reset").number("device", resetting_));
        resetting_ = 0;
    } else if (active()) {
        write(line("plug")
                  .number("device", number(devices_, device.id))
                  .string("speed", speeds[device.speed])
                  .bytes("descriptor", device.descriptors.device)
                  .list("configurations", device.descriptors.configurations)
                  .table("strings", device.descriptors.strings));
    }
}

void Recorder::resets(uint64_t device) {
    resetting_ = active() ? number(devices_, device) : 0;
    devices_.erase(device);
}

void Recorder::unplugged(uint64_t device) {
    if (active() && resetting_ == 0) {
        write(line("unplug").number("device", number(devices_, device)));
    }
}

void Recorder::asked(const UsbTransfer & transfer, uint8_t endpoint) {
    if (active()) {
        transfers_[transfer.id] = ++lastTransfer_;
        write(line("in")
                  .number("device", number(devices_, transfer.device))
                  .number("endpoint", endpoint)
                  .number("transfer", lastTransfer_)
                  .number("length", transfer.length));
    }
}

void Recorder::sent(const UsbTransfer & transfer, uint8_t endpoint, std::span<const uint8_t> data) {
    if (active()) {
        transfers_[transfer.id] = ++lastTransfer_;
        write(line("out")
                  .number("device", number(devices_, transfer.device))
                  .number("endpoint", endpoint)
                  .number("transfer", lastTransfer_)
                  .bytes("data", data));
    }
}

void Recorder::requested(const UsbTransfer & transfer, std::span<const uint8_t> setup,
                         std::span<const uint8_t> data) {
    if (active()) {
        transfers_[transfer.id] = ++lastTransfer_;
        write(line("control")
                  .number("device", number(devices_, transfer.device))
                  .number("transfer", lastTransfer_)
                  .bytes("setup", setup)
                  .bytes("data", data));
    }
}

void Recorder::answered(uint64_t transfer, int32_t status, std::span<const uint8_t> data) {
    const auto found = transfers_.extract(transfer);
    if (active() && !found.empty()) {
        write(line("data").number("transfer", found.mapped()).status(status).bytes("data", data));
    }
}

void Recorder::taken(uint64_t transfer, int32_t status, uint32_t bytes) {
    const auto found = transfers_.extract(transfer);
    if (active() && !found.empty()) {
        write(
            line("taken").number("transfer", found.mapped()).status(status).number("bytes", bytes));
    }
}

void Recorder::aborted(uint64_t transfer, int32_t status) {
    const auto found = transfers_.extract(transfer);
    if (active() && !found.empty()) {
        write(line("abort").number("transfer", found.mapped()).status(status));
    }
}

void Recorder::framesAsked(const UsbTransfer & transfer, uint8_t endpoint,
                           std::span<const uint8_t> data) {
    if (active()) {
        std::vector<uint32_t> lengths;
        for (const UsbFrame & frame : transfer.isoch->frames) {
            lengths.push_back(frame.requested);
        }
        transfers_[transfer.id] = ++lastTransfer_;
        write(line("isoch")
                  .number("device", number(devices_, transfer.device))
                  .number("endpoint", endpoint)
                  .number("transfer", lastTransfer_)
                  .numbers("lengths", lengths)
                  .bytes("data", data));
    }
}

void Recorder::framesAnswered(uint64_t transfer, const Frames & frames) {
    const auto found = transfers_.extract(transfer);
    if (active() && !found.empty()) {
        write(line("frames")
                  .number("transfer", found.mapped())
                  .words("statuses", frames.statuses)
                  .numbers("lengths", frames.lengths)
                  .bytes("data", frames.data));
    }
}

void Recorder::opened(const Opening & opening) {
    if (active()) {
        Line entry = line("open");
        entry.string("client", opening.client).string("service", opening.service);
        entry.number("type", opening.type).status(opening.status);
        if (opening.connection != 0) {
            entry.number("connection", number(connections_, opening.connection));
        }
        write(entry);
    }
}

void Recorder::closed(uint64_t connection) {
    if (active()) {
        write(line("close").number("connection", number(connections_, connection)));
    }
}

void Recorder::callBegan(uint32_t process, uint64_t userClient, uint64_t call, Reader & body) {
    if (!active()) {
        return;
    }
    const uint32_t selector = body.u32();
    const uint8_t flags = body.u8();
    const uint32_t scalarOutputs = body.u32();
    const uint64_t structOutput = body.u64();
    uint64_t scalars[kMaxScalars];
    const uint32_t count = std::min(body.u32(), kMaxScalars);
    body.words(scalars, count);
    calls_[{process, call}] = ++lastCall_;
    write(line("call")
              .number("connection", number(connections_, userClient))
              .number("call", lastCall_)
              .number("selector", selector)
              .number("flags", flags)
              .words("scalars", {scalars, count})
              .bytes("struct", body.bytes())
              .number("scalarOutputs", scalarOutputs)
              .number("structOutput", structOutput));
}

void Recorder::callEnded(uint32_t process, uint64_t call, Reader & body) {
    const auto found = calls_.extract({process, call});
    if (!active() || found.empty()) {
        return;
    }
    const int32_t status = body.i32();
    uint64_t scalars[kMaxScalars];
    const uint32_t count = std::min(body.u32(), kMaxScalars);
    body.words(scalars, count);
    write(line("return")
              .number("call", found.mapped())
              .status(status)
              .words("scalars", {scalars, count})
              .bytes("struct", body.bytes()));
}

void Recorder::completed(const std::string & client, int32_t status,
                         std::span<const uint64_t> words) {
    if (active()) {
        write(line("completion").string("client", client).status(status).words("words", words));
    }
}

} // namespace dextsim
