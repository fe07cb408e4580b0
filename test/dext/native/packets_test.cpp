// The scope's driver cuts transfers into packets: every way of cutting a stream must give the same
// packets.
#include "check.h"
#include "log.h"
#include "packets.h"

#include <string.h>

using namespace scope;

namespace {

constexpr uint32_t kSize = sizeof(ScopePacket);
constexpr uint32_t kPackets = 40;

uint8_t gStream[kPackets * kSize];
alignas(16) uint8_t gBuffer[sizeof gStream];

void FillStream() {
    for (uint32_t i = 0; i < sizeof gStream; i++) {
        gStream[i] = static_cast<uint8_t>(i * 7 + i / 251);
    }
}

/// Feeds the stream in full transfers of `step` bytes and a short one for the rest; counts packets
/// that are right.
uint32_t Feed(uint32_t step, uint32_t total) {
    Tail tail = {};
    uint32_t good = 0;
    for (uint32_t at = 0; at < total; at += step) {
        const uint32_t length = step < total - at ? step : total - at;
        memcpy(gBuffer, gStream + at, length);
        const Cut cut = CutTransfer(&tail, gBuffer, length, length == step);
        if (cut.completed) {
            good += memcmp(&cut.first, gStream + good * kSize, kSize) == 0 ? 1 : 1000;
        }
        CHECK(reinterpret_cast<uintptr_t>(cut.whole) % alignof(ScopePacket) == 0 || cut.count == 0);
        for (uint32_t i = 0; i < cut.count; i++) {
            good += memcmp(cut.whole + i, gStream + good * kSize, kSize) == 0 ? 1 : 1000;
        }
        CHECK(cut.broken == (length < step && total % kSize != 0));
    }
    return good;
}

void TestEveryCut() {
    FillStream();
    for (uint32_t step = 1; step <= sizeof gStream; step++) {
        CHECK(Feed(step, sizeof gStream) == kPackets);
    }
}

void TestShortTail() {
    Tail tail = {};
    memcpy(gBuffer, gStream, kSize + 30);
    const Cut cut = CutTransfer(&tail, gBuffer, kSize + 30, false);
    CHECK(cut.count == 1 && !cut.completed && cut.broken && tail.length == 0);
    // What follows is read from its start again.
    memcpy(gBuffer, gStream, kSize);
    const Cut next = CutTransfer(&tail, gBuffer, kSize, false);
    CHECK(next.count == 1 && memcmp(next.whole, gStream, kSize) == 0 && !next.broken);
    CHECK(CutTransfer(&tail, gBuffer, 0, false).count == 0);
}

void TestLog() {
    static Log log;
    uint8_t text[kLogBytes * 2];
    CHECK(ReadNewest(log, text, sizeof text) == 0);
    Note(&log, "rate", 5, " Hz");
    CHECK(ReadNewest(log, text, sizeof text) == 11 && memcmp(text, "rate: 5 Hz\n", 11) == 0);
    CHECK(ReadNewest(log, text, 3) == 3 && memcmp(text, "Hz\n", 3) == 0);
    NoteCode(&log, "code", 0xe00002c2);
    CHECK(ReadNewest(log, text, 17) == 17 && memcmp(text, "code: 0xe00002c2\n", 17) == 0);
    for (uint32_t i = 0; i < 5000; i++) {
        Note(&log, "line", UINT64_MAX - i, "");
    }
    CHECK(ReadNewest(log, text, sizeof text) == kLogBytes);
    CHECK(memcmp(text + kLogBytes - 27, "line: 18446744073709546616\n", 27) == 0);
}

} // namespace

int main() {
    TestEveryCut();
    TestShortTail();
    TestLog();
    return Finish();
}
