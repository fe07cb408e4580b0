// Operations of the provider families beyond USB. They travel inside four message types
// (messages.h: FamilyCall, FamilyRequest, DeviceFamily, FamilyDevice); each body begins with
// `operation u16, object u64`. Notation as in messages.h; `object` is a registry entry id.
#ifndef DEXTSIM_IPC_FAMILIES_H
#define DEXTSIM_IPC_FAMILIES_H

#include <cstdint>

namespace dextsim {

enum class FamilyOp : uint16_t {
    // ── PCI, dext → kernel; object = the device ────────────────────────────────────────────────
    // client u64, options u32 → command u16 (the command register)
    PciOpen = 1,
    // client u64 → (nothing)
    PciClose = 2,
    // offset u64, width u8 (1, 2, 4) → value u64
    PciConfigRead = 3,
    // offset u64, width u8, value u64 → command u16
    PciConfigWrite = 4,
    // bar u8 → memoryIndex u8, size u64, type u8
    PciBarInfo = 5,
    // memoryIndex u8, client u64 → memory u64, length u64, size u64 (whole pages), registers u8
    // (accesses go to the device) +fd
    PciCopyMemory = 6,
    // memoryIndex u8, offset u64, width u8 (1…8) → value u64, when the device has answered
    PciRegisterRead = 7,
    // memoryIndex u8, offset u64, width u8, value u64 → (nothing), when the device has taken it
    PciRegisterWrite = 8,
    // → bus u8, device u8, function u8
    PciAddress = 9,
    // memory u64, offset u64, length u64, addressBits u32 → mapping u64, address u64, length u64,
    // flags u64
    DmaPrepare = 10,
    // mapping u64 → (nothing)
    DmaComplete = 11,

    // ── PCI, device → kernel; object = the device, 0 for PciPlug ───────────────────────────────
    // config bytes, count u32, (bar u8, type u8, size u64, registers u8)…
    // → device u64, count u32, (path str: the BAR's memory as a file)…, recording u8
    PciPlug = 32,
    // (one-way) access u64, status i32, value u64
    PciRegisterDone = 33,
    // address u64, length u32 → bytes
    PciDmaRead = 34,
    // address u64, data bytes → (nothing)
    PciDmaWrite = 35,
    // (one-way) bar u8, offset u64, data bytes: the device stored it in its BAR; told while a
    // recording runs
    PciStored = 36,

    // ── PCI, kernel → device, all (one-way) ────────────────────────────────────────────────────
    // access u64, bar u8, offset u64, width u8
    PciReadAsked = 48,
    // access u64, bar u8, offset u64, width u8, value u64
    PciWriteAsked = 49,
    // offset u64, width u8, value u64: the driver wrote the configuration space
    PciConfigWritten = 50,
    // on u8: a recording has begun or ended
    PciRecording = 51,

    // ── HID, dext → kernel ─────────────────────────────────────────────────────────────────────
    // object = a device that the dext makes: properties value, descriptor bytes → (nothing)
    HidStart = 64,
    // object = that device: timestamp u64, type u32, report bytes → (nothing)
    HidReport = 65,
    // object = an interface: client u64 → (nothing)
    HidOpen = 66,
    HidClose = 67,
    // object = an interface: type u32, id u32, report bytes → (nothing), when the device has it
    HidSet = 68,
    // object = an interface: type u32, id u32, length u32 → report bytes
    HidGet = 69,
    // object = an event service: kind str, fields value → (nothing)
    HidEvent = 70,

    // ── HID, kernel → dext ─────────────────────────────────────────────────────────────────────
    // object = a device of the dext: type u32, id u32, timeoutMs u32, report bytes → bytes u32
    HidSetAsked = 80,
    // object = a device of the dext: type u32, id u32, timeoutMs u32, length u32 → report bytes
    HidGetAsked = 81,
    // (one-way) object = an interface that the dext has opened: timestamp u64, type u32, id u32,
    // report bytes
    HidInput = 82,

    // ── HID, device → kernel ───────────────────────────────────────────────────────────────────
    // object 0: name str, properties value, descriptor bytes → device u64, interface u64
    HidPlug = 96,
    // object = a plugged device: timestamp u64, type u32, report bytes → (nothing)
    HidSend = 97,
    // (one-way) object = a plugged device: request u64, status i32, report bytes
    HidAnswer = 98,
    // object = any HID device or event service: from now on this session is told what it sends
    HidFollow = 99,
    // object = any HID device, as HidSet and HidGet with a timeout: type u32, id u32, timeoutMs
    // u32, report bytes → bytes u32 · type u32, id u32, timeoutMs u32, length u32 → report bytes
    HidSystemSet = 100,
    HidSystemGet = 101,

