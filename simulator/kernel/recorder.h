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
struct PciDevice;
struct ScsiController;
struct ScsiResult;
struct ScsiTask;

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

    // PCI functions (recorder_pci.cpp). `config`: as it was plugged in.
    void pciPlugged(const PciDevice & device, std::span<const uint8_t> config);
    struct PciAccess {
        bool writes;
        uint8_t bar;
        uint64_t offset;
        uint8_t width; // bytes
        uint64_t value;
    };
    void pciAsked(uint64_t device, uint64_t access, const PciAccess & asked);
    void pciAnswered(uint64_t access, int32_t status, uint64_t value);
    void pciConfigured(uint64_t device, uint64_t offset, uint8_t width, uint64_t value);
    // `taken`: a driver waited for it.
    void pciInterrupted(uint64_t device, uint32_t message, bool taken);
    // What the device moved to or from prepared memory.
    void pciMoved(uint64_t device, bool writes, uint64_t address, std::span<const uint8_t> data);
    // What the device stored in memory of its own.
    void pciStored(uint64_t device, uint8_t bar, uint64_t offset, std::span<const uint8_t> data);

    // SCSI controllers that dexts make, and what the system asks of them (recorder_scsi.cpp).
    // `unplugged` is theirs, too; one that nothing is known of is not named.
    void scsiStarted(const ScsiController & controller, const std::string & name);
    void scsiEnded(uint64_t controller);
    // A ticket for the answer; 0: nothing is recorded.
    uint64_t scsiAsked(const ScsiController & controller, const ScsiTask & task);
    void scsiAnswered(uint64_t ticket, const ScsiResult & result);
    struct ScsiManaging {
        uint8_t function;
        uint64_t target;
        uint64_t lun;
        uint64_t tag;
    };
    uint64_t scsiManaged(const ScsiController & controller, const ScsiManaging & managing);
    void scsiManagedBy(uint64_t ticket, int32_t status, uint32_t response);

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
    // Names a transfer of this recording: one that was asked for before is not answered in this
    // file.
    uint64_t ticketFor(uint64_t transfer) const { return recordings_ << 32 | transfer; }
    bool isOwn(uint64_t ticket) const { return active() && ticket >> 32 == recordings_; }

    Fd file_;
    std::string waiting_;  // not yet written
    uint64_t started_ = 0; // ns
    uint64_t recordings_ = 0;
    std::map<uint64_t, uint64_t> devices_;
    std::map<uint64_t, uint64_t> connections_;
    std::map<uint64_t, uint64_t> transfers_; // under way
    std::map<uint64_t, uint64_t> reports_;   // requests for them, under way
    struct OpenAccess {
        uint64_t number;
        uint8_t width; // of what is read; 0: a write
    };
    std::map<uint64_t, OpenAccess> accesses_; // to registers, under way
    std::map<Call, uint64_t> calls_;          // under way
    uint64_t resetting_ = 0;                  // number of the device
    uint64_t lastTransfer_ = 0;               // also of reports, accesses and tasks
    uint64_t lastCall_ = 0;
};

} // namespace dextsim

#endif
