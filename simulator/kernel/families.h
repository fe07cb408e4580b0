// The provider families beyond USB: where their messages arrive, and what ends when an object, a
// process or a session does. Each family has files of its own.
#ifndef DEXTSIM_KERNEL_FAMILIES_H
#define DEXTSIM_KERNEL_FAMILIES_H

#include "ipc/families.h"
#include "hid.h"
#include "link.h"
#include "pci.h"
#include "scsi.h"

namespace dextsim {

struct DextProcess;
struct DextRequest;
struct Kernel;
struct Session;

struct Families {
    PciBus pci;
    HidBus hid;
    ScsiBus scsi;
};

// FamilyRequest of a dext, DeviceFamily of a session.
void handleDextFamily(DextRequest & request);
void handleDeviceFamily(Kernel & kernel, Session & session, Message & message);
// One request of a session that plays devices.
struct DeviceRequest {
    Kernel & kernel;
    Session & session;
    uint64_t id;
    uint64_t object;
    Reader reader;

    void answer(int32_t status, const Writer & body = {});
    // With the sentence that says what is wrong.
    void refuse(int32_t status, const std::string & why);
};
// The start of a FamilyCall, FamilyDevice: operation and object.
Writer familyBody(FamilyOp operation, uint64_t object);

// Each family's own; false: not one of its operations.
bool handleDextPci(DextRequest & request, FamilyOp operation, uint64_t object);
bool handleDevicePci(DeviceRequest & request, FamilyOp operation);
bool handleDextHid(DextRequest & request, FamilyOp operation, uint64_t object);
bool handleDeviceHid(DeviceRequest & request, FamilyOp operation);
bool handleDextScsi(DextRequest & request, FamilyOp operation, uint64_t object);
bool handleDeviceScsi(DeviceRequest & request, FamilyOp operation);
bool handleDextInterrupt(DextRequest & request, FamilyOp operation, uint64_t object);
bool handleDeviceInterrupt(DeviceRequest & request, FamilyOp operation);
bool handleDeviceService(DeviceRequest & request, FamilyOp operation);
bool handleDextWatch(DextRequest & request, FamilyOp operation, uint64_t object);

// False: no device of these families.
bool unplugFamilyDevice(Kernel & kernel, uint64_t device);
// Closes what a service holds open of a provider of these families.
void closeFamily(Kernel & kernel, uint64_t provider, uint64_t client);
// Forgets what a dext that is gone asked for.
void dropProcessFamilies(Kernel & kernel, uint32_t process);
void dropSessionFamilies(Kernel & kernel, uint64_t session);
// An entry leaves the registry.
void familyEntryGone(Kernel & kernel, uint64_t id);

} // namespace dextsim

#endif
