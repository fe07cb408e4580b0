// Reads of a HID report descriptor what the system publishes: usages, ids, sizes of reports.
#include "hid.h"

#include <algorithm>
#include <map>

namespace dextsim {

namespace {

// Items without their size bits.
enum Item : uint8_t {
    kInput = 0x80,
    kOutput = 0x90,
    kFeature = 0xb0,
    kCollection = 0xa0,
    kEndCollection = 0xc0,
    kUsagePage = 0x04,
    kReportSize = 0x74,
    kReportId = 0x84,
    kReportCount = 0x94,
    kPush = 0xa4,
    kPop = 0xb4,
    kUsage = 0x08,
};

struct Global {
    uint32_t page = 0;
    uint32_t size = 0;
    uint32_t count = 0;
    uint32_t id = 0;
};

struct Reading {
    HidFacts & facts;
    Global global;
    std::vector<Global> stack;
    uint32_t usage = 0;
    unsigned usageBytes = 0; // four: the usage has its page with it
    unsigned depth = 0;
    std::map<uint32_t, uint64_t> bits[3]; // by report id

    void collection() {
        if (depth++ == 0) {
            uint32_t page = usageBytes == 4 ? usage >> 16 : global.page;
            facts.usages.push_back({page, usage & 0xffff});
        }
    }

    void main(unsigned kind) { bits[kind][global.id] += uint64_t(global.size) * global.count; }

    std::string item(uint8_t item, uint32_t value, unsigned size) {
        switch (item) {
        case kInput:
            main(0);
            break;
        case kOutput:
            main(1);
            break;
        case kFeature:
            main(2);
            break;
        case kCollection:
            collection();
            break;
        case kEndCollection:
            if (depth == 0) {
                return "an End Collection without its Collection";
            }
            --depth;
            break;
        case kUsagePage:
            global.page = value;
            return "";
        case kReportSize:
            global.size = value;
            return "";
        case kReportCount:
            global.count = value;
            return "";
        case kReportId:
            global.id = value;
            facts.usesIds = true;
            return value == 0 ? "Report ID 0 is reserved" : "";
        case kPush:
            stack.push_back(global);
            return "";
        case kPop:
            if (stack.empty()) {
                return "a Pop without its Push";
            }
            global = stack.back();
            stack.pop_back();
            return "";
        case kUsage:
            if (usageBytes == 0) {
                usage = value;
                usageBytes = size;
            }
            return "";
        default:
            return "";
        }
        usageBytes = usage = 0; // local items end at each main item
        return "";
    }
};

} // namespace

std::string readHidDescriptor(std::span<const uint8_t> descriptor, HidFacts & facts) {
    Reading reading{facts, {}, {}, 0, 0, 0, {}};
    for (size_t at = 0; at < descriptor.size();) {
        constexpr uint8_t kLong = 0xfe;
        uint8_t prefix = descriptor[at];
        if (prefix == kLong && at + 1 < descriptor.size()) {
            at += 3u + descriptor[at + 1];
            continue;
        }
        unsigned size = (prefix & 3) == 3 ? 4 : prefix & 3;
        if (at + 1 + size > descriptor.size()) {
            return "the last item is cut off";
        }
        uint32_t value = 0;
        for (unsigned i = 0; i < size; ++i) {
            value |= static_cast<uint32_t>(descriptor[at + 1 + i]) << (8 * i);
        }
        std::string error = reading.item(prefix & 0xfc, value, size);
        if (!error.empty()) {
            return error;
        }
        at += 1 + size;
    }
    if (reading.depth != 0) {
        return "a Collection does not end";
    }
    if (facts.usages.empty()) {
        return "it has no Collection";
    }
    for (unsigned kind = 0; kind < 3; ++kind) {
        for (const auto & [id, bits] : reading.bits[kind]) {
            uint32_t bytes = static_cast<uint32_t>((bits + 7) / 8) + (id != 0 ? 1 : 0);
            facts.reportSize[kind] = std::max(facts.reportSize[kind], bytes);
        }
    }
    return "";
}

} // namespace dextsim
