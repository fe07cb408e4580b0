// The transfers of the packet pipe: which are under way, what they brought, and when to go on. What
// the packets mean is ScopeDriver.cpp's.
#ifndef SCOPE_READER_H
#define SCOPE_READER_H

#include "packets.h"

#include <DriverKit/IOService.h>
#include <USBDriverKit/IOUSBHostInterface.h>
#include <USBDriverKit/IOUSBHostPipe.h>

class ScopeDriver;

namespace scope {

constexpr uint32_t kTransfers = 4;

/// One buffer that is either with the controller or with us.
struct Transfer {
    IOBufferMemoryDescriptor * memory;
    uint8_t * bytes;
    OSAction * action; // its reference storage holds the transfer's number
    bool pending;
};

/// Zeroed, it is closed.
struct Reader {
    IOUSBHostPipe * pipe;
    Transfer transfers[kTransfers];
    uint32_t pending;
    uint32_t stalls; // in a row
    uint32_t faults; // transfers that failed, and packets cut short
    bool reading;
    bool aborting; // what is under way belongs to a reading that has ended: the last to return
                   // begins the next
    Tail tail;
};

/// A completion, between its arrival and the next use of its buffer.
struct Arrival {
    Transfer * transfer; // null when the transfer is of no interest any more
    kern_return_t status;
    Cut cut;
};

/// Allocates a buffer for DMA; `*bytes` is its address here.
kern_return_t MakeBuffer(IOUSBHostInterface * interface, uint64_t size,
                         IOBufferMemoryDescriptor ** memory, uint8_t ** bytes);

kern_return_t OpenReader(Reader * reader, ScopeDriver * driver, IOUSBHostInterface * interface);

/// Begins to read; an error means that nothing will come.
kern_return_t StartReader(Reader * reader);

/// Ends the reading and takes back what is under way, without waiting for it.
void StopReader(Reader * reader, IOService * client);

/// True when every transfer will still complete, after which the caller may close.
bool DrainReader(Reader * reader, IOService * client);

/// Takes a completion. Its packets are good until ContinueReader.
Arrival AcceptArrival(Reader * reader, OSAction * action, kern_return_t status, uint32_t length);

/// Uses the buffer again. An error other than a cleared stall ends the reading (contract §10.2).
kern_return_t ContinueReader(Reader * reader, const Arrival & arrival);

/// Releases what OpenReader made, whatever of it there is.
void CloseReader(Reader * reader);

} // namespace scope

#endif
