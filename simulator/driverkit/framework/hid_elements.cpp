// See hid_elements.h. Device Class Definition for HID 1.11, §6.2.2.
#include "hid_elements.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace dextsim {

namespace {

enum Item : uint8_t {
    kInput = 0x80,
    kOutput = 0x90,
    kFeature = 0xb0,
    kCollection = 0xa0,
    kEndCollection = 0xc0,
    kUsagePage = 0x04,
    kLogicalMin = 0x14,
    kLogicalMax = 0x24,
    kPhysicalMin = 0x34,
    kPhysicalMax = 0x44,
    kUnitExponent = 0x54,
    kUnit = 0x64,
    kReportSize = 0x74,
    kReportId = 0x84,
    kReportCount = 0x94,
    kPush = 0xa4,
    kPop = 0xb4,
    kUsage = 0x08,
    kUsageMin = 0x18,
    kUsageMax = 0x28,
};

constexpr uint32_t kMostFields = 0x10000;
constexpr uint64_t kMostBits = 0x80000; // of a report

struct Usage {
    uint32_t page = 0;
    uint32_t usage = 0;
};

struct Datum {
    uint32_t value = 0;
    int32_t number = 0; // with its sign
    unsigned size = 0;
};

bool isButton(uint32_t flags, uint32_t size) {
    return size == 1 || (flags & kIOHIDElementFlagsVariableMask) == 0;
}

// Only what differs from a plain value is told apart.
IOHIDElementType inputType(const Usage & usage, uint32_t flags, uint32_t size) {
    constexpr uint32_t kDesktop = 1;
    constexpr uint32_t kX = 0x30;
    constexpr uint32_t kWheel = 0x38;
    if (isButton(flags, size)) {
        return kIOHIDElementTypeInput_Button;
    }
    return usage.page == kDesktop && usage.usage >= kX && usage.usage <= kWheel
               ? kIOHIDElementTypeInput_Axis
               : kIOHIDElementTypeInput_Misc;
}

struct Reading {
    HidField global; // page, id, size, count, ranges, units
    std::vector<HidField> stack;
    std::vector<Usage> usages;
    Usage first;
    std::vector<HidField> collections, fields;
    std::vector<size_t> open;                          // collections that have not ended
    std::map<std::pair<int, uint32_t>, uint64_t> bits; // so far, by report

    Usage usageOf(const Datum & datum) const {
        return datum.size == 4 ? Usage{datum.value >> 16, datum.value & 0xffff}
                               : Usage{global.page, datum.value};
    }

    HidField start(const Usage & usage) const {
        HidField field = global;
        field.page = usage.page;
        field.usage = usage.usage;
        field.parent = open.empty() ? SIZE_MAX : open.back();
        return field;
    }

    void collection(const Datum & datum) {
        HidField field = start(usages.empty() ? Usage{} : usages.front());
        field.type = kIOHIDElementTypeCollection;
        field.collection = static_cast<IOHIDElementCollectionType>(datum.value);
        field.size = field.count = 0;
        collections.push_back(field);
        open.push_back(collections.size() - 1);
    }

    void add(HidField field, IOHIDElementType type, uint32_t flags, uint64_t at) {
        const Usage usage{field.page, field.usage};
        field.type =
            type == kIOHIDElementTypeInput_Misc ? inputType(usage, flags, field.size) : type;
        field.flags = flags;
        field.start = at;
        if (fields.size() < kMostFields) {
            fields.push_back(field);
        }
    }

    // One element for each usage; a usage that stands for many values is one element of many.
    void variables(IOHIDElementType type, uint32_t flags, uint64_t at) {
        if (usages.size() == 1) {
            add(start(usages.front()), type, flags, at);
            return;
        }
        for (uint32_t i = 0; i < global.count; ++i) {
            HidField field = start(usages[std::min<size_t>(i, usages.size() - 1)]);
            field.count = 1;
            add(field, type, flags, at + uint64_t(i) * global.size);
        }
    }

    void selectors(IOHIDElementType type, uint32_t flags, uint64_t at) {
        for (size_t i = 0; i < usages.size(); ++i) {
            HidField field = start(usages[i]);
            field.selector = true;
            field.selected = global.logical[0] + static_cast<int32_t>(i);
            add(field, type, flags, at);
        }
    }

