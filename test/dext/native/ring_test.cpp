// The ring's writer against a reader in another thread that follows the protocol of dextgen_wire.h:
// no torn record, no record twice or out of order, no lost wake-up, and every record either read or
// counted as lost.
#include "check.h"
#include "ring.h"

#include <atomic>
#include <mutex>
#include <condition_variable>
#include <stdlib.h>
#include <string.h>
#include <thread>

namespace {

constexpr uint32_t kWords = 14; // the size of a scope packet
constexpr uint32_t kCapacity = 64;

struct Record {
    uint64_t words[kWords];
};

struct Shared {
    alignas(128) uint8_t ring[sizeof(DextgenRingHeader) + kCapacity * sizeof(Record)];
    alignas(128) DextgenRingControl control;
    std::mutex mutex;
    std::condition_variable rung;
    uint32_t doorbells = 0;
    uint32_t answered = 0;
};

struct Tally {
    uint64_t read = 0;
    uint64_t lost = 0;
    uint64_t torn = 0;
    uint64_t disorder = 0;
    uint64_t doorbells = 0;
};

Record RecordOf(uint64_t number) {
    Record record;
    for (uint64_t i = 0; i < kWords; i++) {
        record.words[i] = number * 0x9E3779B97F4A7C15u + i;
    }
    record.words[0] = number;
    return record;
}

bool IsWhole(const Record & record) {
    const Record expected = RecordOf(record.words[0]);
    return memcmp(&record, &expected, sizeof record) == 0;
}

/// The app's half: copies what is there, then discards what the writer may have been overwriting
/// meanwhile.
class Reader {
  public:
    Reader(Shared & memory, bool overwriting) : shared(memory), overwrites(overwriting) {}

    /// Number of records seen, lost ones included.
    uint64_t Drain() {
        const auto * header = reinterpret_cast<const DextgenRingHeader *>(shared.ring);
        const auto * records =
            reinterpret_cast<const Record *>(shared.ring + sizeof(DextgenRingHeader));
        const uint64_t written = __atomic_load_n(&header->written, __ATOMIC_ACQUIRE);
        const uint64_t begin = next;
        if (written - next > kCapacity) {
            Lose(written - kCapacity);
        }
        static Record copies[kCapacity];
        const uint64_t first = next;
        for (uint64_t i = first; i < written; i++) {
            memcpy(&copies[i - first], &records[i % kCapacity], sizeof(Record));
        }
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        const uint64_t reserved = __atomic_load_n(&header->reserved, __ATOMIC_RELAXED);
        if (overwrites && reserved > kCapacity && reserved - kCapacity > next) {
            Lose(reserved - kCapacity < written ? reserved - kCapacity : written);
        }
        for (; next < written; next++) {
            Take(copies[next - first]);
        }
        __atomic_store_n(&shared.control.read, next, __ATOMIC_RELEASE);
        return next - begin;
    }

    Tally tally;
    uint64_t next = 0;

  private:
    void Lose(uint64_t until) {
        tally.lost += until - next;
        next = until;
    }

    void Take(const Record & record) {
        tally.read++;
        if (!IsWhole(record)) {
            tally.torn++;
        } else if (overwrites ? record.words[0] != next : record.words[0] < last) {
            tally.disorder++;
        }
        last = record.words[0];
    }

