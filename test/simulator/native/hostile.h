// What hostile_peer.cpp and hostile_dext.cpp throw: numbers from a seed, and message bodies of
// fields that look right without belonging together.
#ifndef DEXTSIM_TEST_HOSTILE_H
#define DEXTSIM_TEST_HOSTILE_H

#include "ipc/channel.h"
#include "ipc/os.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace hostile {

using namespace dextsim;

// SplitMix64.
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t next() {
        uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    uint64_t below(uint64_t bound) { return next() % bound; }
    template <typename T> const T & of(const std::vector<T> & list) {
        return list[below(list.size())];
    }

  private:
    uint64_t state_;
};

// Bodies, and the numbers in them that name something.
class Bodies {
  public:
    explicit Bodies(uint64_t seed) : random(seed) {}

    Random random;
    std::vector<uint64_t> ids = {0, 1, 2, UINT64_MAX, UINT64_C(1) << 63, UINT64_C(1) << 32};

    uint64_t number() {
        switch (random.below(4)) {
        case 0:
            return random.next();
        case 1:
            return random.below(20);
        case 2:
            return UINT64_C(1) << random.below(64);
        default:
            return random.of(ids);
        }
    }

    std::string text() {
        static const std::vector<std::string> texts = {
            "",
            "IOService",
            "IOServiceMatched",
            "IOGeneralInterest",
            "IOUserClass",
            "UserClientProperties",
            "/nonexistent",
            std::string(5000, 'x'),
            std::string("\0\xff%s%n", 6),
        };
        return random.of(texts);
    }

    Value value(int depth = 0) {
        switch (random.below(depth < 3 ? 7 : 4)) {
        case 0:
            return Value::boolean(random.below(2) != 0);
        case 1:
            return Value::number(number(), static_cast<uint8_t>(random.below(256)));
        case 2:
            return Value::string(text());
        case 3:
            return Value();
        case 4:
            return Value::array({value(depth + 1), value(depth + 1)});
        default: {
            Value made = Value::dictionary();
            static const std::vector<std::string> keys = {"IOProviderClass", "IONameMatch",
                                                          "IOPropertyMatch", "IOUserClass", "x"};
            for (uint64_t i = random.below(3); i < 3; ++i) {
                made.put(random.of(keys), value(depth + 1));
            }
            return made;
        }
        }
    }

    // Up to eight fields; the last may be cut off.
    Writer body(bool beginsWithId) {
        Writer made;
        if (beginsWithId) {
            made.u64(random.of(ids));
        }
        for (uint64_t fields = random.below(9); fields > 0; --fields) {
            addField(made);
        }
        if (random.below(8) == 0 && !made.body().empty()) {
            std::vector<uint8_t> bytes = made.take();
            bytes.resize(bytes.size() - 1 - random.below(bytes.size()));
            made.raw(bytes.data(), bytes.size());
        }
        return made;
    }

  private:
    void addField(Writer & body) {
        switch (random.below(8)) {
        case 0:
            body.u8(static_cast<uint8_t>(number()));
            break;
        case 1:
            body.u16(static_cast<uint16_t>(number()));
            break;
        case 2:
        case 3:
            body.u32(static_cast<uint32_t>(number()));
            break;
        case 4:
            body.string(text());
            break;
        case 5:
            body.value(value());
            break;
        default:
            body.u64(number());
        }
    }
};

// Descriptors to send along: memory of half a page, and a pipe.
class Descriptors {
  public:
    Descriptors() : memory_(createSharedMemory(pageSize() / 2)) {
        int ends[2];
        if (pipe(ends) == 0) {
            read_.reset(ends[0]);
            write_.reset(ends[1]);
        }
    }
    std::vector<int> some(Random & random) const {
        std::vector<int> fds;
        for (uint64_t count = random.below(4); count > 1; --count) {
            fds.push_back(random.below(2) == 0 ? memory_.get() : read_.get());
        }
        return fds;
    }

  private:
    Fd memory_;
    Fd read_;
    Fd write_;
};

} // namespace hostile

#endif
