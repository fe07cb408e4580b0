// See usb_descriptors.h.
#include "usb_descriptors.h"

namespace dextsim {

namespace {

enum DescriptorType : uint8_t { kDevice = 1, kConfiguration = 2, kInterface = 4, kEndpoint = 5 };
constexpr size_t kDeviceLength = 18;
constexpr size_t kConfigurationLength = 9;
constexpr size_t kInterfaceLength = 9;
constexpr size_t kEndpointLength = 7;

uint16_t wordAt(const uint8_t * bytes) {
    return static_cast<uint16_t>(bytes[0] | bytes[1] << 8);
}

void appendUtf8(std::string & text, uint16_t unit) {
    auto put = [&](int byte) { text += static_cast<char>(byte); };
    if (unit < 0x80) {
        put(unit);
    } else if (unit < 0x800) {
        put(0xC0 | unit >> 6);
        put(0x80 | (unit & 0x3F));
    } else {
        put(0xE0 | unit >> 12);
        put(0x80 | (unit >> 6 & 0x3F));
        put(0x80 | (unit & 0x3F));
    }
}

} // namespace

std::string DeviceDescriptors::text(uint8_t index) const {
    auto found = strings.find(index);
    std::string text;
    if (index == 0 || found == strings.end()) {
        return text;
    }
    const Bytes & bytes = found->second;
    for (size_t at = 2; at + 1 < bytes.size(); at += 2) {
        appendUtf8(text, wordAt(bytes.data() + at));
    }
    return text;
}

const Bytes * DeviceDescriptors::configuration(uint8_t value) const {
    for (const Bytes & bytes : configurations) {
        if (bytes.size() > 5 && bytes[5] == value) {
            return &bytes;
        }
    }
    return nullptr;
}

bool parseConfiguration(const Bytes & bytes, ConfigurationDescriptor & configuration,
                        std::string & error) {
    if (bytes.size() < kConfigurationLength || bytes[1] != kConfiguration) {
        error = "the configuration descriptor does not begin with one";
        return false;
    }
    if (wordAt(bytes.data() + 2) != bytes.size()) {
        error = "wTotalLength is " + std::to_string(wordAt(bytes.data() + 2)) +
                " but the configuration has " + std::to_string(bytes.size()) + " bytes";
        return false;
    }
    configuration.value = bytes[5];
    for (size_t at = bytes[0]; at < bytes.size(); at += bytes[at]) {
        const uint8_t * item = bytes.data() + at;
        size_t length = bytes[at];
        if (length < 2 || at + length > bytes.size()) {
            error = "the descriptor at byte " + std::to_string(at) + " has a bad length";
            return false;
        }
        if (item[1] == kInterface && length >= kInterfaceLength) {
            configuration.interfaces.push_back(
                {item[2], item[3], item[5], item[6], item[7], item[8], {}});
        } else if (item[1] == kEndpoint && length >= kEndpointLength) {
            if (configuration.interfaces.empty()) {
                error = "an endpoint before the first interface";
                return false;
            }
            configuration.interfaces.back().endpoints.push_back(
                {item[2], item[3], static_cast<uint16_t>(wordAt(item + 4) & 0x7ff), item[6]});
        }
    }
    return true;
}

std::string checkDescriptors(const DeviceDescriptors & descriptors) {
    if (descriptors.device.size() != kDeviceLength || descriptors.device[1] != kDevice) {
        return "the device descriptor must be 18 bytes of type 1";
    }
    if (descriptors.configurations.empty()) {
        return "a device needs at least one configuration";
    }
    std::string error;
    for (const Bytes & bytes : descriptors.configurations) {
        ConfigurationDescriptor configuration;
        if (!parseConfiguration(bytes, configuration, error)) {
            return error;
        }
    }
    return "";
}

} // namespace dextsim