    void main(IOHIDElementType type, uint32_t flags) {
        if (uint64_t(global.size) * global.count > kMostBits) {
            return;
        }
        const auto report = std::pair(int(reportTypeOf(type)), global.id);
        uint64_t & at = bits.try_emplace(report, global.id != 0 ? 8 : 0).first->second;
        if ((flags & kIOHIDElementFlagsConstantMask) == 0 && !usages.empty() && global.size != 0) {
            const bool variable = (flags & kIOHIDElementFlagsVariableMask) != 0;
            variable ? variables(type, flags, at) : selectors(type, flags, at);
        }
        at += uint64_t(global.size) * global.count;
    }

    void usageRange(const Datum & datum) {
        const Usage last = usageOf(datum);
        for (uint32_t usage = first.usage; usage <= last.usage && usages.size() < kMostFields;
             ++usage) {
            usages.push_back({last.page, usage});
        }
    }

    bool globalItem(uint8_t item, const Datum & datum) {
        switch (item) {
        case kUsagePage:
            global.page = datum.value;
            return true;
        case kLogicalMin:
            global.logical[0] = datum.number;
            return true;
        case kLogicalMax: // of an unsigned field often without room for its sign
            global.logical[1] =
                global.logical[0] >= 0 ? static_cast<int32_t>(datum.value) : datum.number;
            return true;
        case kPhysicalMin:
            global.physical[0] = datum.number;
            return true;
        case kPhysicalMax:
            global.physical[1] =
                global.physical[0] >= 0 ? static_cast<int32_t>(datum.value) : datum.number;
            return true;
        case kUnitExponent: // four bits
            global.exponent = static_cast<int32_t>((datum.value & 0xf) ^ 8) - 8;
            return true;
        case kUnit:
            global.unit = datum.value;
            return true;
        case kReportSize:
            global.size = datum.value;
            return true;
        case kReportId:
            global.id = datum.value;
            return true;
        case kReportCount:
            global.count = datum.value;
            return true;
        case kPush:
            stack.push_back(global);
            return true;
        case kPop:
            if (!stack.empty()) {
                global = stack.back();
                stack.pop_back();
            }
            return true;
        default:
            return false;
        }
    }

    void item(uint8_t item, const Datum & datum) {
        if (globalItem(item, datum)) {
            return;
        }
        switch (item) {
        case kUsage:
            usages.push_back(usageOf(datum));
            return;
        case kUsageMin:
            first = usageOf(datum);
            return;
        case kUsageMax:
            usageRange(datum);
            return;
        case kInput:
            main(kIOHIDElementTypeInput_Misc, datum.value);
            break;
        case kOutput:
            main(kIOHIDElementTypeOutput, datum.value);
            break;
        case kFeature:
            main(kIOHIDElementTypeFeature, datum.value);
            break;
        case kCollection:
            collection(datum);
            break;
        case kEndCollection:
            if (!open.empty()) {
                open.pop_back();
            }
            break;
        default:
            return;
        }
        usages.clear(); // local items end at each main item
        first = {};
    }
};

Datum readDatum(std::span<const uint8_t> bytes) {
    Datum datum;
    datum.size = static_cast<unsigned>(bytes.size());
    for (size_t i = 0; i < bytes.size(); ++i) {
        datum.value |= static_cast<uint32_t>(bytes[i]) << (8 * i);
    }
    const unsigned unused = bytes.empty() ? 0 : 32 - 8 * datum.size;
    datum.number = static_cast<int32_t>(datum.value << unused) >> unused;
    return datum;
}

} // namespace

std::vector<HidField> readHidFields(std::span<const uint8_t> descriptor) {
    Reading reading;
    for (size_t at = 0; at < descriptor.size();) {
        constexpr uint8_t kLong = 0xfe;
        const uint8_t prefix = descriptor[at];
        if (prefix == kLong && at + 1 < descriptor.size()) {
            at += 3u + descriptor[at + 1];
            continue;
        }
        const size_t size = (prefix & 3) == 3 ? 4 : prefix & 3;
        if (at + 1 + size > descriptor.size()) {
            break;
        }
        reading.item(prefix & 0xfc, readDatum(descriptor.subspan(at + 1, size)));
        at += 1 + size;
    }
    std::vector<HidField> all = std::move(reading.collections);
    std::copy(reading.fields.begin(), reading.fields.end(), std::back_inserter(all));
    return all;
}

} // namespace dextsim
