// The driver of the plain interface: a disk with one task, and a count of its clients.
#include "PlainDriver.h"
#include "PlainDriverCore.h"
#include "PlainUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>

struct PlainDriver_IVars {
    PlainDriverCore core;
    uint32_t opened;
    uint32_t closed;
};

namespace {

/// What is kept for a client.
struct Client {
    uint32_t calls;
};

} // namespace

bool PlainDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(PlainDriver_IVars, 1);
    return ivars != nullptr;
}

void PlainDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, PlainDriver_IVars, 1);
    super::free();
}

kern_return_t PlainDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t PlainDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

PlainDriverCore * PlainDriver::Core() {
    return &ivars->core;
}

kern_return_t PlainDriver::ClientOpened(IOUserClient * client) {
    Client * made = IONewZero(Client, 1);
    if (made == nullptr) {
        return kIOReturnNoMemory;
    }
    SetClientContext(client, made);
    ivars->opened++;
    return kIOReturnSuccess;
}

void PlainDriver::ClientClosed(IOUserClient * client) {
    Client * gone = static_cast<Client *>(ClientContext(client));
    IOSafeDeleteNULL(gone, Client, 1);
    ivars->closed++;
}

kern_return_t PlainDriver::Publish(PlainUserClient *, uint32_t blockSize, uint64_t) {
    return blockSize % 512 == 0 ? kIOReturnSuccess : kIOReturnBadArgument;
}

kern_return_t PlainDriver::Unpublish(PlainUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t PlainDriver::FetchTask(PlainUserClient *, uint64_t * tag, uint8_t * direction,
                                     uint8_t * cdb, uint32_t * length, uint64_t * lba,
                                     uint8_t * lun, uint32_t * flags) {
    *tag = 7;
    *direction = 1;
    for (uint8_t i = 0; i < 16; i++) {
        cdb[i] = i;
    }
    *length = 4096;
    *lba = UINT64_C(1) << 40;
    *lun = 3;
    *flags = UINT32_MAX;
    return kIOReturnSuccess;
}

kern_return_t PlainDriver::CompleteTask(PlainUserClient *, uint64_t tag, uint8_t, uint32_t,
                                        uint8_t) {
    return tag == 7 ? kIOReturnSuccess : kPlainErrorUnknownTag;
}

kern_return_t PlainDriver::Teardown(PlainUserClient *) {
    return kIOReturnSuccess;
}

kern_return_t PlainDriver::Stats(PlainUserClient *, bool fail, kern_return_t * result,
                                 uint64_t * reads, uint64_t * writes) {
    *result = fail ? kIOReturnNotResponding : kIOReturnSuccess;
    *reads = 5;
    *writes = 6;
    return kIOReturnSuccess;
}

kern_return_t PlainDriver::Versions(PlainUserClient * client, uint32_t * opened, uint32_t * closed,
                                    uint32_t * calls) {
    Client * known = static_cast<Client *>(ClientContext(client));
    *opened = ivars->opened;
    *closed = ivars->closed;
    *calls = ++known->calls;
    return kIOReturnSuccess;
}

void PlainDriver::OwnerLost(IOUserClient * client) {
    SetStateDisk(client, kPlainStateDiskIdle);
}
