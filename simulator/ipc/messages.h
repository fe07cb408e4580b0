// Every message of the simulator, its sender and the exact order of its body.
//
// Notation: `name type` in order; str = u32 length + bytes, bytes = the same, value = a Value,
// `→` = fields of the Reply after its `i32 status` (a Reply with status ≠ 0 may end there), `+fd` =
// one descriptor travels with the message. A request carries an id ≠ 0 and is answered by exactly
// one Reply with that id; a message marked (one-way) carries id 0. Ids are chosen by the sender of
// the request; both sides of a socket may have requests under way.
//
// Objects are named by 64-bit ids. Services, user clients, USB interfaces and devices: registry
// entry ids. Pipes and memory descriptors: ids given by the kernel. Actions: numbers the dext
// chooses. Statuses are IOReturn codes (contract §11.2).
#ifndef DEXTSIM_IPC_MESSAGES_H
#define DEXTSIM_IPC_MESSAGES_H

#include "protocol.h"

#include <cstdint>

namespace dextsim {

enum class MessageType : uint16_t {
    // Any socket. status i32, then what the request says.
    Reply = 1,
    // First message to the kernel's socket: version u32, role u8 (Role), name str, entitlements
    // value
    // → session u64, watchdog u32 (seconds; 0 = none) (for Role::Client +fd: a page of u32
    // ConnectionState words, +fd: the page of
    // machine.h, both read-only)
    Hello = 2,

    // ── kernel → dext ──────────────────────────────────────────────────────────────────────────
    // object u64, userClass str, provider u64, providerClass str, properties value → (nothing)
    // status kIOReturnUnsupportedMode: the process has no such class (contract §4.2).
    Instantiate = 16,
    // object u64, provider u64, providerClass str → (nothing)
    Start = 17,
    // object u64, provider u64, oneWay u8 → (nothing), when Stop_Impl has returned. With oneWay = 1
    // the message is (one-way): the provider is gone and nobody waits (contract §4.6).
    Stop = 18,
    // service u64, type u32, entitlements value → userClient u64 (0: the driver returned NULL)
    // The runtime calls NewUserClient and, if that succeeded, Start(service) on the result.
    NewUserClient = 19,
    // (one-way) userClient u64 +fd: the dext's end of a client's data channel
    OpenChannel = 20,
    // userClient u64, type u64 → options u64 (kUnsetOptions: the driver did not write them),
    // memory u64 (0: NULL)
    CopyClientMemory = 21,
    // (one-way) action u64, status i32, bytes u32, timestamp u64 (ns)
    PipeComplete = 22,
    // (one-way) action u64, status i32, bytes u32: an asynchronous device request ended
    RequestComplete = 23,
    // (one-way) object u64: the kernel dropped the object: its queues are stopped and the kernel's
    // last reference is gone
    Finalized = 24,
    // (one-way) action u64, status i32: an isochronous transfer ended; its frame list tells the
    // rest
    IsochComplete = 26,
    // (one-way) action u64, first u32 (of the transfers that were accepted), count u32, (bytes u32,
    // status i32)…, last u8: some transfers of a bundle ended; with last = 1 all have
    BundleComplete = 27,
    // object u64, flags u32 (kIOServicePowerCapability…) → (nothing), when SetPowerState_Impl has
    // returned. The change is done when PowerAcknowledged came, too.
    SetPowerState = 25,
    // (one-way) name str (the dext's IOUserServerName) +fd: the page of machine.h. Sent before the
    // answer to CheckIn.
    Machine = 40,
    // (nothing) → next u64: the clock of the page was held, resumed or moved. Answered when the
    // timers that are due have fired and their handlers have run; next = the first deadline that is
    // left, 0 = none.
    ClockChanged = 41,

    // operation u16 (FamilyOp), object u64, then as families.h says: what the kernel half of a
    // family asks of an object of the dext
    FamilyCall = 48,

