// The registry's half of HID devices: a device, its interface, and what their properties say.
#include "hid_reports.h"
#include "kernel.h"
#include "services.h"

namespace dextsim {

namespace {

constexpr const char * kTransportEntitlement = "com.apple.developer.driverkit.transport.hid";

Value publishedFacts(const HidFacts & facts, std::span<const uint8_t> descriptor) {
    Value::Array pairs;
    for (const HidFacts::Usage & each : facts.usages) {
        pairs.push_back(Value::dictionary({{"DeviceUsagePage", Value::number(each.page, 32)},
                                           {"DeviceUsage", Value::number(each.usage, 32)}}));
    }
    return Value::dictionary(
        {{"ReportDescriptor", Value::data({descriptor.begin(), descriptor.end()})},
         {"DeviceUsagePairs", Value::array(std::move(pairs))},
         {"PrimaryUsagePage", Value::number(facts.usages.front().page, 32)},
         {"PrimaryUsage", Value::number(facts.usages.front().usage, 32)},
         {"MaxInputReportSize", Value::number(facts.reportSize[0], 32)},
         {"MaxOutputReportSize", Value::number(facts.reportSize[1], 32)},
         {"MaxFeatureReportSize", Value::number(facts.reportSize[2], 32)}});
}

} // namespace

void mergeProperties(Value & into, const Value & from) {
    for (const auto & [key, value] : from.entries()) {
        into.put(key, value);
    }
}

void mergeFacts(Value & properties, const HidFacts & facts, std::span<const uint8_t> descriptor) {
    mergeProperties(properties, publishedFacts(facts, descriptor));
}

// The device is known from here on; its interface comes with it.
void publishHid(Kernel & kernel, HidDevice device, const HidFacts & facts) {
    Entry & entry = *kernel.registry.find(device.id);
    Value properties = entry.properties;
    for (const char * key : {"IOClass", "IOUserClass", "IOUserServerName", "IOProviderClass"}) {
        properties.entries().erase(key);
    }
    properties.put("IOServiceDEXTEntitlements",
                   Value::array({Value::string(kTransportEntitlement)}));
    Entry & interface =
        kernel.registry.add(device.id, "IOHIDInterface", "IOHIDInterface", std::move(properties));
    device.interface = interface.id;
    device.usesIds = facts.usesIds;
    uint64_t id = device.id;
    uint64_t below = interface.id;
    kernel.families.hid.devices[id] = device;
    kernel.loop.later([&kernel, id, below] {
        registerEntry(kernel, id);
        registerEntry(kernel, below);
    });
}

} // namespace dextsim
