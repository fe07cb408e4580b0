// See faults.h.
#include "faults.h"

#include "kernel.h"
#include "processes.h"

#include <IOKit/IOReturn.h>

#include <algorithm>
#include <atomic>
#include <csignal>

namespace dextsim {

namespace {

template <typename T> std::atomic_ref<T> shared(T & word) {
    return std::atomic_ref<T>(word);
}

FaultSlot & slotOf(size_t index) {
    return machine()->faults[index];
}

std::string describe(const FaultSlot & slot, uint64_t number) {
    const char * actions[] = {"", "unplug", "kill dext", "kill client"};
    const char * events[] = {"", "call", "completion", "packet"};
    return std::string(actions[static_cast<size_t>(slot.action)]) + " at " +
           events[static_cast<size_t>(slot.event)] + " " + std::to_string(number);
}

void freeSlot(Kernel & kernel, size_t index) {
    if (shared(slotOf(index).state).exchange(FaultSlot::kFree) == FaultSlot::kArmed) {
        shared(machine()->faultsArmed).fetch_sub(1);
    }
    kernel.faults[index] = {};
}

// Tells whoever armed it, and frees the slot.
void announce(Kernel & kernel, size_t index) {
    const ArmedFault fault = kernel.faults[index];
    kernel.say("fault: " + fault.what);
    if (Session * session = kernel.session(fault.session)) {
        session->link->send(MessageType::FaultStruck,
                            Writer().u32(static_cast<uint32_t>(index)).string(fault.what));
    }
    if (shared(slotOf(index).state).load() == FaultSlot::kStruck) {
        shared(machine()->faultsArmed).fetch_sub(1);
        shared(slotOf(index).state).store(FaultSlot::kFree);
    }
    kernel.faults[index] = {};
}

// The device that an entry hangs on, however deep; 0: it is none's.
uint64_t deviceBelow(Kernel & kernel, uint64_t id) {
    for (const Entry * entry = kernel.registry.find(id); entry != nullptr;
         entry = kernel.registry.find(entry->provider)) {
        if (isPluggedDevice(kernel, entry->id)) {
            return entry->id;
        }
    }
    return 0;
}

void killClientOf(Kernel & kernel, uint64_t userClient) {
    DextObject * object = kernel.object(userClient);
    Session * session =
        object != nullptr && object->client ? kernel.session(object->client->session) : nullptr;
    if (session != nullptr && session->peer.process > 0) {
        signalProcess(session->peer.process, SIGKILL);
    }
}

// A packet has no client of its own: all that have a driver of its device open.
void killClientsOn(Kernel & kernel, uint64_t device) {
    for (const auto & [id, session] : kernel.sessions) {
        const bool has = std::any_of(
            session->connections.begin(), session->connections.end(),
            [&](const auto & each) { return deviceBelow(kernel, each.first) == device; });
        if (has && session->peer.process > 0) {
            kill(session->peer.process, SIGKILL);
        }
    }
}

// Null: the numbers make sense.
const char * checkFault(uint32_t event, uint64_t number, uint32_t action) {
    if (event < 1 || event > 3 || action < 1 || action > 3) {
        return "unknown event or action of a fault";
    }
    return number < 1 || number > INT64_MAX ? "events are counted from 1" : nullptr;
}

uint64_t packetsOf(const EndpointDescriptor & endpoint, size_t bytes) {
    const size_t size = std::max<size_t>(endpoint.maxPacketSize & 0x7ff, 1);
    return std::max<uint64_t>((bytes + size - 1) / size, 1); // a packet of length 0 is one
}

// The device's answer is thrown away.
void lose(Kernel & kernel, const UsbTransfer & transfer, size_t bytes) {
    const UsbDevice * device = kernel.usb.device(transfer.device);
    Session * player = device == nullptr ? nullptr : kernel.session(device->session);
    if (player != nullptr) {
        player->link->send(MessageType::TransferAborted,
                           Writer().u64(transfer.id).u8(1).u32(static_cast<uint32_t>(bytes)));
    }
}

// Whether the transfer goes on: nothing ends it that strikes at a client.
bool strikeAtPacket(Kernel & kernel, const UsbTransfer & transfer, size_t bytes,
                    FaultAction action) {
    if (action == FaultAction::KillClient) {
        killClientsOn(kernel, transfer.device);
        return true;
    }
    lose(kernel, transfer, bytes);
    if (action == FaultAction::Unplug) {
        unplugDevice(kernel, transfer.device);
    } else if (DextProcess * process = kernel.process(transfer.process); process != nullptr) {
        signalProcess(process->pid, SIGKILL);
        process->link->close();
    }
    return false;
}

} // namespace

bool isPluggedDevice(Kernel & kernel, uint64_t entry) {
    return std::any_of(kernel.sessions.begin(), kernel.sessions.end(),
                       [entry](const auto & each) { return each.second->devices.contains(entry); });
}

int32_t armFault(Kernel & kernel, Session & session, Reader & reader, uint32_t & fault) {
    const uint32_t event = reader.u32();
    const uint64_t number = reader.u64();
    const uint32_t action = reader.u32();
    ArmedFault armed;
    armed.session = session.id;
    armed.dext = reader.string();
    const uint32_t anySelector = reader.u8();
    const uint32_t selector = reader.u32();
    armed.device = reader.u64();
    armed.endpoint = reader.u8();
    auto unused = std::find_if(kernel.faults.begin(), kernel.faults.end(),
                               [](const ArmedFault & each) { return each.session == 0; });
    if (!reader.done() || checkFault(event, number, action) != nullptr) {
        return kIOReturnBadArgument;
    }
    if (unused == kernel.faults.end()) {
        return kIOReturnNoResources;
    }
    fault = static_cast<uint32_t>(unused - kernel.faults.begin());
    FaultSlot & slot = slotOf(fault);
    slot.event = static_cast<FaultEvent>(event);
    slot.action = static_cast<FaultAction>(action);
    slot.anySelector = anySelector;
    slot.selector = selector;
    slot.dext = armed.dext.empty() ? 0 : nameHash(armed.dext);
    shared(slot.remaining).store(static_cast<int64_t>(number));
    armed.what = describe(slot, number);
    shared(slot.state).store(FaultSlot::kArmed);
    shared(machine()->faultsArmed).fetch_add(1);
    *unused = std::move(armed);
    return kIOReturnSuccess;
}

void disarmFault(Kernel & kernel, uint32_t fault) {
    if (fault < kFaultSlots && kernel.faults[fault].session != 0) {
        freeSlot(kernel, fault);
    }
}

void disarmFaultsOf(Kernel & kernel, uint64_t session) {
    for (size_t i = 0; i < kFaultSlots; ++i) {
        if (kernel.faults[i].session == session) {
            freeSlot(kernel, i);
        }
    }
}

void faultReached(Kernel & kernel, uint32_t slot, uint64_t userClient) {
    if (slot >= kFaultSlots || kernel.faults[slot].session == 0) {
        return; // disarmed meanwhile
    }
    const FaultAction action = slotOf(slot).action;
    announce(kernel, slot);
    if (action == FaultAction::Unplug) {
        unplugDevice(kernel, deviceBelow(kernel, userClient));
    } else {
        killClientOf(kernel, userClient);
    }
}

void announceStruckFaults(Kernel & kernel) {
    for (size_t i = 0; i < kFaultSlots; ++i) {
        const FaultSlot & slot = slotOf(i);
        if (kernel.faults[i].session != 0 && slot.action == FaultAction::KillDext &&
            shared(slotOf(i).state).load() == FaultSlot::kStruck) {
            announce(kernel, i);
        }
    }
}

bool meetPacketFaults(Kernel & kernel, const UsbTransfer & transfer, size_t bytes) {
    const UsbPipe * pipe = kernel.usb.pipe(transfer.pipe);
    if (shared(machine()->faultsArmed).load(std::memory_order_relaxed) == 0 || pipe == nullptr) {
        return true;
    }
    const uint64_t packets = packetsOf(pipe->endpoint, bytes);
    const DextProcess * process = kernel.process(transfer.process);
    for (size_t i = 0; i < kFaultSlots; ++i) {
        FaultSlot & slot = slotOf(i);
        const ArmedFault & fault = kernel.faults[i];
        const bool concerned =
            fault.session != 0 && slot.event == FaultEvent::Packet &&
            (fault.device == 0 || fault.device == transfer.device) &&
            (fault.endpoint == 0 || fault.endpoint == pipe->endpoint.address) &&
            (fault.dext.empty() || (process != nullptr && process->serverName == fault.dext));
        if (!concerned) {
            continue;
        }
        slot.remaining -= static_cast<int64_t>(packets);
        if (slot.remaining <= 0) {
            const UsbTransfer struck = transfer;
            const FaultAction action = slot.action;
            shared(slot.state).store(FaultSlot::kStruck);
            announce(kernel, i);
            if (!strikeAtPacket(kernel, struck, bytes, action)) {
                return false;
            }
        }
    }
    return true;
}

} // namespace dextsim
