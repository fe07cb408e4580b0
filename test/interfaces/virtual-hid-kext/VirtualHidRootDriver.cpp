// Counts what each connection posts and remembers the last of it; the HID devices themselves are
// virtual-hid's.
#include "VirtualHidRootDriver.h"
#include "VirtualHidRootDriverCore.h"
#include "VirtualHidRootUserClient.h"

#include <DriverKit/IOLib.h>
#include <DriverKit/IOUserClient.h>
#include <string.h>

struct VirtualHidRootDriver_IVars {
    VirtualHidRootDriverCore core;
};

namespace {

enum Report : uint8_t { Keyboard, Consumer, TopCase, VendorKeyboard, Pointing };

struct Connection {
    bool keyboard;
    bool pointing;
    VirtualHidRootState state;
};

kern_return_t Count(Connection * connection, Report report) {
    const bool ready = report == Pointing ? connection->pointing : connection->keyboard;
    if (ready) {
        connection->state.reports[report]++;
    }
    return ready ? kIOReturnSuccess : kVirtualHidRootErrorNotReady;
}

} // namespace

bool VirtualHidRootDriver::init() {
    if (!super::init()) {
        return false;
    }
    ivars = IONewZero(VirtualHidRootDriver_IVars, 1);
    return ivars != nullptr;
}

void VirtualHidRootDriver::free() {
    if (ivars != nullptr) {
        StopCore();
    }
    IOSafeDeleteNULL(ivars, VirtualHidRootDriver_IVars, 1);
    super::free();
}

kern_return_t VirtualHidRootDriver::Start_Impl(IOService * provider) {
    const kern_return_t status = Start(provider, SUPERDISPATCH);
    return status == kIOReturnSuccess ? RegisterService() : status;
}

kern_return_t VirtualHidRootDriver::Stop_Impl(IOService * provider) {
    StopCore();
    return Stop(provider, SUPERDISPATCH);
}

VirtualHidRootDriverCore * VirtualHidRootDriver::Core() {
    return &ivars->core;
}

kern_return_t VirtualHidRootDriver::ClientOpened(IOUserClient * client) {
    Connection * made = IONewZero(Connection, 1);
    if (made == nullptr) {
        return kIOReturnNoMemory;
    }
    SetClientContext(client, made);
    return kIOReturnSuccess;
}

void VirtualHidRootDriver::ClientClosed(IOUserClient * client) {
    auto * gone = static_cast<Connection *>(ClientContext(client));
    IOSafeDeleteNULL(gone, Connection, 1);
}

kern_return_t
VirtualHidRootDriver::InitializeKeyboard(VirtualHidRootUserClient * client,
                                         const VirtualHidRootProperties * properties) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    connection->keyboard = true;
    connection->state.vendorId = properties->vendorId;
    return kIOReturnSuccess;
}

kern_return_t VirtualHidRootDriver::TerminateKeyboard(VirtualHidRootUserClient * client) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    const bool had = connection->keyboard;
    connection->keyboard = false;
    return had ? kIOReturnSuccess : kVirtualHidRootErrorNotReady;
}

/// A key that is down has a place in the report; place 0 is free.
kern_return_t VirtualHidRootDriver::DispatchKeyboardEvent(VirtualHidRootUserClient * client,
                                                          const VirtualHidRootKeyEvent * event) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    const kern_return_t status = Count(connection, Keyboard);
    if (status != kIOReturnSuccess) {
        return status;
    }
    const uint16_t wanted = event->down ? uint16_t{0} : event->usage;
    for (uint16_t & key : connection->state.keys) {
        if (key == wanted) {
            key = event->down ? event->usage : uint16_t{0};
            return kIOReturnSuccess;
        }
    }
    return event->down ? kIOReturnNoSpace : kIOReturnSuccess;
}

kern_return_t VirtualHidRootDriver::PostKeyboardReport(VirtualHidRootUserClient * client,
                                                       const VirtualHidRootKeyboardInput * report) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    const kern_return_t status = Count(connection, Keyboard);
    if (status == kIOReturnSuccess) {
        memcpy(connection->state.keys, report->keys, sizeof(connection->state.keys));
    }
    return status;
}

kern_return_t VirtualHidRootDriver::PostConsumerReport(VirtualHidRootUserClient * client,
                                                       const VirtualHidRootConsumerInput *) {
    return Count(static_cast<Connection *>(ClientContext(client)), Consumer);
}

kern_return_t VirtualHidRootDriver::PostTopCaseReport(VirtualHidRootUserClient * client,
                                                      const VirtualHidRootTopCaseInput *) {
    return Count(static_cast<Connection *>(ClientContext(client)), TopCase);
}

kern_return_t
VirtualHidRootDriver::PostVendorKeyboardReport(VirtualHidRootUserClient * client,
                                               const VirtualHidRootVendorKeyboardInput *) {
    return Count(static_cast<Connection *>(ClientContext(client)), VendorKeyboard);
}

kern_return_t VirtualHidRootDriver::ResetKeyboard(VirtualHidRootUserClient * client,
                                                  VirtualHidRootState * state) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    if (!connection->keyboard) {
        return kVirtualHidRootErrorNotReady;
    }
    *state = connection->state;
    memset(connection->state.keys, 0, sizeof(connection->state.keys));
    return kIOReturnSuccess;
}

kern_return_t
VirtualHidRootDriver::InitializePointing(VirtualHidRootUserClient * client,
                                         const VirtualHidRootProperties * properties) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    connection->pointing = true;
    connection->state.vendorId = properties->vendorId;
    return kIOReturnSuccess;
}

kern_return_t VirtualHidRootDriver::TerminatePointing(VirtualHidRootUserClient * client) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    const bool had = connection->pointing;
    connection->pointing = false;
    return had ? kIOReturnSuccess : kVirtualHidRootErrorNotReady;
}

kern_return_t VirtualHidRootDriver::PostPointingReport(VirtualHidRootUserClient * client,
                                                       const VirtualHidRootPointingInput * report) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    const kern_return_t status = Count(connection, Pointing);
    if (status == kIOReturnSuccess) {
        connection->state.buttons = report->buttons;
    }
    return status;
}

kern_return_t VirtualHidRootDriver::ResetPointing(VirtualHidRootUserClient * client,
                                                  VirtualHidRootState * state) {
    auto * const connection = static_cast<Connection *>(ClientContext(client));
    if (!connection->pointing) {
        return kVirtualHidRootErrorNotReady;
    }
    *state = connection->state;
    connection->state.buttons = 0;
    return kIOReturnSuccess;
}
