// The app's half of a ring against the driver's half, and against pages that no driver would write.
// Prints a line per case; exits with the number of failed expectations.
#include "ring_writer.h"

#include "addon/ring.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace {

using dextgen::CheckRing;
using dextgen::Mapping;
using dextgen::Ring;

int failures = 0;

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            failures++;                                                                            \
            std::printf("  line %d: %s\n", __LINE__, #condition);                                  \
        }                                                                                          \
    } while (false)

/// Large enough that a torn copy shows: the two ends of a record are far apart.
struct Record {
    uint64_t number;
    uint64_t filler[13];
    uint64_t check; // ~number
};

Record MakeRecord(uint64_t number) {
    Record record{};
    record.number = number;
    record.check = ~number;
    return record;
}

constexpr uint32_t kOverwrite = kDextgenPolicyDropOldest;
constexpr uint32_t kBounded = kDextgenPolicyDropNewest;

struct Pair {
    Pair(uint32_t size, uint32_t ringPolicy)
        : capacity(size), policy(ringPolicy),
          memory(sizeof(DextgenRingHeader) + size * sizeof(Record)) {
        ring->address = memory.data();
        ring->size = memory.size();
        *control = {reinterpret_cast<uint8_t *>(&page), sizeof page, true};
        writer = MakeWriter(memory.data(), &page, sizeof(Record), size, policy);
    }
    ~Pair() { FreeWriter(writer); }
    Pair(const Pair &) = delete;
    Pair & operator=(const Pair &) = delete;

    Ring Reader() { return Ring({capacity, sizeof(Record), policy}, ring, control); }
    DextgenRingHeader * Header() { return reinterpret_cast<DextgenRingHeader *>(memory.data()); }
    uint32_t Write(uint32_t count) {
        std::vector<Record> records;
        for (uint32_t i = 0; i < count; i++)
            records.push_back(MakeRecord(next++));
        return WriteRecords(writer, records.data(), count);
    }

    uint32_t capacity;
    uint32_t policy;
    alignas(64) std::vector<uint8_t> memory;
    alignas(64) DextgenRingControl page{};
    std::shared_ptr<Mapping> ring = std::make_shared<Mapping>();
    std::shared_ptr<Mapping> control = std::make_shared<Mapping>();
    Writer * writer = nullptr;
    uint64_t next = 0;
};

/// Reads as a client does; keeps what a client would deliver.
struct Consumer {
    explicit Consumer(Ring reader) : ring(std::move(reader)) {}

    Ring::Result Drain(uint32_t maximum) {
        const Ring::Span span = ring.Next(maximum);
        return Take(span);
    }

    Ring::Result Take(Ring::Span span) {
        buffer.resize(span.count + 1);
        const Ring::Result result = ring.Copy(span, reinterpret_cast<uint8_t *>(buffer.data()));
        lost += result.lost;
        received += result.count;
        for (uint32_t i = 0; i < result.count; i++)
            Check(buffer[result.skip + i]);
        return result;
    }

    void Check(const Record & record) {
        if (record.check != ~record.number)
            torn++;
        if (any && record.number <= last)
            disordered++;
        any = true;
        last = record.number;
    }

    Ring ring;
    std::vector<Record> buffer;
    uint64_t received = 0, lost = 0, last = 0, torn = 0, disordered = 0;
    bool any = false;
};

void DeliversInOrder(uint32_t policy) {
    Pair pair(16, policy);
    Consumer consumer(pair.Reader());
    for (int turn = 0; turn < 10; turn++) {
        pair.Write(13);
        EXPECT(consumer.Drain(1000).count == 13);
        EXPECT(consumer.Drain(1000).count == 0);
    }
    EXPECT(consumer.received == 130 && consumer.lost == 0);
    EXPECT(consumer.torn == 0 && consumer.disordered == 0 && consumer.last == 129);
}

void TakesAtMost() {
    Pair pair(16, kOverwrite);
    Consumer consumer(pair.Reader());
    pair.Write(10);
    EXPECT(consumer.Drain(4).count == 4);
    EXPECT(consumer.Drain(4).count == 4);
    EXPECT(consumer.Drain(4).count == 2);
    EXPECT(consumer.last == 9);
}

void CountsOverwritten() {
    Pair pair(16, kOverwrite);
    Consumer consumer(pair.Reader());
    pair.Write(16);
    pair.Write(24);
    const Ring::Result result = consumer.Drain(1000);
    EXPECT(result.count == 16 && result.lost == 24);
    EXPECT(consumer.last == 39);
    pair.Write(100); // more than the ring in one go
    (void)consumer.Drain(1000);
    EXPECT(consumer.received + consumer.lost == 140 && consumer.last == 139);
}