    // ── dext → kernel ──────────────────────────────────────────────────────────────────────────
    // version u32, count u32, class str… → (nothing). The first message of a dext.
    CheckIn = 64,
    // service u64, propertiesKey str → object u64, userClass str, properties value
    Create = 65,
    // (one-way) object u64: the dext's half does not exist (could not be made) or was freed
    DestroyObject = 66,
    // object u64 → (nothing)
    RegisterService = 67,
    // (one-way) object u64: Stop(provider, SUPERDISPATCH) was reached
    DidStop = 68,
    // object u64, properties value → (nothing)
    SetProperties = 69,
    // object u64 → properties value
    CopyProperties = 70,
    // object u64, key str → (nothing)
    RemoveProperty = 71,
    // object u64, name str, plane str, options u64 → property value
    SearchProperty = 72,
    // object u64, name str → (nothing)
    SetName = 73,
    // object u64 → name str
    CopyName = 74,
    // object u64, keys value (array of strings, or none for all) → properties value (array)
    CopyProviderProperties = 75,
    // object u64, options u64 → (nothing)
    Terminate = 76,
    // (one-way) session u64, port u32, reference u64[8], status i32, count u32, words u64[count]
    // reference[0] is ignored and delivered as 0; count ≤ 16 or the message is dropped.
    AsyncCompletion = 77,
    // (one-way) userClient u64, action u64: a completion outlives its call / its last reference
    // went.
    // The kernel's user client is freed only after the last of them (contract §1.7).
    ActionHeld = 78,
    ActionReleased = 79,
    // options u64, capacity u64, alignment u64 → memory u64, length u64 (= capacity), size u64
    // (whole pages, zeroed, shared by both sides) +fd
    CreateMemory = 80,
    // options u64, offset u64, length u64, of u64 → memory u64
    CreateSubMemory = 81,
    // memory u64, length u64 → (nothing)
    SetMemoryLength = 82,
    // (one-way) memory u64: the dext's last reference went
    ReleaseMemory = 83,
    // (one-way) level u8 (0 os_log, 1 IOLog, 2 fault of the runtime), text str
    Log = 84,
    // object u64 → (nothing): it takes part in power changes from now on
    JoinPowerTree = 85,
    // object u64, flags u32 → (nothing); SetPowerState follows if that is a change
    ChangePowerState = 86,
    // object u64 → (nothing): SetPowerState(flags, SUPERDISPATCH) was reached; kIOReturnNotReady
    // outside of a power change
    PowerAcknowledged = 87,
    // options u64, count u32, memory u64… → memory u64: one descriptor over all of them, in order
    CreateMultiMemory = 88,
    // userClient u64, options u64, count u32, (address u64, length u64)… → memory u64: ranges of
    // the app's address space, looked at when the memory is referenced (contract §1.10)
    CreateClientMemory = 89,
    // memory u64 → count u32, (size u64)…, count u32, (index u32, offset u64, length u64)… +fd for
    // each size: the pages of a descriptor, in order. For those made of others or of an app's
    // memory.
    ReferenceMemory = 90,
    // length u64, writable u8 → memory u64 +fd: memory of a call, which came straight from the app
    AdoptMemory = 91,
    // object u64, delta i32 → busy u32, after the change
    AdjustBusy = 92,

    // ── dext → kernel, USB (contract §10); `object` is an interface or a device ────────────────
    // object u64, client u64, options u32, argument u64 → (nothing)
    UsbOpen = 96,
    // object u64, client u64, options u32 → (nothing); aborted completions are queued before the
    // reply
    UsbClose = 97,
    // interface u64, address u8 → pipe u64, maxPacketSize u16, attributes u8, interval u8
    CopyPipe = 98,
    // (one-way) pipe u64
    ReleasePipe = 99,
    // pipe u64, memory u64, length u32, action u64, timeoutMs u32 → (nothing). On success exactly
    // one PipeComplete follows.
    PipeAsyncIO = 100,
    // pipe u64, memory u64, length u32, timeoutMs u32 → bytes u32, when the transfer has ended
    PipeIO = 101,
    // pipe u64, options u32 (1 = synchronous), error i32, client u64 → (nothing). Synchronous:
    // every PipeComplete of the pipe is queued before the reply.
    PipeAbort = 102,
    // pipe u64, withRequest u8 → (nothing)
    PipeClearStall = 103,
    // object u64, client u64, bmRequestType u8, bRequest u8, wValue u16, wIndex u16, wLength u16,
    // memory u64, timeoutMs u32, action u64 → bytes u16. action = 0: answered when the request has
    // ended; otherwise at once, and on success one RequestComplete follows. Data goes through
    // `memory`.
    DeviceRequest = 104,
    // object u64, client u64, options u32, error i32 → (nothing)
    AbortDeviceRequests = 105,
    // object u64, type u8 (USB descriptor type), index u8, language u16 → descriptor bytes
    // Type 2 is the whole configuration; index 0xff = the active one.
    CopyDescriptor = 106,
    // interface u64, setting u8 → (nothing)
    SelectAlternateSetting = 107,
    // device u64, value u8, matchInterfaces u8 → (nothing)
    SetConfiguration = 108,
    // object u64 → speed u8 (UsbSpeed), address u8, configuration u8, interfaceNumber u8, alternate
    // u8
    UsbInfo = 109,
    // interface u64 → device u64
    CopyDevice = 110,
    // device u64 → count u32, interface u64…
    ListInterfaces = 111,
    // device u64 → (nothing): it is terminated and comes back as another one
    ResetDevice = 112,
    // pipe u64, memory u64, frames u64 (memory of IOUSBIsochronousFrames), first u64 (frame number;
    // 0 = as soon as possible), action u64 → (nothing). action = 0: answered when it has ended.
    PipeIsochIO = 113,
    // pipe u64, action u64, timeoutMs u32, count u32, (memory u64, length u32)… → accepted u32. For
    // each accepted transfer one result follows in a BundleComplete.
    PipeBundledIO = 114,