    // ── HID, kernel → device, all (one-way) ────────────────────────────────────────────────────
    // request u64, get u8, type u32, id u32, length u32, report bytes
    HidAsked = 112,
    // timestamp u64, type u32, report bytes: what a followed device has sent
    HidReported = 113,
    // kind str, fields value: what a followed event service has dispatched
    HidDispatched = 114,
    // a followed object is gone
    HidGone = 115,

    // ── SCSI, dext → kernel; object = the controller ───────────────────────────────────────────
    // properties value, managesDevices u8, highestTarget u64, initiator u64 → (nothing)
    ScsiStart = 128,
    // target u64, properties value → (nothing), when the target has answered its first task
    ScsiCreateTarget = 129,
    // target u64 → (nothing)
    ScsiDestroyTarget = 130,
    // target u64 → present u8
    ScsiTargetPresent = 131,
    // target u64, properties value (none = take away), keys value (array of strings) → (nothing)
    ScsiTargetProperties = 132,

    // ── SCSI, kernel → dext; object = the controller ───────────────────────────────────────────
    // target u64, lun u64, command bytes, direction u8, attribute u32, tag u64, timeoutMs u32,
    // count u64, address u64 (IOVM), memory u64 (0: no data), size u64 +fd
    // → immediate u32, then, when that is Request_In_Process: completion u32, service u32,
    // transferred u64, sense bytes
    ScsiTaskAsked = 144,
    // target u64, searched u8 (the driver is asked whether it is there, first) → (nothing)
    ScsiTargetAsked = 145,
    // function u8 (ScsiFunction), target u64, lun u64, tag u64 → response u32
    ScsiManageAsked = 146,

    // ── SCSI, device → kernel; object = the controller ─────────────────────────────────────────
    // target u64, lun u64, command bytes, attribute u32, timeoutMs u32, out bytes, inLength u32
    // → as ScsiTaskAsked (zeros when it was not in process), then in bytes
    ScsiSend = 160,
    // as ScsiManageAsked
    ScsiManage = 161,

    // ── interrupts, dext → kernel ──────────────────────────────────────────────────────────────
    // object = the provider: index u32 → type u64
    InterruptType = 192,
    // object = the provider: index u32 → source u64, disabled
    InterruptWatch = 193,
    // object = a source: enable u8 → (nothing)
    InterruptEnable = 194,
    // object = a source → (nothing)
    InterruptForget = 195,

    // ── interrupts, kernel → dext ──────────────────────────────────────────────────────────────
    // (one-way) object = a source: count u64 (since the last one), time u64 (ns)
    InterruptFired = 200,

    // ── interrupts, device → kernel ────────────────────────────────────────────────────────────
    // object = the device: message u32 → taken u8: a driver waits for it
    InterruptRaise = 208,

    // ── services and their state, dext → kernel ────────────────────────────────────────────────
    // object 0: matching value → watch u64; WatchReady follows for what is there already
    WatchServices = 224,
    // object = a watch → type u64, entry u64, class str; kIOReturnUnderrun: nothing more
    WatchNext = 225,
    // object = a service: items value (array of strings) → watch u64, not armed
    WatchState = 226,
    // object = a watch of items → (nothing): the next change is told, at once one that was missed
    WatchArm = 227,
    // object = a watch → (nothing)
    WatchForget = 228,
    // object = a service: item str, value value → (nothing)
    StateCreate = 229,
    StateSet = 230,
    // object = a service: item str → value value
    StateCopy = 231,

    // ── services and their state, kernel → dext ────────────────────────────────────────────────
    // (one-way) object = a watch
    WatchReady = 240,

    // ── the system above a driver; object = the service, bodies in service_calls.h ─────────────
    // device → kernel
    ServiceAsk = 256,
    // kernel → dext
    ServiceAsked = 257,
};

enum class ScsiFunction : uint8_t {
    AbortTask = 0,
    AbortTaskSet = 1,
    ClearAca = 2,
    ClearTaskSet = 3,
    LogicalUnitReset = 4,
    TargetReset = 5,
};

} // namespace dextsim

#endif