void DiscardsTorn() {
    Pair pair(16, kOverwrite);
    Consumer consumer(pair.Reader());
    pair.Write(16);
    const Ring::Span span = consumer.ring.Next(1000);
    pair.Write(5); // while the span is being copied, as far as the reader can tell
    const Ring::Result result = consumer.Take(span);
    EXPECT(result.skip == 5 && result.count == 11 && result.lost == 5);
    EXPECT(consumer.Drain(1000).count == 5);
    pair.Write(16);
    const Ring::Span whole = consumer.ring.Next(1000);
    pair.Write(40);
    EXPECT(consumer.Take(whole).count == 0);
    (void)consumer.Drain(1000);
    EXPECT(consumer.received + consumer.lost == pair.next);
    EXPECT(consumer.torn == 0 && consumer.disordered == 0);
}

void CountsRefused() {
    Pair pair(16, kBounded);
    Consumer consumer(pair.Reader());
    EXPECT(pair.Write(20) == 4);
    const Ring::Result result = consumer.Drain(1000);
    EXPECT(result.count == 16 && result.lost == 4);
    EXPECT(pair.page.read == 16);
    EXPECT(pair.Write(3) == 0);
    EXPECT(consumer.Drain(1000).count == 3);
}

void EndsBehindItsLastRecord() {
    Pair pair(16, kOverwrite);
    Consumer consumer(pair.Reader());
    pair.Write(3);
    EndRing(pair.writer, 0xe00002ebu);
    const Ring::Result last = consumer.Drain(1000);
    EXPECT(last.count == 3 && last.state == Ring::State::kOpen);
    const Ring::Result end = consumer.Drain(1000);
    EXPECT(end.state == Ring::State::kEnded && end.reason == 0xe00002ebu);
}

void ArmsOncePerAnswer() {
    Pair pair(16, kOverwrite);
    Consumer consumer(pair.Reader());
    uint32_t arming = 0;
    EXPECT(!MustRing(pair.writer, &arming));
    (void)consumer.Drain(10);
    (void)consumer.Drain(10);
    EXPECT(pair.page.armed == 1); // unanswered: not armed again
    pair.Write(1);
    EXPECT(MustRing(pair.writer, &arming) && arming == 1);
    EXPECT(!MustRing(pair.writer, &arming));
    (void)consumer.Drain(10);
    (void)consumer.Drain(10);
    EXPECT(pair.page.armed == 1); // its doorbell is still on its way
    consumer.ring.Answered(1);
    (void)consumer.Drain(10);
    EXPECT(pair.page.armed == 2);
}

void OpensOnAUsedPage() {
    Pair pair(16, kOverwrite);
    pair.page.armed = 77;
    FreeWriter(pair.writer);
    pair.writer = MakeWriter(pair.memory.data(), &pair.page, sizeof(Record), 16, kOverwrite);
    Consumer consumer(pair.Reader());
    uint32_t arming = 0;
    EXPECT(!MustRing(pair.writer, &arming));
    (void)consumer.Drain(10);
    EXPECT(MustRing(pair.writer, &arming) && arming == 78);
}

void RefusesBadShapes() {
    Pair pair(16, kOverwrite);
    const auto check = [&pair](uint32_t capacity, uint32_t size) {
        return CheckRing({capacity, size, kOverwrite}, *pair.ring, *pair.control);
    };
    EXPECT(check(16, sizeof(Record)) == nullptr);
    EXPECT(check(0, sizeof(Record)) != nullptr);
    EXPECT(check(15, sizeof(Record)) != nullptr);
    EXPECT(check(32, sizeof(Record)) != nullptr);
    EXPECT(check(16, 0) != nullptr);
    EXPECT(check(0x80000000u, 0xffffffffu) != nullptr);
    pair.control->writable = false;
    EXPECT(check(16, sizeof(Record)) != nullptr);
    *pair.control = {reinterpret_cast<uint8_t *>(&pair.page), 8, true};
    EXPECT(check(16, sizeof(Record)) != nullptr);
}

/// Whatever the page says, the reader stays inside its memory and comes to an end.
/// A driver chooses where in its pages its memory begins; not every processor reads whole words
/// there.
void RefusesCrookedMemory() {
    Pair pair(4, kOverwrite);
    std::vector<uint64_t> words(sizeof(DextgenRingHeader) / 8 + 4 * sizeof(Record) / 8 + 8);
    uint8_t * const base = reinterpret_cast<uint8_t *>(words.data());
    for (size_t shift = 0; shift <= 8; shift++) {
        std::memcpy(base + shift, pair.memory.data(), pair.memory.size());
        const Mapping ring{base + shift, pair.memory.size(), false};
        const Mapping page{base + shift, sizeof(DextgenRingControl), true};
        const dextgen::RingShape shape{4, sizeof(Record), kOverwrite};
        EXPECT((CheckRing(shape, ring, *pair.control) == nullptr) == (shift % 8 == 0));
        EXPECT((CheckRing(shape, *pair.ring, page) == nullptr) == (shift % 8 == 0));
    }
}

