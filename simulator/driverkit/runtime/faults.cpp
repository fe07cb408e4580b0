// See faults.h.
#include "faults.h"

#include "kernel.h"

#include "../../ipc/os.h"

#include <atomic>
#include <csignal>
#include <unistd.h>

namespace dextsim {

namespace {

std::atomic<uint64_t> ownName{0};

template <typename T> std::atomic_ref<T> shared(T & word) {
    return std::atomic_ref<T>(word);
}

bool concerns(FaultSlot & slot, FaultEvent event, uint32_t selector) {
    return shared(slot.state).load(std::memory_order_acquire) == FaultSlot::kArmed &&
           slot.event == event && (slot.dext == 0 || slot.dext == ownName) &&
           (event != FaultEvent::Call || slot.anySelector != 0 || slot.selector == selector);
}

void strike(FaultSlot & slot, uint32_t index, uint64_t userClient) {
    shared(slot.state).store(FaultSlot::kStruck, std::memory_order_release);
    if (slot.action == FaultAction::KillDext) {
        kill(getpid(), SIGKILL);
    }
    tellKernel(MessageType::FaultReached, Writer().u32(index).u64(userClient));
}

// What a descriptor of the client holds.
void appendMemory(Writer & body, const Fd & memory, uint64_t size) {
    void * bytes = size == 0 ? nullptr : mapShared(memory, size, false);
    body.bytes({static_cast<const uint8_t *>(bytes), bytes == nullptr ? 0 : size});
    unmapShared(bytes, size);
}

} // namespace

void enterMachine(Message & message) {
    ownName = nameHash(message.reader().string());
    useMachine(message.takeFd(), true);
}

void meetFaults(FaultEvent event, uint64_t userClient, uint32_t selector) {
    MachinePage * const page = machine();
    if (page == nullptr || shared(page->faultsArmed).load(std::memory_order_relaxed) == 0) {
        return;
    }
    for (uint32_t i = 0; i < kFaultSlots; i++) {
        FaultSlot & slot = page->faults[i];
        if (concerns(slot, event, selector) && shared(slot.remaining).fetch_sub(1) == 1) {
            strike(slot, i, userClient);
        }
    }
}

uint64_t reportCall(uint64_t userClient, const IncomingCall & call) {
    static std::atomic<uint64_t> last{0};
    MachinePage * const page = machine();
    if (page == nullptr || shared(page->recording).load(std::memory_order_relaxed) == 0) {
        return 0;
    }
    const uint64_t number = ++last;
    Writer body;
    body.u64(userClient).u64(number).u32(call.selector).u8(call.flags);
    body.u32(call.scalarOutputCount).u64(call.structOutputSize);
    body.u32(call.scalarInputCount).words(call.scalarInput.data(), call.scalarInputCount);
    if ((call.flags & kCallInputDescriptor) != 0) {
        appendMemory(body, call.inputMemory, call.structInputSize);
    } else {
        body.bytes(call.structInput);
    }
    notifyKernel(MessageType::CallBegan, body);
    return number;
}

void reportOutcome(uint64_t number, const CallOutcome & outcome, const Fd & output, uint64_t size) {
    if (number == 0) {
        return;
    }
    Writer body;
    body.u64(number).i32(outcome.status);
    body.u32(outcome.scalarOutputCount);
    body.words(outcome.scalarOutput.data(), outcome.scalarOutputCount);
    if (output.valid() && outcome.status == 0) {
        appendMemory(body, output, size);
    } else {
        body.bytes(outcome.structOutput);
    }
    notifyKernel(MessageType::CallEnded, body);
}

} // namespace dextsim
