// The value of a field in a report, bit by bit (hid_elements.h).
#include "hid_elements.h"

namespace dextsim {

namespace {

bool bitAt(std::span<const uint8_t> bytes, uint64_t bit) {
    return bit / 8 < bytes.size() && (bytes[bit / 8] >> bit % 8 & 1) != 0;
}

void setBit(std::span<uint8_t> bytes, uint64_t bit, bool value) {
    if (bit / 8 < bytes.size()) {
        const auto mask = static_cast<uint8_t>(1u << bit % 8);
        bytes[bit / 8] =
            static_cast<uint8_t>(value ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
    }
}

// The place of the array that holds the selector, or the first one with `selected`.
uint32_t placeOf(const HidField & field, std::span<const uint8_t> report, int32_t selected) {
    for (uint32_t place = 0; place < field.count; ++place) {
        uint32_t number = 0;
        for (uint32_t bit = 0; bit < field.size && bit < 32; ++bit) {
            const uint64_t at = field.start + uint64_t(place) * field.size + bit;
            number |= uint32_t(bitAt(report, at)) << bit;
        }
        const unsigned unused = field.size < 32 ? 32 - field.size : 0;
        const int32_t wide = field.logical[0] < 0 ? static_cast<int32_t>(number << unused) >> unused
                                                  : static_cast<int32_t>(number);
        if (wide == selected) {
            return place;
        }
    }
    return field.count;
}

} // namespace

void readHidValue(const HidField & field, std::span<const uint8_t> report,
                  std::vector<uint8_t> & value) {
    if (field.selector) {
        value.assign(1, placeOf(field, report, field.selected) < field.count);
        return;
    }
    const uint64_t bits = uint64_t(field.size) * field.count;
    value.assign((bits + 7) / 8, 0);
    for (uint64_t bit = 0; bit < bits; ++bit) {
        setBit(value, bit, bitAt(report, field.start + bit));
    }
}

void writeHidValue(const HidField & field, std::span<const uint8_t> value,
                   std::span<uint8_t> report) {
    if (!field.selector) {
        for (uint64_t bit = 0; bit < uint64_t(field.size) * field.count; ++bit) {
            setBit(report, field.start + bit, bitAt(value, bit));
        }
        return;
    }
    const uint32_t place = placeOf(field, report, 0); // the first empty one
    if (value.empty() || value[0] == 0 || place == field.count) {
        return;
    }
    for (uint32_t bit = 0; bit < field.size && bit < 32; ++bit) {
        setBit(report, field.start + uint64_t(place) * field.size + bit,
               (static_cast<uint32_t>(field.selected) >> bit & 1) != 0);
    }
}

} // namespace dextsim
