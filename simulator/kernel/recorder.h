// Writes what devices, dexts and clients say to each other to a file: JSON, one event per line, as
// docs/simulator.md describes it. Devices, connections and calls get numbers of their own, in the
// order in which they appear, so that two runs can be compared.
#ifndef DEXTSIM_KERNEL_RECORDER_H
#define DEXTSIM_KERNEL_RECORDER_H

#include "ipc/fd.h"
#include "ipc/wire.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace dextsim {

class Line;
struct UsbDevice;
struct UsbTransfer;
struct HidDevice;
struct HidReportCall;

class Recorder {
  public:
    ~Recorder() { close(); }

    // Starts a new file. 0 or an errno.
    int open(const std::string & path);
    void close();
    bool active() const { return file_.valid(); }

    void plugged(const UsbDevice & device);
    void unplugged(uint64_t device);
    // What is unplugged and plugged next is one device that stays.
    void resets(uint64_t device);
    void asked(const UsbTransfer & transfer, uint8_t endpoint);
    void sent(const UsbTransfer & transfer, uint8_t endpoint, std::span<const uint8_t> data);
    void requested(const UsbTransfer & transfer, std::span<const uint8_t> setup,
                   std::span<const uint8_t> data);
    // The device's answers: to IN and control transfers, to OUT transfers.
    void answered(uint64_t transfer, int32_t status, std::span<const uint8_t> data);
    void taken(uint64_t transfer, int32_t status, uint32_t bytes);
    void aborted(uint64_t transfer, int32_t status);
    // `data`: what the host sends.
    void framesAsked(const UsbTransfer & transfer, uint8_t endpoint, std::span<const uint8_t> data);
    struct Frames {
        std::vector<uint64_t> statuses;
        std::vector<uint32_t> lengths;
        std::span<const uint8_t> data; // of those from the device, one behind the other
    };
    void framesAnswered(uint64_t transfer, const Frames & frames);

    // HID devices that processes play (recorder_hid.cpp); `unplugged` is theirs, too.
    void hidPlugged(const HidDevice & device);
    // `taken`: somebody got it.
    void hidSent(uint64_t device, uint32_t type, std::span<const uint8_t> report, bool taken);
    void hidAsked(uint64_t device, uint64_t request, const HidReportCall & call);
    void hidAnswered(uint64_t request, int32_t status, std::span<const uint8_t> report);

    struct Opening {
        std::string client;
        std::string service;
        uint32_t type;
        uint64_t connection; // 0: refused
        int32_t status;
    };
    void opened(const Opening & opening);
    void closed(uint64_t connection);
    // `body` as the dext sent it, behind the call's number.
    void callBegan(uint32_t process, uint64_t userClient, uint64_t call, Reader & body);
    void callEnded(uint32_t process, uint64_t call, Reader & body);
    void completed(const std::string & client, int32_t status, std::span<const uint64_t> words);

  private:
    using Call = std::pair<uint32_t, uint64_t>;
    Line line(const char * event) const;
    void write(const Line & line);
    void flush();
    uint64_t number(std::map<uint64_t, uint64_t> & numbers, uint64_t id);

    Fd file_;
    std::string waiting_;  // not yet written
    uint64_t started_ = 0; // ns
    std::map<uint64_t, uint64_t> devices_;
    std::map<uint64_t, uint64_t> connections_;
    std::map<uint64_t, uint64_t> transfers_; // under way
    std::map<uint64_t, uint64_t> reports_;   // requests for them, under way
    std::map<Call, uint64_t> calls_;         // under way
    uint64_t resetting_ = 0;                 // number of the device
    uint64_t lastTransfer_ = 0;              // also of requests for reports
    uint64_t lastCall_ = 0;
};

} // namespace dextsim

#endif