    // ── dext → kernel, faults and recording (machine.h) ────────────────────────────────────────
    // slot u32, userClient u64 → (nothing), when the fault has struck
    FaultReached = 120,
    // (one-way) userClient u64, call u64 (number in this dext), then as Call up to structInput, a
    // descriptor's bytes in its place
    CallBegan = 121,
    // (one-way) call u64, status i32, scalarOutputCount u32, scalars u64[…], struct bytes
    CallEnded = 122,
    // operation u16 (FamilyOp), object u64, then as families.h says
    FamilyRequest = 126,

    // ── client → kernel ────────────────────────────────────────────────────────────────────────
    // matching value → count u32, entry u64…   (services in matched state only, contract §7.2)
    Match = 128,
    // port u32, notificationType str, matching value → notification u64
    AddMatching = 129,
    // notification u64 → entry u64 (0 = drained and armed, contract §7.3; maybe kAfterTermination)
    IteratorNext = 130,
    // port u32, entry u64, interestType str → notification u64
    AddInterest = 131,
    // (one-way) notification u64
    RemoveNotification = 132,
    // entry u64, key str → property value; kIOReturnNotFound
    GetProperty = 133,
    // entry u64 → properties value
    GetProperties = 134,
    // entry u64, plane str, key str, options u32 → property value
    SearchEntryProperty = 135,
    // entry u64 → name str, className str, superclasses value (array of str, most derived first),
    // path str, busy u32
    EntryInfo = 136,
    // entry u64, plane str → count u32, entry u64…
    Parents = 137,
    Children = 138,
    // entry u64, userClientType u32 → connect u64, slot u32 (index of its ConnectionState), locking
    // u8 (ConnectionLocking) +fd: data channel to the dext. kIOReturn… as contract §4.3.
    Open = 139,
    // connect u64 → (nothing)
    Close = 140,
    // connect u64, type u32 → options u64, size u64 (length, not rounded), memory u64, then the
    // pieces of the memory, as far as they go into a message: in all u32, here u32, (offset u64,
    // length u64)… +fd for each (read-only when the dext said so)
    Map = 141,
    // connect u64, type u32 → readOnly u8, size u64, memory u64 (0: nothing to unmap): which
    // mapping
    // the driver means; the app takes it away and says MapDropped
    Unmap = 142,
    // entry u64, properties value → (nothing); always kIOReturnUnsupported on a dext (contract
    // §6.3)
    SetEntryProperties = 143,
    // connect u64 → (nothing) +fd: another data channel of the same connection, for a call at the
    // same time. The dext gets its end as another OpenChannel.
    AddChannel = 144,

    // (one-way) connect u64, what u8 (LastingCall), selector u32, milliseconds u64: what an app
    // waits for lasts longer than the watchdog allows
    CallLasts = 145,

    // connect u64, first u32, memory u64 (which is mapped), readOnly u8 → its pieces from the first
    // on, as Map's
    MapMore = 146,
    // (one-way) connect u64, memory u64, readOnly u8, why u8 (MapDrop): one answer to Map less that
    // the memory is kept for
    MapDropped = 147,

    // ── kernel → client ────────────────────────────────────────────────────────────────────────
    // (one-way) port u32, kind u8 (PortMessageKind), then
    //   Completion: reference u64[8], status i32, count u32, words u64[count]
    //   Matching:   notification u64
    //   Interest:   notification u64, entry u64, messageType u32, argument u64
    PortMessage = 160,
    // copy u8, count u32, (address u64, length u64)… → size u64, count u32, (offset u64, length
    // u64)… +fd. With copy = 1 the memory holds a copy of the ranges, otherwise it has become the
    // pages themselves. kIOReturnVMError: not all of it is mapped.
    ShareMemory = 161,

    // ── client → dext, on a data channel ───────────────────────────────────────────────────────
    // selector u32, flags u8 (CallFlags), scalarOutputCount u32, structOutputSize u64,
    // scalarInputCount u32, scalars u64[…], structInputSize u64, structInput (that many bytes; none
    // with InputDescriptor), and with Async: session u64, port u32, referenceCount u32, reference
    // u64[8] +fd of the input (InputDescriptor), then +fd of the output (OutputDescriptor)
    // → scalarOutputCount u32, scalars u64[…], hasStruct u8, struct bytes
    Call = 176,

