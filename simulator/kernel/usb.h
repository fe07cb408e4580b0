// The USB side: devices that other processes play, their nubs in the registry, pipes and transfers.
#ifndef DEXTSIM_KERNEL_USB_H
#define DEXTSIM_KERNEL_USB_H

#include "clock.h"
#include "ipc/wire.h"
#include "usb_descriptors.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dextsim {

struct Kernel;
struct Session;

struct UsbDevice {
    uint64_t id = 0; // registry entry
    uint64_t session = 0;
    uint8_t speed = 0;
    uint8_t address = 0;
    uint8_t configuration = 0; // active bConfigurationValue; 0: not configured
    uint64_t openedBy = 0;
    DeviceDescriptors descriptors;
};

struct UsbInterface {
    uint64_t id = 0; // registry entry
    uint64_t device = 0;
    uint8_t number = 0;
    uint8_t alternate = 0;
    uint64_t openedBy = 0;
};

struct UsbPipe {
    uint64_t id = 0;
    uint64_t interface = 0;
    EndpointDescriptor endpoint;
    uint32_t process = 0;
    unsigned references = 0;
    bool closed = false;
    bool halted = false;
    std::deque<uint64_t> transfers; // in the order they were asked for
};

// A frame of an isochronous transfer, as the frame list asks for it and as it ended.
struct UsbFrame {
    uint32_t requested = 0;
    uint32_t completed = 0;
    int32_t status = 0;
};

struct UsbIsoch {
    uint64_t frameList = 0; // memory
    uint64_t first = 0;     // frame number
    std::vector<UsbFrame> frames;
    bool answered = false; // by the device
    bool over = false;     // its last frame has passed
};

// Transfers that were asked for together and whose results are told together, as far as they have
// ended by then.
struct UsbBundle {
    uint64_t id = 0;
    uint32_t process = 0;
    uint64_t action = 0;
    struct Result {
        bool ended = false;
        uint32_t bytes = 0;
        int32_t status = 0;
    };
    std::vector<Result> results;
    size_t told = 0;
    bool telling = false; // will be done in this turn of the loop
};

// One transfer under way: asked of the device, not yet answered.
struct UsbTransfer {
    uint64_t id = 0;
    uint64_t device = 0;
    uint64_t pipe = 0;    // 0: a request on the default pipe
    uint32_t process = 0; // who gets the result
    uint64_t action = 0;  // asynchronous: the completion's action
    uint64_t reply = 0;   // synchronous: the request that waits
    uint64_t client = 0;
    uint64_t memory = 0;
    uint32_t length = 0;
    bool in = false;
    Clock::TimerId timer = 0;
    std::shared_ptr<UsbIsoch> isoch;
    uint64_t bundle = 0;
    size_t inBundle = 0; // place of its result
};

struct UsbBus {
    std::map<uint64_t, UsbDevice> devices;
    std::map<uint64_t, UsbInterface> interfaces;
    std::map<uint64_t, UsbPipe> pipes;
    std::map<uint64_t, UsbTransfer> transfers;
    std::map<uint64_t, UsbBundle> bundles;
    uint64_t nextPipe = 1;
    uint64_t nextTransfer = 1;
    uint64_t nextBundle = 1;
    uint8_t nextAddress = 1;

    UsbDevice * device(uint64_t id);
    UsbInterface * interface(uint64_t id);
    UsbPipe * pipe(uint64_t id);
    UsbTransfer * transfer(uint64_t id);
    // The device of a device or interface entry.
    UsbDevice * deviceOf(uint64_t object);
};

// ── usb_device.cpp ──
// 0 or an IOReturn; `error` says why.
int32_t plugDevice(Kernel & kernel, Session & session, uint8_t speed, DeviceDescriptors descriptors,
                   uint64_t & device, std::string & error);
void unplugDevice(Kernel & kernel, uint64_t device);
int32_t setConfiguration(Kernel & kernel, UsbDevice & device, uint8_t value, bool matchInterfaces);
// The composite driver's part: chooses the first configuration of a device that no driver took.
void configureDefault(Kernel & kernel, uint64_t device);
// The device is unplugged and plugged again by the host.
void resetDevice(Kernel & kernel, uint64_t device);
int32_t selectAlternate(Kernel & kernel, UsbInterface & interface, uint8_t setting);
// Closes what a service holds open, aborting its transfers.
void closeUsb(Kernel & kernel, uint64_t object, uint64_t client);
bool isOpenFor(Kernel & kernel, uint64_t object);

// ── usb_transfers.cpp ──
int32_t startTransfer(Kernel & kernel, UsbPipe & pipe, UsbTransfer transfer, uint32_t timeoutMs);
int32_t startControl(Kernel & kernel, UsbDevice & device, UsbTransfer transfer,
                     const uint8_t (&setup)[8], uint32_t timeoutMs);
void endTransfer(Kernel & kernel, uint64_t transfer, int32_t status, uint32_t bytes);
void abortTransfer(Kernel & kernel, uint64_t transfer, int32_t status);
void abortPipe(Kernel & kernel, UsbPipe & pipe, int32_t status);
void abortControl(Kernel & kernel, uint64_t device, uint64_t client, int32_t status);
// The system has gone to sleep: what is under way is aborted; what comes gets kIOReturnNoPower.
void suspendUsb(Kernel & kernel);
// What a transfer ends with that is given up because of `object`, a device or an interface.
int32_t abortStatus(Kernel & kernel, uint64_t object);
void closePipes(Kernel & kernel, uint64_t interface);
// Forgets transfers and pipes of a dext that is gone.
void dropProcessTransfers(Kernel & kernel, uint32_t process);

// ── usb_isoch.cpp ──
// Frames are milliseconds of this clock, as GetFrameNumber counts them.
uint64_t currentFrame();
int32_t startIsoch(Kernel & kernel, UsbPipe & pipe, UsbTransfer transfer, uint64_t frameList,
                   uint64_t first);
// The device's answer.
void isochDone(Kernel & kernel, Reader & reader);
// Writes what became of the frames into the frame list.
void writeFrames(Kernel & kernel, const UsbTransfer & transfer, int32_t status);

// ── usb_bundles.cpp ──
UsbBundle & openBundle(Kernel & kernel, uint32_t process, uint64_t action);
void endBundled(Kernel & kernel, const UsbTransfer & transfer, int32_t status, uint32_t bytes);

constexpr int32_t kUSBHostReturnPipeStalled = static_cast<int32_t>(0xe0005000);

} // namespace dextsim

#endif