    Shared & shared;
    bool overwrites;
    uint64_t last = 0;
};

void Ring(Shared & shared, uint32_t arming) {
    const std::lock_guard<std::mutex> lock(shared.mutex);
    shared.doorbells++;
    shared.answered = arming;
    shared.rung.notify_one();
}

void Write(Shared & shared, dextgen::RingWriter & ring, uint64_t total, uint64_t * lost) {
    static Record batch[kCapacity * 2];
    uint64_t number = 0;
    uint32_t random = 1;
    while (number < total) {
        random = random * 1664525 + 1013904223;
        const uint64_t wanted = 1 + (random >> 24) % (random % 97 == 0 ? kCapacity * 2 : 9);
        const uint64_t count = wanted < total - number ? wanted : total - number;
        for (uint64_t i = 0; i < count; i++) {
            batch[i] = RecordOf(number + i);
        }
        const auto result = dextgen::RingWrite(&ring, batch, static_cast<uint32_t>(count));
        CHECK(!result.broken);
        *lost += result.lost;
        number += count;
        uint32_t arming = 0;
        if (dextgen::RingIsArmed(&ring, &arming)) {
            dextgen::RingAnswer(&ring, arming);
            Ring(shared, arming);
        }
        if (random % 5 == 0) {
            std::this_thread::yield();
        }
    }
    dextgen::RingEnd(&ring, 7);
    Ring(shared, UINT32_MAX); // the final completion
}

/// Drains, arms, looks once more, waits. A wait of two seconds is a lost wake-up.
void Read(Shared & shared, Reader & reader) {
    const auto * header = reinterpret_cast<const DextgenRingHeader *>(shared.ring);
    for (;;) {
        while (reader.Drain() > 0) {
        }
        const uint32_t arming = __atomic_add_fetch(&shared.control.armed, 1, __ATOMIC_SEQ_CST);
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (reader.Drain() > 0) {
            continue;
        }
        std::unique_lock<std::mutex> lock(shared.mutex);
        const bool woken = shared.rung.wait_for(lock, std::chrono::seconds(2), [&] {
            return shared.answered == arming || shared.answered == UINT32_MAX;
        });
        CHECK(woken);
        lock.unlock();
        if (__atomic_load_n(&header->state, __ATOMIC_ACQUIRE) == kDextgenRingClosed || !woken) {
            while (reader.Drain() > 0) {
            }
            return;
        }
    }
}

void TestThreads(uint32_t policy, uint64_t total) {
    Shared & shared = *new Shared();
    dextgen::RingWriter ring;
    const dextgen::RingShape shape = {
        .recordSize = sizeof(Record), .capacity = kCapacity, .policy = policy, .eventId = 3};
    dextgen::RingStart(&ring, shared.ring, &shared.control, shape);
    Reader reader(shared, policy == kDextgenPolicyDropOldest);
    uint64_t refused = 0;
    std::thread writer([&] { Write(shared, ring, total, &refused); });
    Read(shared, reader);
    writer.join();
    const Tally & tally = reader.tally;
    printf("policy %u: read %llu, lost %llu, refused %llu, doorbells %u\n", policy,
           static_cast<unsigned long long>(tally.read), static_cast<unsigned long long>(tally.lost),
           static_cast<unsigned long long>(refused), shared.doorbells);
    CHECK(tally.torn == 0);
    CHECK(tally.disorder == 0);
    CHECK(tally.read > 0);
    CHECK(tally.read + tally.lost + refused == total);
    // One answer per arming, and the final one.
    CHECK(shared.doorbells <= shared.control.armed + 1);
    delete &shared;
}

void TestHostileIndex() {
    static Shared shared;
    dextgen::RingWriter ring;
    dextgen::RingStart(&ring, shared.ring, &shared.control,
                       {.recordSize = sizeof(Record),
                        .capacity = kCapacity,
                        .policy = kDextgenPolicyDropNewest,
                        .eventId = 1});
    const Record record = RecordOf(0);
    shared.control.read = 1; // more than was ever written
    CHECK(dextgen::RingWrite(&ring, &record, 1).broken);
    shared.control.read = UINT64_MAX - 5;
    CHECK(!dextgen::RingWrite(&ring, &record, 1).broken); // 6 ahead of it: possible, and harmless
    shared.control.read = 0x8000000000000000u;
    CHECK(dextgen::RingWrite(&ring, &record, 1).broken);
}

void TestLongBatch() {
    static Shared shared;
    static Record batch[kCapacity * 3 + 5];
    dextgen::RingWriter ring;
    dextgen::RingStart(&ring, shared.ring, &shared.control,
                       {.recordSize = sizeof(Record),
                        .capacity = kCapacity,
                        .policy = kDextgenPolicyDropOldest,
                        .eventId = 1});
    for (uint64_t i = 0; i < kCapacity * 3 + 5; i++) {
        batch[i] = RecordOf(i);
    }
    dextgen::RingWrite(&ring, batch, 3);
    dextgen::RingWrite(&ring, batch + 3, kCapacity * 3 + 2);
    Reader reader(shared, true);
    CHECK(reader.Drain() == kCapacity * 3 + 5);
    CHECK(reader.tally.read == kCapacity && reader.tally.lost == kCapacity * 2 + 5);
    CHECK(reader.tally.torn == 0 && reader.tally.disorder == 0);
}

void TestArmingIsAnsweredOnce() {
    static Shared shared;
    shared.control.armed = 9; // of an earlier opening
    dextgen::RingWriter ring;
    dextgen::RingStart(&ring, shared.ring, &shared.control,
                       {.recordSize = sizeof(Record),
                        .capacity = kCapacity,
                        .policy = kDextgenPolicyDropOldest,
                        .eventId = 1});
    uint32_t arming = 0;
    CHECK(!dextgen::RingIsArmed(&ring, &arming));
    shared.control.armed = 10;
    CHECK(dextgen::RingIsArmed(&ring, &arming) && arming == 10);
    CHECK(dextgen::RingIsArmed(&ring, &arming)); // still, until it is answered
    dextgen::RingAnswer(&ring, arming);
    CHECK(!dextgen::RingIsArmed(&ring, &arming));
    shared.control.armed = 0; // an app that counts backwards is waiting all the same
    CHECK(dextgen::RingIsArmed(&ring, &arming));
}

} // namespace

int main(int argc, char ** argv) {
    const uint64_t total = argc > 1 ? strtoull(argv[1], nullptr, 10) : 300000;
    TestHostileIndex();
    TestLongBatch();
    TestArmingIsAnsweredOnce();
    TestThreads(kDextgenPolicyDropOldest, total);
    TestThreads(kDextgenPolicyDropNewest, total);
    return Finish();
}