    // ── device → kernel ────────────────────────────────────────────────────────────────────────
    // speed u8 (UsbSpeed), device bytes (18), count u32, configuration bytes…, count u32, (index
    // u8, descriptor bytes)… → device u64 (with an error: the sentence that says what is wrong)
    Plug = 192,
    // device u64 → (nothing)
    Unplug = 193,
    // (one-way) transfer u64, status i32, data bytes
    TransferInDone = 194,
    // (one-way) transfer u64, status i32, bytes u32
    TransferOutDone = 195,
    // (one-way) transfer u64, status i32, data bytes
    ControlDone = 196,
    // (one-way) transfer u64, count u32, (status i32, length u32)…, data bytes (of the IN frames,
    // behind each other)
    IsochDone = 197,

    // operation u16 (FamilyOp), object u64, then as families.h says
    DeviceFamily = 200,

    // ── kernel → device ────────────────────────────────────────────────────────────────────────
    // (one-way) device u64, endpoint u8, transfer u64, length u32. Unanswered = NAK.
    TransferIn = 208,
    // (one-way) device u64, endpoint u8, transfer u64, data bytes
    TransferOut = 209,
    // (one-way) device u64, transfer u64, setup (8 bytes), data bytes (host to device)
    Control = 210,
    // (one-way) transfer u64, late u8, bytes u32. late = 0: stop working on it. late = 1: an answer
    // came after the abort; its `bytes` bytes were thrown away.
    TransferAborted = 211,
    // (one-way) device u64, endpoint u8: CLEAR_FEATURE(ENDPOINT_HALT), or the host reset the pipe
    EndpointReset = 212,
    // (one-way) device u64, interface u8, alternate u8
    AlternateSelected = 213,
    // (one-way) device u64, endpoint u8, transfer u64, first u64, count u32, length u32…, data
    // bytes (OUT): one length per frame
    IsochTransfer = 214,
    // (one-way) device u64, successor u64: the host reset the device
    DeviceReset = 215,
    // (one-way) device u64, value u8: the host chose a configuration; 0 = none
    ConfigurationSelected = 218,
    // (one-way) device u64: somebody else than this session pulled its cable
    DeviceUnplugged = 216,
    // (one-way) held u8, now u64 (ns): the machine's clock
    DeviceClock = 217,
    // (one-way) operation u16 (FamilyOp), object u64, then as families.h says
    FamilyDevice = 220,

    // ── control → kernel ───────────────────────────────────────────────────────────────────────
    // path str → message str (also with an error: the sentence that says what is wrong)
    LoadDext = 224,
    // → processes value (array of {pid, name, bundle, services: [entry]})
    ListProcesses = 225,
    // → tree value (as kernel/registry_tree.h says)
    ReadRegistry = 226,
    // name str (IOUserServerName or a class of it; "" = every dext), signal u32 → count u32
    KillDext = 227,
    // → (nothing). From now on the session gets LogLine.
    FollowLog = 228,
    // (one-way, kernel → control) text str, when u64 (ns since 1970)
    LogLine = 229,
    // → (nothing); the kernel ends all dexts and exits
    Shutdown = 230,
    // → counts value ({sessions, connections, services, userClients, memory, pipes, transfers,
    // fds})
    ReadCounts = 231,
    // asleep u8 → count u32: the system sleeps or wakes; answered when every service that was told
    // (count of them) has acknowledged, or 20 s after its turn came
    SystemPower = 232,
    // event u32 (FaultEvent), number u64, action u32 (FaultAction), dext str ("" = every),
    // anySelector u8, selector u32, device u64 (0 = every), endpoint u8 (0 = every) → fault u32
    ArmFault = 240,
    // fault u32 → (nothing)
    DisarmFault = 241,
    // (one-way, kernel → control) fault u32, what str
    FaultStruck = 242,
    // held u8 → now u64 (ns)
    HoldClock = 243,
    // to u64 (ns): moves the held clock there, through every deadline on the way → now u64
    StepClock = 244,
    // → held u8, now u64
    ReadClock = 245,
    // path str → message str; "" ends the recording
    Record = 246,
    // entitlement str, deny u8 → (nothing): what opens and matches from now on has it no more
    DenyEntitlement = 247,
    // path str → message str: like LoadDext, in place of the bundle of the same identifier, whose
    // processes go on
    ReplaceDext = 248,
    // → sessions value (array of {role, pid, name, connections: [entry], devices: [entry]})
    ListSessions = 249,
    // device u64 → (nothing)
    UnplugDevice = 250,
};

} // namespace dextsim

#endif
