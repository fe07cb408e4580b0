// Bytes of serial ports between the driver's queues and the terminal. Calls: serial_calls.cpp.
#include "serial_port.h"

#include "../runtime/queues.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace dextsim {

namespace {

// What the terminal holds for a reader before it leaves bytes in the driver's queue.
constexpr size_t kTerminalBuffer = 8192;

uint32_t load(uint32_t & index) {
    return std::atomic_ref(index).load(std::memory_order_acquire);
}

void notify(IOUserSerial * port, void (*call)(IOUserSerial *)) {
    port->retain();
    runForObject(port, kIOServiceDefaultQueueName, [port, call] {
        call(port);
        port->release();
    });
}

// With the lock held.
void answerReads(IOUserSerial_IVars & state) {
    while (!state.reads.empty() && !state.received.empty()) {
        const SerialRead read = state.reads.front();
        state.reads.pop_front();
        const size_t count = std::min<size_t>(read.most, state.received.size());
        answerServiceCall(read.call, kIOReturnSuccess,
                          Writer().bytes(std::span(state.received).first(count)));
        state.received.erase(state.received.begin(),
                             state.received.begin() + static_cast<ptrdiff_t>(count));
    }
}

} // namespace

SerialQueueView::SerialQueueView(IOUserSerial_IVars & port, SerialDirection direction)
    : bytes_(direction == SerialDirection::Receive ? port.rxBytes : port.txBytes),
      producer_(direction == SerialDirection::Receive ? port.port->rxPI : port.port->txPI),
      consumer_(direction == SerialDirection::Receive ? port.port->rxCI : port.port->txCI),
      canBeFull_(direction == SerialDirection::Receive) {}

uint32_t SerialQueueView::usedBetween(uint32_t producer, uint32_t consumer) const {
    const uint32_t difference = producer - consumer;
    return canBeFull_ && difference == size() ? size() : difference & (size() - 1);
}

uint32_t SerialQueueView::used() const {
    return usedBetween(load(producer_), load(consumer_));
}

// The consumer may move meanwhile, so that it is looked at once.
size_t SerialQueueView::put(std::span<const uint8_t> from) {
    const uint32_t consumer = load(consumer_);
    const uint32_t before = usedBetween(load(producer_), consumer);
    const uint32_t room = before < size() - 1 ? size() - 1 - before : 0;
    const auto count = static_cast<uint32_t>(std::min<size_t>(from.size(), room));
    const uint32_t begin = consumer + before;
    for (uint32_t i = 0; i < count; i++) {
        bytes_[(begin + i) & (size() - 1)] = from[i];
    }
    // Beside the consumer's own way to count, so the producer may be beyond the end.
    std::atomic_ref(producer_).store(begin + count, std::memory_order_release);
    return count;
}

size_t SerialQueueView::peek(std::span<uint8_t> to) const {
    const uint32_t producer = load(producer_);
    const uint32_t there = usedBetween(producer, load(consumer_));
    const auto count = static_cast<uint32_t>(std::min<size_t>(there, to.size()));
    for (uint32_t i = 0; i < count; i++) {
        to[i] = bytes_[(producer - there + i) & (size() - 1)];
    }
    return count;
}

void SerialQueueView::consume(size_t count) {
    uint32_t producer = load(producer_);
    const uint32_t left = usedBetween(producer, load(consumer_)) - static_cast<uint32_t>(count);
    // A driver that wrapped round leaves its index beyond the end, and expects it back below.
    if (left == 0 && producer >= size()) {
        uint32_t seen = producer;
        if (std::atomic_ref(producer_).compare_exchange_strong(seen, producer & (size() - 1))) {
            producer &= size() - 1;
        }
    }
    const uint32_t consumer = producer >= left ? producer - left : producer - left + size();
    std::atomic_ref(consumer_).store(consumer, std::memory_order_release);
}

void pumpSerialOut(IOUserSerial * port) {
    IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
    size_t put = 0;
    {
        std::lock_guard lock(state.lock);
        if (state.port == nullptr) {
            return;
        }
        SerialQueueView queue(state, SerialDirection::Send);
        while (!state.writes.empty()) {
            SerialWrite & write = state.writes.front();
            const size_t count = queue.put(std::span(write.bytes).subspan(write.done));
            put += count;
            write.done += count;
            if (write.done < write.bytes.size()) {
                break;
            }
            answerServiceCall(write.call, kIOReturnSuccess,
                              Writer().u32(static_cast<uint32_t>(write.done)));
            state.writes.pop_front();
        }
        if (state.writes.empty() && queue.used() == 0) {
            for (const uint64_t call : state.drains) {
                answerServiceCall(call, kIOReturnSuccess);
            }
            state.drains.clear();
        }
    }
    if (put != 0) {
        notify(port, [](IOUserSerial * each) { each->TxDataAvailable(); });
    }
}

void pumpSerialIn(IOUserSerial * port) {
    IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
    size_t taken = 0;
    {
        std::lock_guard lock(state.lock);
        answerReads(state);
        while (state.port != nullptr && state.received.size() < kTerminalBuffer) {
            SerialQueueView queue(state, SerialDirection::Receive);
            const size_t before = state.received.size();
            state.received.resize(kTerminalBuffer);
            const size_t count = queue.peek(std::span(state.received).subspan(before));
            state.received.resize(before + count);
            if (count == 0) {
                break;
            }
            queue.consume(count);
            taken += count;
            if (!state.open) {
                state.received.clear(); // nobody is at the terminal
            }
            answerReads(state);
        }
    }
    if (taken != 0) {
        notify(port, [](IOUserSerial * each) { each->RxFreeSpaceAvailable(); });
    }
}

void serialChanged(IOUserSerial * port) {
    IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
    std::lock_guard lock(state.lock);
    std::erase_if(state.watches, [&state](const SerialWatch & watch) {
        if (watch.known == state.changes) {
            return false;
        }
        const SerialCounts & counts = state.counts;
        answerServiceCall(watch.call, kIOReturnSuccess,
                          Writer()
                              .u64(state.changes)
                              .u8(state.signals)
                              .u32(counts.overruns)
                              .u32(counts.breaks)
                              .u32(counts.framing)
                              .u32(counts.parity));
        return true;
    });
}

void failSerialCalls(IOUserSerial * port, kern_return_t status) {
    IOUserSerial_IVars & state = *port->IOUserSerial::ivars;
    std::lock_guard lock(state.lock);
    auto fail = [status](uint64_t call) { answerServiceCall(call, status); };
    for (const SerialWrite & each : state.writes) {
        fail(each.call);
    }
    for (const SerialRead & each : state.reads) {
        fail(each.call);
    }
    for (const uint64_t each : state.drains) {
        fail(each);
    }
    for (const SerialWatch & each : state.watches) {
        fail(each.call);
    }
    state.writes.clear();
    state.reads.clear();
    state.drains.clear();
    state.watches.clear();
    state.received.clear();
}

} // namespace dextsim
