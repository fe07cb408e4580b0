// The system's half of a serial port: its queues of bytes, and who waits for what at the terminal.
#ifndef DEXTSIM_DRIVERKIT_SERIAL_PORT_H
#define DEXTSIM_DRIVERKIT_SERIAL_PORT_H

#include "../runtime/service_calls.h"

#include <SerialDriverKit/IOUserSerial.h>
#include <SerialDriverKit/SerialPortInterface.h>

#include <deque>
#include <mutex>
#include <span>
#include <vector>

struct IOUserSerial_IVars;

namespace dextsim {

// Indices of a queue that two sides move. Drivers either keep them below the size or let them run
// on, so that only the remainder of a difference counts. The system leaves one place free when it
// writes; a driver may not, and then a difference of the size is a queue that is full.
enum class SerialDirection { Receive, Send };

class SerialQueueView {
  public:
    SerialQueueView(IOUserSerial_IVars & port, SerialDirection direction);

    uint32_t used() const;
    // How many fit and were put in.
    size_t put(std::span<const uint8_t> from);
    // How many of the oldest ones `to` has room for and now holds.
    size_t peek(std::span<uint8_t> to) const;
    void consume(size_t count);

  private:
    uint32_t size() const { return static_cast<uint32_t>(bytes_.size()); }
    uint32_t usedBetween(uint32_t producer, uint32_t consumer) const;

    std::span<uint8_t> bytes_;
    uint32_t & producer_;
    uint32_t & consumer_;
    bool canBeFull_;
};

struct SerialWrite {
    uint64_t call;
    std::vector<uint8_t> bytes;
    size_t done;
};
struct SerialRead {
    uint64_t call;
    uint32_t most;
};
struct SerialWatch {
    uint64_t call;
    uint64_t known;
};
struct SerialCounts {
    uint32_t overruns, breaks, framing, parity;
};

} // namespace dextsim

struct IOUserSerial_IVars {
    std::mutex lock;
    IOBufferMemoryDescriptor * interface = nullptr; // these three retained
    IOMemoryDescriptor * rx = nullptr;
    IOMemoryDescriptor * tx = nullptr;
    driverkit::serial::SerialPortInterface * port = nullptr; // null: not connected
    std::span<uint8_t> rxBytes, txBytes;
    bool open = false;
    bool connectedByDriver = false;
    bool connecting = false; // the system is at it
    std::deque<dextsim::SerialWrite> writes;
    std::deque<dextsim::SerialRead> reads;
    std::deque<uint64_t> drains;
    std::deque<dextsim::SerialWatch> watches;
    std::vector<uint8_t> received; // the terminal's buffer
    uint8_t signals = 0;           // as in SerialCall::Status
    uint64_t changes = 0;
    dextsim::SerialCounts counts{};
};

namespace dextsim {

constexpr uint8_t kSerialCts = 1, kSerialDsr = 2, kSerialRi = 4, kSerialDcd = 8;

// From here on the system's calls find their way.
void linkSerialCalls();
// Bytes on their way to the driver, and from it to the terminal; never calls the driver itself.
void pumpSerialOut(IOUserSerial * port);
void pumpSerialIn(IOUserSerial * port);
// Signals or counts have changed.
void serialChanged(IOUserSerial * port);
// Everybody who waits gets this answer.
void failSerialCalls(IOUserSerial * port, kern_return_t status);

} // namespace dextsim

#endif
