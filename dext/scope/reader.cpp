// Several transfers are always with the controller, so that the device never waits for us.
#include "reader.h"
#include "ScopeDriver.h"

#include <DriverKit/IOBufferMemoryDescriptor.h>
#include <DriverKit/IOLib.h>
#include <DriverKit/OSAction.h>
#include <USBDriverKit/AppleUSBDefinitions.h>
#include <string.h>

namespace scope {

namespace {

constexpr uint8_t kEndpoint = 0x81;
constexpr uint32_t kBytes =
    64 * 1024; // a whole number of USB packets at every speed (contract §10.2)
constexpr uint32_t kStallsInARow = 3;

kern_return_t Submit(Reader * reader, Transfer * transfer) {
    const kern_return_t status =
        reader->pipe->AsyncIO(transfer->memory, kBytes, transfer->action, 0);
    if (status == kIOReturnSuccess) {
        // Exactly one completion follows; after an error, none.
        transfer->pending = true;
        reader->pending++;
    }
    return status;
}

kern_return_t SubmitAll(Reader * reader) {
    reader->aborting = false;
    reader->tail.length = 0;
    kern_return_t status = kIOReturnSuccess;
    for (Transfer & transfer : reader->transfers) {
        if (status == kIOReturnSuccess && !transfer.pending) {
            status = Submit(reader, &transfer);
        }
    }
    return status;
}

/// Clearing aborts the other transfers, so the reading begins again when they are back.
kern_return_t Recover(Reader * reader) {
    if (++reader->stalls > kStallsInARow) {
        return kUSBHostReturnPipeStalled;
    }
    reader->aborting = true;
    const kern_return_t status = reader->pipe->ClearStall(true);
    if (status != kIOReturnSuccess) {
        return status;
    }
    return reader->pending == 0 ? SubmitAll(reader) : kIOReturnSuccess;
}

} // namespace

kern_return_t MakeBuffer(IOUSBHostInterface * interface, uint64_t size,
                         IOBufferMemoryDescriptor ** memory, uint8_t ** bytes) {
    kern_return_t status = interface->CreateIOBuffer(kIOMemoryDirectionInOut, size, memory);
    if (status != kIOReturnSuccess) {
        return status;
    }
    IOAddressSegment range = {};
    status = (*memory)->SetLength(size);
    if (status == kIOReturnSuccess) {
        status = (*memory)->GetAddressRange(&range);
    }
    *bytes = reinterpret_cast<uint8_t *>(static_cast<uintptr_t>(range.address));
    return status;
}

kern_return_t OpenReader(Reader * reader, ScopeDriver * driver, IOUSBHostInterface * interface) {
    kern_return_t status = interface->CopyPipe(kEndpoint, &reader->pipe);
    for (uint32_t i = 0; status == kIOReturnSuccess && i < kTransfers; i++) {
        Transfer * transfer = &reader->transfers[i];
        status = MakeBuffer(interface, kBytes, &transfer->memory, &transfer->bytes);
        if (status == kIOReturnSuccess) {
            status = driver->CreateActionReadComplete(sizeof i, &transfer->action);
        }
        if (status == kIOReturnSuccess) {
            memcpy(transfer->action->GetReference(), &i, sizeof i);
        }
    }
    return status;
}

kern_return_t StartReader(Reader * reader) {
    reader->reading = true;
    reader->stalls = 0;
    return reader->pending == 0 ? SubmitAll(reader) : kIOReturnSuccess;
}

void StopReader(Reader * reader, IOService * client) {
    reader->reading = false;
    reader->aborting = reader->pending > 0;
    if (reader->aborting) {
        // A pipe that an unplug has closed refuses, and returns the transfers all the same.
        reader->pipe->Abort(kIOUSBAbortAsynchronous, kIOReturnAborted, client);
    }
}

bool DrainReader(Reader * reader, IOService * client) {
    reader->reading = false;
    reader->aborting = true;
    return reader->pending > 0 && reader->pipe->Abort(kIOUSBAbortSynchronous, kIOReturnAborted,
                                                      client) == kIOReturnSuccess;
}

Arrival AcceptArrival(Reader * reader, OSAction * action, kern_return_t status, uint32_t length) {
    uint32_t index = 0;
    memcpy(&index, action->GetReference(), sizeof index);
    Transfer * transfer = &reader->transfers[index];
    if (!transfer->pending) {
        return {};
    }
    transfer->pending = false;
    reader->pending--;
    Arrival arrival = {.transfer = transfer, .status = status, .cut = {}};
    if (reader->aborting) {
        return arrival;
    }
    if (status == kIOReturnSuccess && length <= kBytes) {
        reader->stalls = 0;
        arrival.cut = CutTransfer(&reader->tail, transfer->bytes, length, length == kBytes);
    }
    reader->faults += status != kIOReturnSuccess || arrival.cut.broken ? 1 : 0;
    return arrival;
}

kern_return_t ContinueReader(Reader * reader, const Arrival & arrival) {
    if (!reader->reading || arrival.transfer == nullptr) {
        reader->aborting = reader->aborting && reader->pending > 0;
        return kIOReturnSuccess;
    }
    if (reader->aborting) {
        return reader->pending == 0 ? SubmitAll(reader) : kIOReturnSuccess;
    }
    if (arrival.status == kUSBHostReturnPipeStalled) {
        return Recover(reader);
    }
    return arrival.status == kIOReturnSuccess ? Submit(reader, arrival.transfer) : arrival.status;
}

void CloseReader(Reader * reader) {
    for (Transfer & transfer : reader->transfers) {
        // An action retains the driver: without this neither would ever be freed (contract §9.5).
        OSSafeReleaseNULL(transfer.action);
        OSSafeReleaseNULL(transfer.memory);
        transfer.bytes = nullptr;
    }
    OSSafeReleaseNULL(reader->pipe);
}

} // namespace scope