void SurvivesHostilePages() {
    std::mt19937_64 random(7);
    for (const uint32_t policy : {kOverwrite, kBounded}) {
        for (int turn = 0; turn < 20000; turn++) {
            Pair pair(16, policy);
            Consumer consumer(pair.Reader());
            for (int step = 0; step < 4; step++) {
                DextgenRingHeader * header = pair.Header();
                const uint64_t words[] = {0, 1, 16, 17, random(), UINT64_MAX, UINT64_C(1) << 63};
                header->capacity = static_cast<uint32_t>(random());
                header->recordSize = static_cast<uint32_t>(random());
                header->reserved = words[random() % 7];
                header->written = words[random() % 7];
                header->lost = words[random() % 7];
                header->state = static_cast<uint32_t>(random() % 4);
                const Ring::Span span = consumer.ring.Next(1000);
                EXPECT(span.count <= 16);
                const Ring::Result result = consumer.Take(span);
                EXPECT(result.skip + result.count == span.count);
            }
        }
    }
}

void NoticesCorruption() {
    Pair pair(16, kBounded);
    Consumer consumer(pair.Reader());
    pair.Header()->written = 17;
    EXPECT(consumer.Drain(10).state == Ring::State::kCorrupt);
    Pair back(16, kOverwrite);
    Consumer reader(back.Reader());
    back.Write(8);
    (void)reader.Drain(10);
    back.Header()->written = 3;
    EXPECT(reader.Drain(10).state == Ring::State::kCorrupt);
}

/// Doorbells as they travel: one at a time, late.
struct Doorbell {
    std::mutex mutex;
    std::condition_variable rung;
    std::vector<uint32_t> armings;
    bool ended = false;
};

void WriteAll(Pair & pair, Doorbell & bell, uint64_t total, uint64_t & refused) {
    std::mt19937 random(11);
    while (pair.next < total) {
        const auto left = static_cast<uint32_t>(total - pair.next);
        refused += pair.Write(std::min(left, static_cast<uint32_t>(1 + random() % 7)));
        uint32_t arming = 0;
        if (MustRing(pair.writer, &arming)) {
            std::lock_guard<std::mutex> lock(bell.mutex);
            bell.armings.push_back(arming);
            bell.rung.notify_one();
        }
        if (random() % 16 == 0)
            std::this_thread::yield();
    }
    EndRing(pair.writer, 0);
    std::lock_guard<std::mutex> lock(bell.mutex);
    bell.ended = true;
    bell.rung.notify_one();
}

/// False when nothing came for seconds: a wake-up was lost.
bool WaitFor(Doorbell & bell, Consumer & consumer) {
    std::unique_lock<std::mutex> lock(bell.mutex);
    const bool heard = bell.rung.wait_for(lock, std::chrono::seconds(20),
                                          [&bell] { return !bell.armings.empty() || bell.ended; });
    for (const uint32_t arming : std::exchange(bell.armings, {}))
        consumer.ring.Answered(arming);
    return heard;
}

void LosesNoWakeUp(uint32_t policy) {
    constexpr uint64_t kTotal = 300000;
    Pair pair(64, policy);
    Consumer consumer(pair.Reader());
    Doorbell bell;
    uint64_t refused = 0;
    std::thread writer([&] { WriteAll(pair, bell, kTotal, refused); });
    bool heard = true;
    for (bool open = true; open && heard;) {
        const Ring::Result result = consumer.Drain(32);
        open = result.state == Ring::State::kOpen;
        if (open && result.count == 0 && result.lost == 0)
            heard = WaitFor(bell, consumer);
    }
    writer.join();
    EXPECT(heard);
    EXPECT(consumer.received + consumer.lost == kTotal);
    EXPECT(consumer.torn == 0 && consumer.disordered == 0);
    EXPECT(policy == kOverwrite || consumer.lost == refused);
}

template <typename... Arguments>
void Run(const char * name, void (*test)(Arguments...), Arguments... arguments) {
    const int before = failures;
    test(arguments...);
    std::printf("%s %s\n", failures == before ? "ok  " : "FAIL", name);
}

} // namespace

int main() {
    Run("delivers in order, overwriting", DeliversInOrder, kOverwrite);
    Run("delivers in order, bounded", DeliversInOrder, kBounded);
    Run("takes at most what is asked for", TakesAtMost);
    Run("counts what was overwritten", CountsOverwritten);
    Run("discards what was overwritten while it was copied", DiscardsTorn);
    Run("counts what the driver refused", CountsRefused);
    Run("ends behind its last record", EndsBehindItsLastRecord);
    Run("arms once per answer", ArmsOncePerAnswer);
    Run("opens on a page that was used before", OpensOnAUsedPage);
    Run("refuses shapes that do not fit their memory", RefusesBadShapes);
    Run("refuses memory that begins within a word", RefusesCrookedMemory);
    Run("survives hostile pages", SurvivesHostilePages);
    Run("notices corrupt indices", NoticesCorruption);
    Run("loses no wake-up, overwriting", LosesNoWakeUp, kOverwrite);
    Run("loses no wake-up, bounded", LosesNoWakeUp, kBounded);
    return failures == 0 ? 0 : 1;
}
